import {
  base64Size,
  decodeBase64,
  each,
  encodeBase64,
  invalidValue,
  isConfigKey,
  jsonError,
  required,
  tooLong,
  type FieldError,
  type Secret,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { frozenErrors } from './configMap.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'

const bytesMax = 1024 * 1024

/** Keeps what only its readers should see. */
export const secret = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  defaults(draft) {
    draft.type ||= 'Opaque'
    const { stringData } = draft
    if (stringData === undefined) return
    const data = (draft.data ??= {})
    for (const key of Object.keys(stringData)) data[key] = encodeBase64(stringData[key]!)
    delete draft.stringData
  },
  prepareForUpdate(draft, old) {
    draft.type ||= old.type!
  },
  validate: secretErrors,
  validateUpdate: (next, old, meta) => [
    ...immutable('type', next.type, old.type),
    ...frozenErrors(next, old, ['data']),
    ...meta(),
    ...secretErrors(next),
  ],
  columns: [
    nameColumn,
    { name: 'Type', cell: ({ type }) => type },
    { name: 'Data', cell: ({ data }) => Object.keys(data ?? {}).length },
    ageColumn,
  ],
  selectableFields: { type: ({ type }) => type ?? '' },
})

/** What each type of Secret has to hold. */
const demands: Readonly<Record<string, (secret: Secret) => readonly FieldError[]>> = {
  'kubernetes.io/service-account-token': ({ metadata }) =>
    metadata.annotations?.['kubernetes.io/service-account.name']
      ? []
      : [required('metadata.annotations[kubernetes.io/service-account.name]')],
  'kubernetes.io/dockercfg': (one) => jsonKey(one, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (one) => jsonKey(one, '.dockerconfigjson'),
  'kubernetes.io/basic-auth': ({ data = {} }) =>
    'username' in data || 'password' in data ? [] : [required('data[username]'), required('data[password]')],
  'kubernetes.io/ssh-auth': ({ data = {} }) => (data['ssh-privatekey'] ? [] : [required('data[ssh-privatekey]')]),
  'kubernetes.io/tls': ({ data = {} }) =>
    ['tls.crt', 'tls.key'].filter((key) => !(key in data)).map((key) => required(`data[${key}]`)),
}

function jsonKey({ data = {} }: Secret, key: string): readonly FieldError[] {
  const value = data[key]
  if (value === undefined) return [required(`data[${key}]`)]
  const bad = jsonError(decodeBase64(value))
  return bad === undefined ? [] : [invalidValue(`data[${key}]`, '<secret contents redacted>', bad)]
}

// upstream: pkg/apis/core/validation/validation.go ValidateSecret
function secretErrors(one: Secret): readonly FieldError[] {
  const { data = {}, type = '' } = one
  const errors: FieldError[] = []
  let bytes = 0
  for (const key of Object.keys(data)) {
    errors.push(...each(`data[${key}]`, key, isConfigKey(key)))
    bytes += base64Size(data[key]!)
  }
  if (bytes > bytesMax) errors.push(tooLong('data', bytesMax))
  errors.push(...(demands[type]?.(one) ?? []))
  return errors
}
