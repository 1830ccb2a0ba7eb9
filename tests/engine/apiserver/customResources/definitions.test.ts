import { expect, test } from 'vitest'
import type { CustomResourceDefinition } from '../../../../src/engine/api/index.ts'
import { formatFieldError } from '../../../../src/engine/api/index.ts'
import { schemaAt } from '../../../../src/engine/kinds/apiextensions/definition/fieldPath.ts'
import { hasFormat, isKnownFormat } from '../../../../src/engine/kinds/apiextensions/values/formats.ts'
import { prune } from '../../../../src/engine/kinds/apiextensions/values/prune.ts'
import { customResourceDefinition } from '../../../../src/engine/kinds/apiextensions/customResourceDefinition.ts'

/** What is wrong with a definition whose version has such a schema, or is otherwise like that. */
function errorsOf(properties: object, more: object = {}, version: object = {}): readonly string[] {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'boats.harbour.example' },
    spec: {
      group: 'harbour.example',
      scope: 'Namespaced',
      names: { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'BoatList' },
      conversion: { strategy: 'None' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties } },
          ...version,
        },
      ],
      ...more,
    },
    status: { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] },
  }
  return customResourceDefinition.validate!(definition as unknown as CustomResourceDefinition).map(formatFieldError)
}

const root = 'spec.validation.openAPIV3Schema'
const rule = (text: string, more = ''): string =>
  `{"Rule":${JSON.stringify(text)},"Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}${more}`

test.each<[string, object, string | readonly string[]]>([
  ['no type', { a: {} }, `${root}.properties[a].type: Required value: must not be empty for specified object fields`],
  [
    'a map without map keys',
    { a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } },
    `${root}.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
  ],
  [
    'a key that may be missing',
    {
      a: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['k'],
        items: { type: 'object', properties: { k: { type: 'string' } } },
      },
    },
    `${root}.properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
  ],
  [
    'properties and additional ones',
    { a: { type: 'object', properties: { b: { type: 'string' } }, additionalProperties: { type: 'string' } } },
    `${root}.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
  ],
  [
    'a type in a combination',
    { a: { type: 'string', anyOf: [{ type: 'string' }] } },
    `${root}.properties[a].anyOf[0].type: Forbidden: must be empty to be structural`,
  ],
  [
    'more that belongs to the skeleton, in the order of the texts',
    {
      a: {
        type: 'array',
        items: { type: 'string', pattern: '[' },
        not: { 'x-kubernetes-list-type': 'set', 'x-kubernetes-validations': [{ rule: 'true' }], nullable: true },
      },
    },
    [
      `${root}.properties[a].items.pattern: Invalid value: "[": must be a valid regular expression, but isn't: error parsing regexp: missing closing ]: \`[\``,
      `${root}.properties[a].not.nullable: Forbidden: must be false to be structural`,
      `${root}.properties[a].not.x-kubernetes-list-type: Forbidden: must be undefined to be structural`,
      `${root}.properties[a].not.x-kubernetes-validations: Forbidden: must be empty to be structural`,
      `${root}.properties[a].not.type: Required value: must be array if x-kubernetes-list-type is specified`,
    ],
  ],
  [
    'a set of objects that are not taken as a whole',
    { a: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } } },
    `${root}.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set`,
  ],
  [
    'a type of list that is not known',
    { a: { type: 'array', 'x-kubernetes-list-type': 'odd', items: { type: 'string' } } },
    `${root}.properties[a].x-kubernetes-list-type: Unsupported value: "odd": supported values: "atomic", "set", "map"`,
  ],
  [
    'a default in metadata',
    { metadata: { type: 'object', default: {} } },
    `${root}.properties[metadata].default: Forbidden: must not be set in top-level metadata`,
  ],
  [
    'a described metadata',
    { metadata: { type: 'object', description: 'a' } },
    `${root}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
  ],
  [
    'a keyless word',
    { a: { type: 'string', $schema: 'a' } },
    `${root}: Invalid value: "": OpenAPIV3Schema 'schema' is not supported`,
  ],
  [
    'a default that is unknown',
    { a: { type: 'object', properties: { b: { type: 'string' } }, default: { c: 1 } } },
    `${root}.properties[a].default: Invalid value: {"c":1}: must not have unknown fields`,
  ],
  [
    'a rule that is no bool',
    { a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self + 1' }] } },
    `${root}.properties[a].x-kubernetes-validations[0].rule: Invalid value: ${rule('self + 1')}: cel expression must evaluate to a bool`,
  ],
  [
    'a rule on what was, in a list without keys',
    { a: { type: 'array', items: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] } } },
    `${root}.properties[a].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within ${root}.properties[a]`,
  ],
  [
    'the form of rules, whose CEL is not read then',
    {
      a: {
        type: 'object',
        'x-kubernetes-validations': [
          { rule: ' ' },
          { rule: 'true', message: ' ', fieldPath: '.b' },
          { rule: '1 +', message: 'a\nb' },
          { rule: 'true', reason: 'Odd' },
        ],
      },
    },
    [
      `${root}.properties[a].x-kubernetes-validations[0].rule: Required value: rule is not specified`,
      `${root}.properties[a].x-kubernetes-validations[1].message: Invalid value: " ": must be non-empty if specified`,
      `${root}.properties[a].x-kubernetes-validations[1].fieldPath: Invalid value: ".b": must be a valid path`,
      `${root}.properties[a].x-kubernetes-validations[2].message: Invalid value: "a\\nb": must not contain line breaks`,
      `${root}.properties[a].x-kubernetes-validations[3].reason: Unsupported value: "Odd": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"`,
    ],
  ],
  [
    'what was, where it is not used',
    { a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 1', optionalOldSelf: true }] } },
    `${root}.properties[a].x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`,
  ],
])('%s is refused', (_, properties, text) => {
  expect(errorsOf(properties)).toEqual(typeof text === 'string' ? [text] : text)
})

