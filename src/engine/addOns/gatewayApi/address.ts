import type { Schema } from '../../kinds/apiextensions/schema.ts'
import { addressType, hostPattern, list, object, text, withDefault, withRules } from './fields.ts'

/** An address is an IP address where it says so, and anything else otherwise. */
const eitherWay: readonly Schema[] = [
  {
    properties: {
      type: { enum: ['IPAddress'] },
      value: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
    },
  },
  { properties: { type: { not: { enum: ['IPAddress'] } } } },
]

const type = withDefault('IPAddress', addressType)
const matchesHost = `self.value.matches(r"""${hostPattern}""")`

const unique = (type: string): readonly [string, string] => [
  `${type} values must be unique`,
  `self.all(a, a.type != '${type}' || !has(a.value) || self.exists_one(b, b.type == a.type && has(b.value) && b.value == a.value))`,
]

/** Addresses of a Gateway: those that it asks for, and those that it was given. */
export const address: { readonly wanted: Schema; readonly given: Schema } = {
  wanted: withRules(
    list(
      {
        oneOf: eitherWay,
        ...withRules(object({ type, value: text(0, 253) }), [
          `Hostname value must be empty or contain only valid characters (matching ${hostPattern})`,
          `self.type != 'Hostname' || !has(self.value) || ${matchesHost}`,
        ]),
      },
      16,
    ),
    unique('IPAddress'),
    unique('Hostname'),
  ),
  given: list(
    {
      oneOf: eitherWay,
      ...withRules(object({ type, value: text(1, 253) }, 'value'), [
        `Hostname value must only contain valid characters (matching ${hostPattern})`,
        `self.type != 'Hostname' || ${matchesHost}`,
      ]),
    },
    16,
  ),
}
