import { invalidValue, isLabel, isSubdomain, quote, required, tooLong, type FieldError } from '../../api/index.ts'

const domainMax = 253
const nameMax = 571

/** What is wrong with `example.com/signer`. */
// upstream: pkg/apis/core/validation/names.go ValidateSignerName
export function signerNameErrors(path: string, name = ''): readonly FieldError[] {
  if (name === '') return [required(path)]
  const [domain = '', rest = '', ...more] = name.split('/')
  if (more.length > 0 || !name.includes('/'))
    return [invalidValue(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
  const errors: FieldError[] = []
  if (domain.length > domainMax) errors.push(tooLong(path, domainMax))
  errors.push(...firstBad(path, domain, isLabel))
  if (!domain.includes('.'))
    errors.push(invalidValue(path, domain, 'should be a domain with at least two segments separated by dots'))
  errors.push(...firstBad(path, rest, isSubdomain))
  if (name.length > nameMax) errors.push(tooLong(path, nameMax))
  return errors
}

function firstBad(path: string, text: string, check: (part: string) => readonly string[]): readonly FieldError[] {
  for (const part of text.split('.')) {
    const bad = check(part)
    if (bad.length > 0) return bad.map((one) => invalidValue(path, text, `validating label ${quote(part)}: ${one}`))
  }
  return []
}
