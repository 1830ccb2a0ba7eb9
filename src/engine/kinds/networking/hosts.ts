import { each, invalidValue, isSubdomain, required, type FieldError } from '../../api/index.ts'

const wildcard = /^\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const wildcardText =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case " +
  "alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation " +
  "is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

/** What keeps a text from being the name of a host, or of all hosts right below one (`*.example.com`). */
// upstream: apimachinery/pkg/util/validation/validation.go IsWildcardDNS1123Subdomain
export function isHostOrWildcard(host: string): readonly string[] {
  if (!host.includes('*')) return isSubdomain(host)
  const long = host.length > 253 ? ['must be no more than 253 characters'] : []
  return wildcard.test(host) ? long : [...long, wildcardText]
}

const urlPath = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/

/** What is wrong with `example.com/some/path`, as controllers and signers call themselves. */
// upstream: IsDomainPrefixedPath there
export function domainPathErrors(path: string, text: string): readonly FieldError[] {
  if (text === '') return [required(path)]
  const slash = text.indexOf('/')
  if (slash <= 0 || slash === text.length - 1)
    return [invalidValue(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')]
  const host = text.slice(0, slash)
  const rest = text.slice(slash + 1)
  const errors = [...each(path, host, isSubdomain(host))]
  if (!urlPath.test(rest))
    errors.push(
      invalidValue(path, rest, "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"),
    )
  return errors
}
