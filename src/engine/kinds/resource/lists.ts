import {
  duplicate,
  each,
  invalidValue,
  isSubdomain,
  required,
  tooLong,
  tooMany,
  type FieldError,
} from '../../api/index.ts'
import { csiDriverErrors } from '../core/volume/sources.ts'

// upstream: pkg/apis/resource/validation/validation.go

/** Complains about a list's items, about too many of them, and about two with one key. */
export function setErrors<T>(
  errors: FieldError[],
  path: string,
  items: readonly T[] | undefined,
  max: number,
  check: (path: string, item: T) => void,
  key?: (item: T) => string,
): void {
  if (items === undefined) return
  if (items.length > max) return void errors.push(tooMany(path, items.length, max))
  items.forEach((item, index) => check(`${path}[${index}]`, item))
  if (key === undefined) return
  const seen = new Set<string>()
  items.forEach((item, index) => {
    const name = key(item)
    if (seen.has(name)) errors.push(duplicate(`${path}[${index}]`, name))
    seen.add(name)
  })
}

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/
const identifierText =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' " +
  "(e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')"

function identifierErrors(path: string, text: string): readonly FieldError[] {
  const long = text.length > 32 ? [tooLong(path, 32)] : []
  return identifier.test(text) ? long : [...long, invalidValue(path, text, identifierText)]
}

/** What is wrong with the name of an attribute: `model`, or `example.com/model`. */
export function attributeNameErrors(path: string, name: string): readonly FieldError[] {
  const parts = name.split('/')
  const [domain = '', own = ''] = parts
  if (parts.length === 1) return identifierErrors(path, domain)
  if (parts.length > 2) return [invalidValue(path, name, 'must not contain more than one slash')]
  return [
    ...(domain === '' ? [invalidValue(path, '', 'the domain must not be empty')] : csiDriverErrors(path, domain)),
    ...(own === '' ? [invalidValue(path, '', 'the name must not be empty')] : identifierErrors(path, own)),
  ]
}

/** The same, where it has to say whose attribute it is. */
export function fullAttributeNameErrors(path: string, name: string): readonly FieldError[] {
  const errors = attributeNameErrors(path, name)
  if (name.includes('/')) return errors
  const text = 'a fully qualified name must be a domain and a name separated by a slash'
  return [...errors, invalidValue(path, name, text)]
}

/** What is wrong with the name of a pool: DNS subdomains between slashes. */
export function poolNameErrors(path: string, name: string | undefined): readonly FieldError[] {
  if (!name) return [required(path)]
  const long = name.length > 253 ? [tooLong(path, 253)] : []
  return [...long, ...name.split('/').flatMap((part) => each(path, part, isSubdomain(part)))]
}

/** What is wrong with an object of somebody else's making, of a limited size. */
export function rawErrors(errors: FieldError[], path: string, value: unknown, bytesMax: number): void {
  if (value === undefined || value === null) errors.push(required(path))
  else if (JSON.stringify(value).length > bytesMax) errors.push(tooLong(path, bytesMax))
  else if (typeof value !== 'object' || Array.isArray(value))
    errors.push(invalidValue(path, '<value omitted>', 'must be a valid JSON object'))
}
