import { describe, expect, test } from 'vitest'
import { createCluster, type Cluster, type HttpAnswer } from '../../../../src/engine/index.ts'

const group = 'admissionregistration.k8s.io/v1'

const send = (cluster: Cluster, method: string, path: string, body?: unknown): HttpAnswer =>
  cluster.http({ method, path, body, headers: { 'content-type': 'application/json' } })

const rules = [
  { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['configmaps'] },
]

function validating(spec: object, actions: readonly string[] = ['Deny'], binding: object = {}): readonly object[] {
  return [
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'rule' },
      spec: { matchConstraints: { resourceRules: rules }, ...spec },
    },
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'bound' },
      spec: { policyName: 'rule', validationActions: actions, ...binding },
    },
  ]
}

function clusterWith(objects: readonly object[]): Cluster {
  const cluster = createCluster({ nodes: 0, addOns: false, controlPlane: 'api' })
  for (const object of objects) cluster.api.create(object)
  cluster.control.advanceTo(cluster.control.now() + 1500)
  return cluster
}

const path = '/api/v1/namespaces/default/configmaps'
const map = (data: object, labels: object = {}) => ({ metadata: { name: 'm', labels }, data })
const message = ({ body }: HttpAnswer): string => (body as { message: string }).message
const who = `configmaps "m" is forbidden: ValidatingAdmissionPolicy 'rule' with binding 'bound' denied request: `

describe('a validating policy', () => {
  test.each<[string, object, object, string]>([
    [
      'an expression',
      { validations: [{ expression: "object.data.a == 'x'" }] },
      { a: 'y' },
      `failed expression: object.data.a == 'x'`,
    ],
    ['a message', { validations: [{ expression: 'false', message: ' no way ' }] }, {}, 'no way'],
    [
      'a worked out message with variables',
      {
        variables: [
          { name: 'a', expression: 'object.data.a' },
          { name: 'b', expression: "variables.a + '!'" },
        ],
        validations: [{ expression: "variables.b == 'x!'", messageExpression: "'not ' + variables.b" }],
      },
      { a: 'y' },
      'not y!',
    ],
    [
      'an error',
      { validations: [{ expression: "object.data.z == 'x'" }] },
      { a: 'y' },
      `expression 'object.data.z == 'x'' resulted in error: no such key: z`,
    ],
    [
      'the request',
      { validations: [{ expression: "request.operation != 'CREATE' || request.userInfo.username == 'x'" }] },
      {},
      `failed expression: request.operation != 'CREATE' || request.userInfo.username == 'x'`,
    ],
    [
      'the namespace',
      { validations: [{ expression: "namespaceObject.metadata.name != 'default'" }] },
      {},
      `failed expression: namespaceObject.metadata.name != 'default'`,
    ],
    [
      'the authorizer',
      {
        validations: [
          {
            expression: "!authorizer.group('').resource('pods').namespace('default').check('get').allowed()",
            message: 'may see pods',
          },
        ],
      },
      {},
      'may see pods',
    ],
  ])('refuses by %s', (_, spec, data, text) => {
    const answer = send(clusterWith(validating(spec)), 'POST', path, map(data))
    expect(answer.code).toBe(422)
    expect(message(answer)).toBe(who + text)
  })

  test.each<[string, object, readonly string[], object]>([
    [
      'its condition does not hold',
      {
        matchConditions: [{ name: 'c', expression: "object.metadata.name == 'n'" }],
        validations: [{ expression: 'false' }],
      },
      ['Deny'],
      {},
    ],
    [
      'errors are to be overlooked',
      { failurePolicy: 'Ignore', validations: [{ expression: 'object.x.y' }] },
      ['Deny'],
      {},
    ],
    [
      'other labels are asked for',
      {
        matchConstraints: { resourceRules: rules, objectSelector: { matchLabels: { a: 'b' } } },
        validations: [{ expression: 'false' }],
      },
      ['Deny'],
      {},
    ],
    [
      'the binding looks elsewhere',
      { validations: [{ expression: 'false' }] },
      ['Deny'],
      { matchResources: { namespaceSelector: { matchLabels: { a: 'b' } } } },
    ],
    ['it only audits', { validations: [{ expression: 'false' }] }, ['Audit'], {}],
  ])('lets through when %s', (_, spec, actions, binding) => {
    expect(send(clusterWith(validating(spec, actions, binding)), 'POST', path, map({ a: 'y' })).code).toBe(201)
  })

  test('may only warn', () => {
    const answer = send(
      clusterWith(validating({ validations: [{ expression: 'false' }] }, ['Warn'])),
      'POST',
      path,
      map({}),
    )
    expect(answer).toMatchObject({
      code: 201,
      warnings: [
        "Validation failed for ValidatingAdmissionPolicy 'rule' with binding 'bound': failed expression: false",
      ],
    })
  })

  test('comes into force a moment later, and sees what is deleted', () => {
    const cluster = createCluster({ nodes: 0, addOns: false, controlPlane: 'api' })
    for (const object of validating({ validations: [{ expression: 'oldObject == null' }] })) cluster.api.create(object)
    expect(send(cluster, 'POST', path, map({})).code).toBe(201)
    cluster.control.advanceTo(cluster.control.now() + 1500)
    expect(message(send(cluster, 'DELETE', `${path}/m`))).toBe(`${who}failed expression: oldObject == null`)
  })

  test('is given parameters', () => {
    const spec = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'object.data.a == params.data.a' }],
    }
    const cluster = clusterWith([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'limits', namespace: 'default' }, data: { a: 'x' } },
      ...validating(spec, ['Deny'], { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } }),
    ])
    expect(send(cluster, 'POST', path, map({ a: 'y' })).code).toBe(422)
    expect(send(cluster, 'POST', path, map({ a: 'x' })).code).toBe(201)
  })
})

