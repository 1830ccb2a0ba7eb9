import { each, invalidValue, isSubdomain, required, type FieldError } from '../../api/index.ts'

const segment = "[A-Za-z0-9\\/\\-\\._~%!$&'()*+,;=:]+"
const segmentPattern = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/

/** What keeps a text from being a name under somebody's domain: `acme.io/foo`. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go IsDomainPrefixedPath
export function domainPathErrors(path: string, text: string): readonly FieldError[] {
  if (text === '') return [required(path)]
  const slash = text.indexOf('/')
  if (slash <= 0 || slash === text.length - 1)
    return [invalidValue(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  const domain = text.slice(0, slash)
  const errors = [...each(path, domain, isSubdomain(domain))]
  const rest = text.slice(slash + 1)
  if (!segmentPattern.test(rest))
    errors.push(invalidValue(path, rest, `Invalid path (e.g. 'foo', regex used for validation is '${segment}')`))
  return errors
}
