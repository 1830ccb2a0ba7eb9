import {
  base64Size,
  each,
  invalidValue,
  isConfigKey,
  isEqual,
  notAllowed,
  tooLong,
  utf8Bytes,
  type ConfigMap,
  type FieldError,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'

const bytesMax = 1024 * 1024

/** Keeps settings apart from the images that read them. */
export const configMap = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  validate: dataErrors,
  validateUpdate: (next, old, meta) => [
    ...frozenErrors(next, old, ['data', 'binaryData']),
    ...meta(),
    ...dataErrors(next),
  ],
  columns: [nameColumn, { name: 'Data', cell: ({ data, binaryData }) => sizeOf(data) + sizeOf(binaryData) }, ageColumn],
})

const sizeOf = (map: object | undefined): number => (map === undefined ? 0 : Object.keys(map).length)

// upstream: pkg/apis/core/validation/validation.go ValidateConfigMap
function dataErrors({ data = {}, binaryData = {} }: ConfigMap): readonly FieldError[] {
  const errors: FieldError[] = []
  let bytes = 0
  for (const key of Object.keys(data)) {
    errors.push(...each(`data[${key}]`, key, isConfigKey(key)))
    if (Object.hasOwn(binaryData, key))
      errors.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    bytes += utf8Length(data[key]!)
  }
  for (const key of Object.keys(binaryData)) {
    errors.push(...each(`binaryData[${key}]`, key, isConfigKey(key)))
    bytes += base64Size(binaryData[key]!)
  }
  if (bytes > bytesMax) errors.push(tooLong('[]', bytesMax))
  return errors
}

function utf8Length(text: string): number {
  return text.length * 3 <= 4096 ? text.length : utf8Bytes(text).length
}

interface Freezable {
  readonly immutable?: boolean
}

/** What cannot change any more once `immutable` is set. */
export function frozenErrors<T extends Freezable>(
  next: T,
  old: T,
  fields: readonly (keyof T & string)[],
): readonly FieldError[] {
  if (old.immutable !== true) return []
  const text = 'field is immutable when `immutable` is set'
  const changed = fields.filter((field) => !isEqual(next[field] ?? {}, old[field] ?? {}))
  return [...(next.immutable === true ? [] : ['immutable']), ...changed].map((field) => notAllowed(field, text))
}
