import type { FieldError } from './errors.ts'

// upstream: apimachinery/pkg/util/validation/field/errors.go, one function per constructor there

/** The field must be there and is not. */
export const required = (field: string, detail = ''): FieldError => ({ type: 'FieldValueRequired', field, detail })

/** The value breaks a rule. */
export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  value: value ?? null,
  detail,
})

/** A word whose type has a name in Go: refusals print it as JSON, which spells `<`, `>` and `&` otherwise. */
export const named = (word: string): unknown => (/[<>&]/.test(word) ? Object(word) : word)

/** The field may not be set here. */
export const notAllowed = (field: string, detail: string): FieldError => ({
  type: 'FieldValueForbidden',
  field,
  detail,
})

/** The value is none of the known ones; they are told in the order given. */
export const unsupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  value: value ?? '',
  detail: `supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`,
})

/** The value stands there twice. */
export const duplicate = (field: string, value: unknown, detail = ''): FieldError => ({
  type: 'FieldValueDuplicate',
  field,
  value,
  detail,
})

/** The value refers to something that is not there. */
export const missing = (field: string, value: unknown): FieldError => ({
  type: 'FieldValueNotFound',
  field,
  value,
  detail: '',
})

/** The text is longer than `max` bytes. */
export const tooLong = (field: string, max: number): FieldError => ({
  type: 'FieldValueTooLong',
  field,
  detail: `may not be more than ${max} ${max === 1 ? 'byte' : 'bytes'}`,
})

/** The list has more than `max` items. */
export const tooMany = (field: string, count: number, max: number): FieldError => ({
  type: 'FieldValueTooMany',
  field,
  value: count,
  detail: `must have at most ${max} ${max === 1 ? 'item' : 'items'}`,
})

/** One complaint per text of a rule in `content.ts`. */
export function each(field: string, value: unknown, texts: readonly string[]): readonly FieldError[] {
  return texts.length === 0 ? none : texts.map((text) => invalidValue(field, value, text))
}

const none: readonly FieldError[] = Object.freeze([])

/** A number that must not be negative; absent ones are fine. */
export function notNegative(field: string, value: number | undefined): readonly FieldError[] {
  return value !== undefined && value < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : none
}