const withSchema = (schema: object, more: object = {}): object => ({ schema: { openAPIV3Schema: schema }, ...more })

test.each<[string, object, string]>([
  [
    'a property of a combination alone',
    { type: 'object', anyOf: [{ properties: { b: {} } }] },
    `${root}.properties[b]: Required value: because it is defined in ${root}.anyOf[0].properties[b]`,
  ],
  [
    'any fields',
    { type: 'object', additionalProperties: { type: 'string' } },
    `${root}.additionalProperties: Forbidden: must not be used at the root`,
  ],
])('%s at the root is refused', (_, schema, text) => expect(errorsOf({}, {}, withSchema(schema))).toEqual([text]))

test('words that every object of JavaScript has are names like any other', () => {
  const combined = { type: 'object', anyOf: [{ properties: { constructor: {} } }] }
  expect(errorsOf({}, {}, withSchema(combined))).toEqual([
    `${root}.properties[constructor]: Required value: because it is defined in ${root}.anyOf[0].properties[constructor]`,
  ])
  expect(schemaAt({ type: 'object', properties: {} }, '.constructor')).toBe('does not refer to a valid field')
  expect(isKnownFormat('x', 'constructor')).toBe(false)
  expect(hasFormat('__defineGetter__', 'x')).toBe(true)
  const unknown: string[] = []
  expect(prune({ toString: 'x' }, { type: 'object', properties: {} }, false, unknown, '')).toEqual({})
  expect(unknown).toEqual(['toString'])
})

test('a root with a status is an object', () =>
  expect(errorsOf({}, {}, withSchema({ type: 'string' }, { subresources: { status: {} } }))[0]).toBe(
    `${root}.type: Invalid value: "string": only "object" is allowed as the type at the root of the schema if the status subresource is enabled`,
  ))

test('formats that nobody looks at are told of', () => {
  const spec = (...formats: string[]) => ({
    versions: [
      withSchema({
        type: 'object',
        properties: Object.fromEntries(formats.map((format, at) => [`p${at}`, { type: 'string', format }])),
      }),
    ],
  })
  const warn = customResourceDefinition.warnings!
  const of = (...formats: string[]) => ({ spec: spec(...formats) }) as unknown as CustomResourceDefinition
  expect(warn(of('odd', 'date-time', 'uuid', 'int32'), undefined)).toEqual([
    'unrecognized format "odd"',
    'unrecognized format "int32"',
  ])
  expect(warn(of('odd', 'new'), of('odd'))).toEqual(['unrecognized format "new"'])
})

