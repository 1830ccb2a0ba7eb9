import { duplicate, each, invalidValue, isQualifiedName, type FieldError } from '../../api/index.ts'
import { setErrors } from './lists.ts'

type Names = readonly string[]

const conditionsMax = 4

/** What is wrong with the conditions that a device waits for before a pod is bound. */
// upstream: pkg/apis/resource/validation/validation.go validateDeviceBindingParameters
export function bindingErrors(errors: FieldError[], path: string, wanted?: Names, fatal?: Names): void {
  const check = (at: string, name: string): unknown => errors.push(...each(at, name, isQualifiedName(name)))
  const wantedAt = `${path}.bindingConditions`
  const fatalAt = `${path}.bindingFailureConditions`
  setErrors(errors, wantedAt, wanted, conditionsMax, check)
  setErrors(errors, fatalAt, fatal, conditionsMax, check)
  wanted?.forEach((name, index) => {
    if (wanted.indexOf(name) < index) errors.push(duplicate(`${wantedAt}[${index}]`, name))
  })
  fatal?.forEach((name, index) => {
    const at = `${fatalAt}[${index}]`
    if (fatal.indexOf(name) < index) errors.push(duplicate(at, name))
    if (wanted?.includes(name))
      errors.push(invalidValue(at, name, 'bindingFailureConditions must not overlap with bindingConditions'))
  })
  if (!wanted?.length && fatal?.length)
    errors.push(
      invalidValue(wantedAt, wanted ?? null, 'bindingConditions are required to use bindingFailureConditions'),
    )
  if (!fatal?.length && wanted?.length)
    errors.push(invalidValue(fatalAt, fatal ?? null, 'bindingFailureConditions are required to use bindingConditions'))
}
