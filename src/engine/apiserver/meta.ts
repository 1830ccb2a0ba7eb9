import type { FieldError, KubeObject } from '../api/index.ts'
import type { Kind } from '../kinds/defineKind.ts'

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** What is wrong with an object's metadata. */
// upstream: staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go
export function validateMeta(kind: Kind, { metadata }: KubeObject): readonly FieldError[] {
  if (!metadata.name)
    return [{ type: 'FieldValueRequired', field: 'metadata.name', detail: 'name or generateName is required' }]
  const detail = (kind.validateName ?? isSubdomain)(metadata.name)
  return detail.map((text) => ({ type: 'FieldValueInvalid', field: 'metadata.name', value: metadata.name, detail: text }))
}

/** What keeps a name from being a DNS label. */
export function isLabel(name: string): readonly string[] {
  if (name.length > 63) return ['must be no more than 63 characters']
  if (label.test(name)) return []
  if (subdomain.test(name)) return ['must not contain dots']
  return [
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  ]
}

/** What keeps a name from being a DNS subdomain. */
export function isSubdomain(name: string): readonly string[] {
  if (name.length > 253) return ['must be no more than 253 characters']
  if (subdomain.test(name)) return []
  return [
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ]
}
