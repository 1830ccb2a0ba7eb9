import { expect, test } from 'vitest'
import type { CustomResourceDefinition } from '../../../../src/engine/api/index.ts'
import { formatFieldError } from '../../../../src/engine/api/index.ts'
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

test.each<[string, object, string]>([
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
    'a property of a combination alone',
    { a: { type: 'object', anyOf: [{ required: ['b'], properties: { b: {} } }] } },
    `${root}.properties[a].properties[b]: Required value: because it is defined in ${root}.properties[a].anyOf[0].properties[b]`,
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
])('%s is refused', (_, properties, text) => {
  expect(errorsOf(properties)).toEqual([text])
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
