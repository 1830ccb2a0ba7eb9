import { describe, expect, test } from 'vitest'
import { createCluster, type Cluster, type HttpAnswer } from '../../../src/engine/index.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'
const pods = '/api/v1/namespaces/shop/pods'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const boats = '/apis/harbour.example/v1/namespaces/default/boats'
const policies = '/apis/admissionregistration.k8s.io/v1'

const patchTypes: Readonly<Record<string, string>> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
}

function send(cluster: Cluster, method: string, path: string, body?: unknown): HttpAnswer {
  const type = patchTypes[method]
  const headers = { 'content-type': type ?? 'application/json' }
  return cluster.http({ method: type === undefined ? method : 'PATCH', path, body, headers })
}

const messageOf = ({ body }: HttpAnswer): string => (body as { readonly message?: string }).message ?? ''

const boat = (name: string, more: object = {}) => ({
  apiVersion: 'harbour.example/v1',
  kind: 'Boat',
  metadata: { name },
  spec: { crew: 2 },
  ...more,
})

const definition = (status?: object) => ({
  metadata: { name: 'boats.harbour.example' },
  spec: {
    group: 'harbour.example',
    scope: 'Namespaced',
    names: { plural: 'boats', kind: 'Boat' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { crew: { type: 'integer' } } },
              status: { type: 'object', properties: { phase: { type: 'string' } }, ...status },
            },
          },
        },
        subresources: { status: {} },
      },
    ],
  },
})

function harbour(options: object = { controlPlane: 'api' }, status?: object): Cluster {
  const cluster = createCluster(options)
  send(cluster, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(status))
  cluster.control.advanceTo(60_000)
  return cluster
}

describe('fields that are named twice or unknown', () => {
  const cluster = createCluster({ controlPlane: 'api' })
  send(cluster, 'POST', configMaps, { metadata: { name: 'a' }, data: { a: '1' } })
  send(cluster, 'POST', deployments, {
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  })
  const scale = {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'web' },
    spec: { replicas: 2, crew: 1 },
  }

  test.each<[string, string, unknown, number, string]>([
    ['merge', `${configMaps}/a`, '{"data":{"a":"1","a":"2"}}', 422, 'duplicate field "data.a"'],
    ['strategic', `${configMaps}/a`, '{"data":{"a":"1","a":"2"}}', 422, 'duplicate field "data.a"'],
    [
      'json',
      `${configMaps}/a`,
      '[{"op":"add","path":"/data/q","path":"/data/r","value":"1"}]',
      422,
      'json patch duplicate field "[0].path"',
    ],
    ['PUT', `${deployments}/web/scale`, scale, 400, 'unknown field "spec.crew"'],
  ])('%s %s', (method, path, body, code, words) => {
    const strict = send(cluster, method, `${path}?dryRun=All&fieldValidation=Strict`, body)
    expect(strict.code).toBe(code)
    expect(messageOf(strict)).toContain(`strict decoding error: ${words}`)
    const warned = send(cluster, method, `${path}?dryRun=All`, body)
    expect([warned.code, warned.warnings]).toEqual([200, [words]])
    expect(send(cluster, method, `${path}?dryRun=All&fieldValidation=Ignore`, body).warnings).toEqual([])
  })

  test.each<[object, string]>([
    [
      { kind: 'Deployment', apiVersion: 'apps/v1' },
      'converting (v1.Deployment) to (autoscaling.Scale): unknown conversion',
    ],
    [{ metadata: { namespace: 'shop' } }, 'the namespace of the provided object does not match'],
    [{ metadata: { name: 'other' } }, 'the name of the object (other) does not match the name on the URL (web)'],
  ])('a scale %j is refused', (more, message) => {
    const answer = send(cluster, 'PUT', `${deployments}/web/scale`, { ...scale, ...more })
    expect([answer.code, messageOf(answer).includes(message)]).toEqual([400, true])
  })

  test.each<[string, number, string]>([
    ['x3', 500, 'strconv.ParseUint: parsing "x3": invalid syntax'],
    ['3', 409, 'the object has been modified'],
    ['0', 200, ''],
  ])('resourceVersion %s in an update', (resourceVersion, code, message) => {
    const answer = send(cluster, 'PUT', `${configMaps}/a?dryRun=All`, { metadata: { name: 'a', resourceVersion } })
    expect(answer.code).toBe(code)
    expect(messageOf(answer)).toContain(message)
  })

  test('a body of another kind is named by its Go types', () => {
    const answer = send(cluster, 'POST', deployments, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } })
    expect(messageOf(answer)).toContain('converting (v1.Pod) to (apps.Deployment): unknown conversion')
  })

  test('an owner needs a version', () => {
    const ownerReferences = [{ apiVersion: 'a/b/c', kind: 'A', name: 'a', uid: '1' }]
    const answer = send(cluster, 'POST', configMaps, { metadata: { name: 'b', ownerReferences } })
    expect(messageOf(answer)).toContain('apiVersion: Invalid value: "a/b/c": version must not be empty')
  })
})

