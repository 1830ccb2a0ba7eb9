import type { Schema, ValidationRule } from '../../kinds/apiextensions/schema.ts'

// upstream: sigs.k8s.io/gateway-api apis/v1/shared_types.go, object_reference_types.go: kinds of values that all its kinds share

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const path = "\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+"

/** The name of this API's group. */
export const groupName = 'gateway.networking.k8s.io'

/** What a host name with an optional star in front looks like. */
export const hostPattern = `^(\\*\\.)?${subdomain}$`

/** A text between two lengths. */
export const text = (minLength: number, maxLength: number, pattern?: string): Schema => ({
  maxLength,
  ...(minLength > 0 && { minLength }),
  ...(pattern !== undefined && { pattern }),
  type: 'string',
})

/** One of some words. */
export const oneOf = (...words: readonly string[]): Schema => ({ enum: words, type: 'string' })

/** A field of an object that has a default. */
export const withDefault = (value: unknown, schema: Schema): Schema => ({ default: value, ...schema })

/** A schema whose values keep rules in CEL: its message, then the rule. */
export const withRules = (schema: Schema, ...rules: readonly (readonly [message: string, rule: string])[]): Schema => ({
  ...schema,
  'x-kubernetes-validations': rules.map(([message, rule]): ValidationRule => ({ message, rule })),
})

/** An object of these fields. */
export const object = (properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema => ({
  properties,
  ...(required.length > 0 && { required }),
  type: 'object',
})

/** A list that is replaced as a whole. */
export const list = (items: Schema, maxItems?: number, minItems = 0): Schema => ({
  items,
  ...(maxItems !== undefined && { maxItems }),
  ...(minItems > 0 && { minItems }),
  type: 'array',
  'x-kubernetes-list-type': 'atomic',
})

/** A list of values that differ. */
export const setOf = (items: Schema, maxItems: number): Schema => ({
  ...list(items, maxItems),
  'x-kubernetes-list-type': 'set',
})

/** A list of objects told apart by one field. */
export const listBy = (key: string, items: Schema, maxItems: number, minItems = 0): Schema => ({
  ...list(items, maxItems, minItems),
  'x-kubernetes-list-map-keys': [key],
  'x-kubernetes-list-type': 'map',
})

/** A whole number. */
export const integer = (minimum?: number, maximum?: number): Schema => ({
  format: 'int32',
  ...(maximum !== undefined && { maximum }),
  ...(minimum !== undefined && { minimum }),
  type: 'integer',
})

export const group = text(0, 253, `^$|^${subdomain}$`)
export const kind = text(1, 63, '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$')
export const name = text(1, 253)
export const namespace = text(1, 63, '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')
export const port = integer(1, 65535)
export const sectionName = text(1, 253, `^${subdomain}$`)
export const hostname = text(1, 253, hostPattern)
export const preciseHostname = text(1, 253, `^${subdomain}$`)
export const controllerName = text(1, 253, `^${subdomain}${path}$`)
export const headerName = text(1, 256, "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$")
export const labelValue: Schema = {
  maxLength: 63,
  minLength: 0,
  pattern: '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$',
  type: 'string',
}
export const annotationValue: Schema = { maxLength: 4096, minLength: 0, type: 'string' }
export const protocol = text(1, 255, `^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${subdomain}\\/[A-Za-z0-9]+$`)
export const addressType = text(1, 253, `^Hostname|IPAddress|NamedAddress|${subdomain}${path}$`)

/** What selects namespaces by their labels. */
export const labelSelector: Schema = {
  ...object({
    matchExpressions: list(
      object(
        { key: { type: 'string' }, operator: { type: 'string' }, values: list({ type: 'string' }) },
        'key',
        'operator',
      ),
    ),
    matchLabels: { additionalProperties: { type: 'string' }, type: 'object' },
  }),
  'x-kubernetes-map-type': 'atomic',
}

/** A Secret, unless another kind is named. */
export const secretReference = object(
  { group: withDefault('', group), kind: withDefault('Secret', kind), name, namespace },
  'name',
)

/** A parent of a route: a Gateway, unless another kind is named. */
export const parentReference = object(
  { group: withDefault(groupName, group), kind: withDefault('Gateway', kind), name, namespace, port, sectionName },
  'name',
)

const condition = object(
  {
    lastTransitionTime: { format: 'date-time', type: 'string' },
    message: { maxLength: 32768, type: 'string' },
    observedGeneration: { format: 'int64', minimum: 0, type: 'integer' },
    reason: text(1, 1024, '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$'),
    status: oneOf('True', 'False', 'Unknown'),
    type: text(0, 316, `^(${subdomain}/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`),
  },
  'lastTransitionTime',
  'message',
  'reason',
  'status',
  'type',
)

/** Conditions by their type. */
export const conditions = (minItems = 0): Schema => listBy('type', condition, 8, minItems)

/** What stands in a status before a controller has looked. */
export const waiting = (...types: readonly string[]): readonly object[] =>
  types.map((type) => ({
    lastTransitionTime: '1970-01-01T00:00:00Z',
    message: 'Waiting for controller',
    reason: 'Pending',
    status: 'Unknown',
    type,
  }))

/** A status whose conditions are there from the start. */
export const waitingStatus = (types: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({
  default: { conditions: waiting(...types) },
  ...object({ conditions: withDefault(waiting(...types), conditions()), ...properties }),
})
