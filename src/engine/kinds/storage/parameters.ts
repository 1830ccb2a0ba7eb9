import { each, invalidValue, isQualifiedName, required, tooLong, type FieldError } from '../../api/index.ts'

type Texts = Readonly<Record<string, string>>

const countMax = 512
const bytesMax = 256 * 1024

/** What is wrong with what a driver is told. */
// upstream: pkg/apis/storage/validation/validation.go validateParameters
export function parameterErrors(parameters: Texts | undefined, mayBeEmpty: boolean): readonly FieldError[] {
  const entries = Object.entries(parameters ?? {})
  if (entries.length > countMax) return [tooLong('parameters', countMax)]
  const errors: FieldError[] = []
  let bytes = 0
  for (const [key, value] of entries) {
    if (key === '') errors.push(invalidValue('parameters', key, 'field can not be empty.'))
    bytes += key.length + value.length
  }
  if (bytes > bytesMax) errors.push(tooLong('parameters', bytesMax))
  if (!mayBeEmpty && entries.length === 0)
    errors.push(required('parameters', 'must contain at least one key/value pair'))
  return errors
}

/** What is wrong with the name of who makes volumes. */
// upstream: validateProvisioner there
export function provisionerErrors(path: string, name: string | undefined): readonly FieldError[] {
  if (!name) return [required(path)]
  const lower = name.toLowerCase()
  return each(path, lower, isQualifiedName(lower))
}