test.each<[string, object, object, string]>([
  [
    'a group without a dot',
    { group: 'boats' },
    {},
    'spec.group: Invalid value: "boats": should be a domain with at least one dot',
  ],
  [
    'kind and list of one name',
    { names: { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'Boat' } },
    {},
    'spec.names.listKind: Invalid value: "Boat": kind and listKind may not be the same',
  ],
  [
    'a webhook without a client',
    { conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'] } } },
    {},
    'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
  ],
  [
    'a webhook over an open line',
    {
      conversion: {
        strategy: 'Webhook',
        webhook: { clientConfig: { url: 'http://a' }, conversionReviewVersions: ['v1'] },
      },
    },
    {},
    `spec.conversion.webhookClientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
  ],
  [
    'a version of reviews told twice',
    { conversion: { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1', 'v1'] } } },
    {},
    'spec.conversion.conversionReviewVersions[1]: Invalid value: "v1": duplicate version',
  ],
  [
    'a strategy that is not known, with a webhook',
    { conversion: { strategy: 'Odd', webhook: { conversionReviewVersions: ['v1'] } } },
    {},
    'spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook',
  ],
  [
    'a long word of farewell',
    {},
    { deprecated: true, deprecationWarning: 'a'.repeat(257) },
    `spec.versions[0].deprecationWarning: Invalid value: "${'a'.repeat(257)}": must be <= 256 characters long`,
  ],
  [
    'a farewell in two lines',
    {},
    { deprecated: true, deprecationWarning: 'é\n' },
    'spec.versions[0].deprecationWarning: Invalid value: "é\\n": must only contain printable UTF-8 characters; non-printable character found at index 2',
  ],
  [
    'unknown fields for all',
    { preserveUnknownFields: true },
    {},
    'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
  ],
  [
    'a field in brackets',
    {},
    { selectableFields: [{ jsonPath: ".spec['x']" }] },
    `spec.selectableFields[0].jsonPath: Invalid value: ".spec['x']": is an invalid path: array notation is not allowed`,
  ],
  [
    'a whole object as a field',
    {},
    { selectableFields: [{ jsonPath: '.spec' }] },
    'spec.selectableFields[0].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
  ],
  [
    'copies that stand elsewhere',
    {},
    { subresources: { scale: { specReplicasPath: '.status.a', statusReplicasPath: '.status.a' } } },
    'spec.subresources.scale.specReplicasPath: Invalid value: ".status.a": should be a json path under .spec',
  ],
  [
    'a field that is not there',
    {},
    { selectableFields: [{ jsonPath: '.spec.x' }] },
    'spec.selectableFields[0].jsonPath: Invalid value: ".spec.x": is an invalid path: does not refer to a valid field',
  ],
])('%s is refused', (_, more, version, text) => {
  expect(errorsOf({ spec: { type: 'object' } }, more, version)).toContain(text)
})

const refusal = (text: string, detail: string, at: string): string =>
  `${root}.properties[a].x-kubernetes-validations[0].rule: Invalid value: ${rule(text)}: compilation failed: ERROR: <input>:1:${at.length}: ${detail}\n | ${text}\n | ${at}`

test.each<[string, object, string | undefined]>([
  [
    'a rule must be known to be true or false',
    { type: 'object', properties: { b: { 'x-kubernetes-int-or-string': true } }, ...ruled('self.b') },
    `${root}.properties[a].x-kubernetes-validations[0].rule: Invalid value: ${rule('self.b')}: cel expression must evaluate to a bool`,
  ],
  [
    'a rule stands where the type is known',
    { 'x-kubernetes-preserve-unknown-fields': true, ...ruled('true') },
    `${root}.properties[a].x-kubernetes-validations: Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations`,
  ],
  [
    'fields of an unknown type are none to a rule',
    {
      type: 'object',
      properties: { b: { 'x-kubernetes-preserve-unknown-fields': true } },
      ...ruled('self.b == 1'),
    },
    refusal('self.b == 1', "undefined field 'b'", '....^'),
  ],
  [
    'what an object lacks is told at the question for it',
    { type: 'object', properties: { b: { type: 'string' } }, ...ruled('has(self.c)') },
    refusal('has(self.c)', "undefined field 'c'", '...^'),
  ],
  [
    'two objects of different shapes are not compared',
    {
      type: 'object',
      properties: { b: { type: 'object', properties: {} }, c: { type: 'object', properties: {} } },
      ...ruled('self.b == self.c'),
    },
    refusal('self.b == self.c', "found no matching overload for '_==_' applied to '(object, object)'", '.......^'),
  ],
  [
    'a default is asked by its rules as one that is new, too',
    { type: 'integer', default: 1, ...ruled('!oldSelf.hasValue() ? false : true', { optionalOldSelf: true }) },
    `${root}.properties[a].default: Invalid value: 1: failed rule: !oldSelf.hasValue() ? false : true`,
  ],
])('%s', (_, a, text) => {
  expect(errorsOf({ a })).toEqual(text === undefined ? [] : [text])
})

function ruled(text: string, more: object = {}): object {
  return { 'x-kubernetes-validations': [{ rule: text, ...more }] }
}

test('a column has no format called name', () => {
  const additionalPrinterColumns = [{ name: 'A', type: 'string', jsonPath: '.a', format: 'name' }]
  expect(errorsOf({}, {}, { additionalPrinterColumns })).toEqual([
    'spec.additionalPrinterColumns[0].format: Invalid value: "name": must be one of byte,date,date-time,double,float,int32,int64,password',
  ])
})

test('a format that versions have in common is warned of once', () => {
  const schema = { openAPIV3Schema: { type: 'object', properties: { a: { type: 'string', format: 'odd' } } } }
  const versions = [
    { name: 'v1', schema },
    { name: 'v2', schema: structuredClone(schema) },
  ]
  const definition = { spec: { versions } } as unknown as CustomResourceDefinition
  expect(customResourceDefinition.warnings!(definition, undefined)).toEqual(['unrecognized format "odd"'])
})
