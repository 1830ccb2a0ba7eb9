import { describe, expect, test } from 'vitest'
import { askerOf } from './asked.ts'

const group = 'admissionregistration.k8s.io/v1'
const rule = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }

describe('ValidatingAdmissionPolicy', () => {
  const { create, warnings } = askerOf(group, 'ValidatingAdmissionPolicy')
  const validations = [{ expression: 'true' }]
  const policy = (rest: object, more: object = {}) => ({
    spec: { matchConstraints: { resourceRules: [{ ...rule, ...more }] }, validations, ...rest },
  })

  test.each<[string, object, string]>([
    ['nothing to check', policy({ validations: [] }), 'validations or auditAnnotations must contain at least one item'],
    ['no requests', policy({ matchConstraints: {} }), 'spec.matchConstraints.resourceRules: Required value'],
    ['all and some', policy({}, { resources: ['*', 'pods'] }), "if '*' is present, must not specify other resources"],
    ['twice the same', policy({}, { resources: ['pods/*', 'pods/status'] }), "if 'pods/*' is present"],
    ['an unknown operation', policy({}, { operations: ['GET'] }), 'Unsupported value: "GET"'],
    ['a reserved word', policy({ variables: [{ name: 'in', expression: '1' }] }), 'not a valid CEL identifier'],
    ['lines', policy({ validations: [{ expression: 'true', message: 'a\nb' }] }), 'must not contain line breaks'],
    ['a long group', policy({ paramKind: { apiVersion: 'a/b/c', kind: 'D' } }), 'unexpected GroupVersion string'],
    ['a nameless condition', policy({ matchConditions: [{ expression: 'true' }] }), 'spec.matchConditions[0].name'],
  ])('%s', (_, rest, words) => expect(create(rest)).toContain(words))

  test('warns of names that belong to files', () => expect(warnings(policy({}), 'a.static.k8s.io')).toHaveLength(1))
})

test('bindings say what happens', () => {
  const { create } = askerOf(group, 'ValidatingAdmissionPolicyBinding')
  const spec = { policyName: 'a' }
  expect(create({ spec })).toBe('spec.validationActions: Required value: at least one validation action is required')
  expect(create({ spec: { ...spec, validationActions: ['Deny', 'Warn'] } })).toContain('must not contain both')
  const paramRef = { name: 'a', selector: {}, parameterNotFoundAction: 'Deny' }
  expect(create({ spec: { ...spec, validationActions: ['Deny'], paramRef } })).toContain('are mutually exclusive')
})

test('MutatingAdmissionPolicy: one patch of the type it names', () => {
  const { create } = askerOf(group, 'MutatingAdmissionPolicy')
  const spec = { matchConstraints: { resourceRules: [rule] }, reinvocationPolicy: 'Never' }
  expect(create({ spec })).toContain('mutations must contain at least one item')
  expect(create({ spec: { ...spec, mutations: [{ patchType: 'JSONPatch' }] } })).toBe(
    'spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch',
  )
  const gone = { matchConstraints: { resourceRules: [{ ...rule, operations: ['DELETE'] }] } }
  expect(create({ spec: { ...spec, ...gone } })).toContain(
    'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": ' +
      'supported values: "*", "CONNECT", "CREATE", "UPDATE"',
  )
})

describe('webhooks', () => {
  const { create, stored } = askerOf(group, 'ValidatingWebhookConfiguration')
  const webhook = (rest: object) => ({
    webhooks: [
      {
        name: 'a.example.com',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { namespace: 'a', name: 'b' } },
        ...rest,
      },
    ],
  })

  test.each<[string, object, string]>([
    ['fine', {}, ''],
    ['a short name', { name: 'a.b' }, 'at least three segments'],
    ['side effects', { sideEffects: 'Some' }, 'supported values: "None", "NoneOnDryRun"'],
    ['plain HTTP', { clientConfig: { url: 'http://a.b' } }, "'https' is the only allowed URL scheme"],
    ['two addresses', { clientConfig: { url: 'https://a', service: { namespace: 'a', name: 'b' } } }, 'exactly one of'],
    ['no patience', { timeoutSeconds: 31 }, 'between 1 and 30 seconds'],
    ['a version nobody speaks', { admissionReviewVersions: ['v2'] }, 'must include at least one of v1, v1beta1'],
    [
      'an odd path',
      { clientConfig: { service: { namespace: 'a', name: 'b', path: 'c//d' } } },
      "must start with a '/'",
    ],
  ])('%s', (_, rest, words) =>
    words === '' ? expect(create(webhook(rest))).toBe('') : expect(create(webhook(rest))).toContain(words),
  )

  test('are given a port and ten seconds', () =>
    expect(stored(webhook({}))['webhooks']).toMatchObject([
      { timeoutSeconds: 10, failurePolicy: 'Fail', clientConfig: { service: { port: 443 } } },
    ]))
})