describe('the options of a delete', () => {
  const cluster = createCluster({ controlPlane: 'api' })
  const born = send(cluster, 'POST', configMaps, { metadata: { name: 'a' } })
  const { uid } = (born.body as { readonly metadata: { readonly uid: string } }).metadata

  test.each<[string, unknown, number]>([
    ['?uid=other', undefined, 409],
    ['?fieldValidation=Odd&dryRun=All', undefined, 200],
    [`?uid=${uid}&dryRun=All`, undefined, 200],
    ['?orphanDependents=true&dryRun=All', undefined, 200],
    ['?propagationPolicy=Odd', undefined, 422],
    ['?propagationPolicy=Odd', { dryRun: ['All'] }, 200],
  ])('%s %j', (query, body, code) => expect(send(cluster, 'DELETE', `${configMaps}/a${query}`, body).code).toBe(code))

  test('a body stands in place of the query', () => {
    expect(send(cluster, 'DELETE', `${configMaps}/a?dryRun=All`, { gracePeriodSeconds: 0 }).code).toBe(200)
    expect(send(cluster, 'GET', `${configMaps}/a`).code).toBe(404)
  })
})

describe('custom resources', () => {
  test.each<[string, object, number, string]>([
    ['no kind', { kind: undefined }, 400, `(must be of type Boat): Object 'Kind' is missing in '{"apiVersion"`],
    [
      'another kind',
      { kind: 'Ship' },
      422,
      'Ship.harbour.example "a" is invalid: kind: Invalid value: "Ship": must be Boat',
    ],
    [
      'another version',
      { apiVersion: 'harbour.example/v2' },
      400,
      'the API version in the data (harbour.example/v2) does not match the expected API version (harbour.example/v1)',
    ],
  ])('%s is refused', (_, more, code, message) => {
    const answer = send(harbour(), 'POST', boats, JSON.parse(JSON.stringify(boat('a', more))))
    expect(answer.code).toBe(code)
    expect(messageOf(answer)).toContain(message)
  })

  test('a default of the status is read, though nothing was stored', () => {
    const cluster = harbour(undefined, { default: { phase: 'new' } })
    for (const query of ['?dryRun=All', '']) {
      const { body } = send(cluster, 'POST', boats + query, boat('a'))
      expect(body).toMatchObject({ status: { phase: 'new' } })
    }
    expect(send(cluster, 'GET', `${boats}/a`).body).toMatchObject({ status: { phase: 'new' } })
  })

  test('a quota counts them, and what leaves gives back', () => {
    const cluster = harbour({ nodes: 0 })
    const quotas = '/api/v1/namespaces/default/resourcequotas'
    for (const name of ['a', 'b']) send(cluster, 'POST', boats, boat(name))
    const hard = { 'count/boats.harbour.example': '2' }
    send(cluster, 'POST', quotas, { metadata: { name: 'q' }, spec: { hard } })
    cluster.control.advanceTo(90_000)
    const refused = send(cluster, 'POST', boats, boat('c'))
    expect(messageOf(refused)).toContain('used: count/boats.harbour.example=2, limited: count/boats.harbour.example=2')
    send(cluster, 'DELETE', `${boats}/a`)
    cluster.control.advanceTo(100_000)
    expect(send(cluster, 'POST', boats, boat('c')).code).toBe(201)
  })
})

test('a policy on deletes hears of every object of a deleted collection', () => {
  const cluster = createCluster({ controlPlane: 'api' })
  send(cluster, 'POST', `${policies}/validatingadmissionpolicies`, {
    metadata: { name: 'keep' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] }],
      },
      validations: [{ expression: "oldObject.metadata.name != 'kept'", message: 'it is kept' }],
    },
  })
  send(cluster, 'POST', `${policies}/validatingadmissionpolicybindings`, {
    metadata: { name: 'keep' },
    spec: { policyName: 'keep', validationActions: ['Deny'] },
  })
  cluster.control.advanceTo(5_000)
  for (const name of ['gone', 'kept']) send(cluster, 'POST', configMaps, { metadata: { name } })
  expect(messageOf(send(cluster, 'DELETE', `${configMaps}/kept`))).toContain('it is kept')
  expect(messageOf(send(cluster, 'DELETE', configMaps))).toContain('it is kept')
  expect(send(cluster, 'GET', `${configMaps}/kept`).code).toBe(200)
})

test('pod security looks again at a pod with another image, and only then', () => {
  const cluster = createCluster({ controlPlane: 'api' })
  send(cluster, 'POST', '/api/v1/namespaces', { metadata: { name: 'shop' } })
  send(cluster, 'POST', '/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'default' } })
  send(cluster, 'POST', pods, { metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'nginx:1' }] } })
  send(cluster, 'merge', '/api/v1/namespaces/shop', {
    metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  })
  expect(send(cluster, 'merge', `${pods}/a`, { metadata: { labels: { a: 'b' } } }).code).toBe(200)
  expect(send(cluster, 'merge', `${pods}/a`, { spec: { activeDeadlineSeconds: 5 } }).code).toBe(200)
  const image = { spec: { containers: [{ name: 'c', image: 'nginx:2' }] } }
  expect(messageOf(send(cluster, 'strategic', `${pods}/a`, image))).toContain(
    'violates PodSecurity "restricted:latest"',
  )
})