describe('a mutating policy', () => {
  const mutating = (mutation: object) => [
    {
      apiVersion: group,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: 'change' },
      spec: {
        matchConstraints: { resourceRules: [{ ...rules[0], operations: ['CREATE'] }] },
        reinvocationPolicy: 'Never',
        mutations: [mutation],
      },
    },
    {
      apiVersion: group,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: 'bound' },
      spec: { policyName: 'change' },
    },
  ]
  test.each<[string, object]>([
    [
      'a configuration to be applied',
      {
        patchType: 'ApplyConfiguration',
        applyConfiguration: { expression: "Object{metadata: Object.metadata{labels: {'team': object.data.a}}}" },
      },
    ],
    [
      'a JSON patch',
      {
        patchType: 'JSONPatch',
        jsonPatch: { expression: "[JSONPatch{op: 'add', path: '/metadata/labels/team', value: object.data.a}]" },
      },
    ],
  ])('changes an object by %s', (_, mutation) => {
    const answer = send(clusterWith(mutating(mutation)), 'POST', path, map({ a: 'y' }, { old: '1' }))
    expect(answer).toMatchObject({
      code: 201,
      body: { metadata: { labels: { old: '1', team: 'y' } }, data: { a: 'y' } },
    })
  })
})

describe('a webhook', () => {
  const webhook = (kind: string, more: object = {}) => ({
    apiVersion: group,
    kind,
    metadata: { name: 'hooks' },
    webhooks: [
      {
        name: 'check.example.com',
        clientConfig: { service: { name: 'hook', namespace: 'default', path: '/ask' }, caBundle: 'Cg==' },
        rules,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...more,
      },
    ],
  })
  const behind = (behaviour: object) => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'hook',
        namespace: 'default',
        annotations: { 'drydock.dev/webhook': JSON.stringify(behaviour) },
      },
      spec: { ports: [{ port: 443 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'hook', namespace: 'default', labels: { 'kubernetes.io/service-name': 'hook' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.9'], conditions: { ready: true } }],
    },
  ]
  const check = webhook('ValidatingWebhookConfiguration')
  const call =
    'Internal error occurred: failed calling webhook "check.example.com": failed to call webhook: Post "https://hook.default.svc:443/ask?timeout=10s": '

  test.each<[string, readonly object[], number, string]>([
    [
      'says no',
      [...behind({ allow: 'false', message: 'not today' }), check],
      403,
      'admission webhook "check.example.com" denied the request: not today',
    ],
    ['does not exist', [check], 500, `${call}service "hook" not found`],
    ['has nothing behind it', [behind({})[0]!, check], 500, `${call}no endpoints available for service "hook"`],
    ['never answers', [...behind({ hangs: true }), check], 500, `${call}context deadline exceeded`],
  ])('that %s', (_, objects, code, text) => {
    const answer = send(clusterWith(objects), 'POST', path, map({}))
    expect(answer.code).toBe(code)
    expect(message(answer)).toBe(text)
  })

  test('that is not to be relied on does no harm', () => {
    const objects = [webhook('ValidatingWebhookConfiguration', { failurePolicy: 'Ignore' })]
    expect(send(clusterWith(objects), 'POST', path, map({})).code).toBe(201)
  })

  test('may change what it is asked about', () => {
    const patch = [{ op: 'add', path: '/metadata/labels', value: { seen: 'yes' } }]
    const cluster = clusterWith([...behind({ patch }), webhook('MutatingWebhookConfiguration')])
    expect(send(cluster, 'POST', path, map({}))).toMatchObject({
      code: 201,
      body: { metadata: { labels: { seen: 'yes' } } },
    })
  })
})

test('components are held to policies as well: a report of a status that is forbidden is not taken', () => {
  const cluster = createCluster({ nodes: 1, addOns: false })
  const resourceRules = [
    { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['replicasets/status'] },
  ]
  for (const object of validating({
    matchConstraints: { resourceRules },
    validations: [{ expression: 'false' }],
  }))
    cluster.api.create(object)
  cluster.control.advanceTo(cluster.control.now() + 1500)
  const labels = { app: 'web' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } }
  const spec = { selector: { matchLabels: labels }, template }
  for (const kind of ['ReplicaSet', 'Deployment'])
    cluster.api.create({ apiVersion: 'apps/v1', kind, metadata: { name: 'web', namespace: 'default' }, spec })
  cluster.control.advanceTo(cluster.control.now() + 20_000)
  const statusOf = (kind: string): unknown => {
    const { status } = cluster.api.find(kind, 'web', { namespace: 'default' }) as unknown as { status?: object }
    return status
  }
  expect(statusOf('ReplicaSet')).not.toMatchObject({ observedGeneration: 1 })
  expect(statusOf('Deployment')).toMatchObject({ observedGeneration: 1 })
})
