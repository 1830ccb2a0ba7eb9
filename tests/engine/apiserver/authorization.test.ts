import { expect, test } from 'vitest'
import type { ClusterRole, Status, User } from '../../../src/engine/api/index.ts'
import { handleHttp } from '../../../src/engine/apiserver/http.ts'
import { storePolicy } from '../../../src/engine/apiserver/authorization/index.ts'
import { compacted, missingFrom, ruleAllows } from '../../../src/engine/apiserver/authorization/rules.ts'
import { about, aboutPath } from '../../../src/engine/apiserver/authorization/attributes.ts'
import { bareServer, type Bare, type Thing } from '../../golden/api/server.ts'

const jane: User = { name: 'jane', groups: ['developers', 'system:authenticated'] }
const group = 'rbac.authorization.k8s.io'

function world(...objects: readonly object[]): Bare {
  const bare = bareServer()
  storePolicy(bare.server.etcd, 0)
  for (const object of objects) bare.create(object as Thing)
  return bare
}

const ask = (
  { server }: Bare,
  method: string,
  path: string,
  rest: { user?: User; headers?: Record<string, string>; body?: unknown } = {},
) =>
  handleHttp(server, {
    method,
    path,
    user: jane,
    ...rest,
    headers: { 'content-type': 'application/json', ...rest.headers },
  })

const messageOf = ({ body }: { readonly body: unknown }): string => (body as Status).message ?? ''

const role = (rules: readonly object[], name = 'r') => ({
  apiVersion: `${group}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules,
})
const bound = (name = 'r', subject: object = { kind: 'User', name: 'jane', apiGroup: group }) => ({
  apiVersion: `${group}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { apiGroup: group, kind: 'ClusterRole', name },
  subjects: [subject],
})

test.each([
  [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }, 'get', { resource: 'pods' }, true],
  [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }, 'get', { resource: 'pods', subresource: 'log' }, false],
  [{ verbs: ['get'], apiGroups: [''], resources: ['*/log'] }, 'get', { resource: 'pods', subresource: 'log' }, true],
  [{ verbs: ['get'], apiGroups: [''], resources: ['pods/*'] }, 'get', { resource: 'pods', subresource: 'log' }, false],
  [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, 'use', { resource: 'x', group: 'y', subresource: 'z' }, true],
  [
    { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] },
    'get',
    { resource: 'pods', name: 'b' },
    false,
  ],
  [{ verbs: ['get'], apiGroups: ['apps'], resources: ['pods'] }, 'get', { resource: 'pods' }, false],
])('rule %j for %s %j: %s', (rule, verb, what, expected) => {
  expect(ruleAllows(rule, about(jane, verb, what))).toBe(expected)
})

test.each([
  ['/metrics', '/metrics', true],
  ['/api/*', '/api/v1', true],
  ['/api/*', '/api', false],
  ['*', '/anything', true],
])('URL %s for %s: %s', (url, path, expected) => {
  expect(ruleAllows({ verbs: ['get'], nonResourceURLs: [url] }, aboutPath(jane, 'get', path))).toBe(expected)
})

test('what is missing is told once for each thing', () => {
  const owned = [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }]
  const wanted = [{ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods', 'pods/log'] }]
  expect(compacted(missingFrom(owned, wanted))).toEqual([
    { verbs: ['list', 'watch'], apiGroups: [''], resources: ['pods'] },
    { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods/log'] },
  ])
})

test('a namespace is asked about inside itself', () => {
  const bare = world(role([{ apiGroups: [''], resources: ['namespaces'], verbs: ['get'] }]))
  expect(messageOf(ask(bare, 'GET', '/api/v1/namespaces/default'))).toBe(
    'namespaces "default" is forbidden: User "jane" cannot get resource "namespaces" in API group "" in the namespace "default"',
  )
})

test('what is not served is forbidden before it is missing', () => {
  const bare = world()
  expect(ask(bare, 'GET', '/apis/example.com/v1/namespaces/default/foos').code).toBe(403)
  expect(ask(bare, 'GET', '/nothing').code).toBe(403)
  expect(ask(bare, 'GET', '/version').code).toBe(200)
})

test.each([
  [{ 'Impersonate-User': 'joe' }, 'impersonate-on:user-info:list resource "pods"'],
  [{ 'Impersonate-User': 'system:serviceaccount:a:b' }, 'impersonate-on:serviceaccount:list resource "pods"'],
  [{ 'Impersonate-User': 'system:node:a' }, 'impersonate-on:arbitrary-node:list resource "pods"'],
  [
    { 'Impersonate-User': 'system:serviceaccount:a:b', 'Impersonate-Group': 'g' },
    'impersonate resource "serviceaccounts"',
  ],
])('nobody acts as %j without leave', (headers, words) => {
  expect(messageOf(ask(world(), 'GET', '/api/v1/namespaces/default/pods', { headers }))).toContain(words)
})

test('who may impersonate acts with the rights of the other', () => {
  const bare = world(
    role([{ apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['joe'] }]),
    bound(),
    role([{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }], 'lister'),
    bound('lister', { kind: 'User', name: 'joe', apiGroup: group }),
  )
  const path = '/api/v1/namespaces/default/pods'
  expect(ask(bare, 'GET', path, { headers: { 'Impersonate-User': 'joe' } }).code).toBe(200)
  expect(ask(bare, 'GET', path, { headers: { 'Impersonate-User': 'jim' } }).code).toBe(403)
  expect(ask(bare, 'GET', path, { headers: { 'Impersonate-Group': 'joe' } }).code).toBe(400)
})

test('a token stands for its account, for a while', () => {
  const bare = world()
  const path = '/api/v1/namespaces/default/serviceaccounts/default/token'
  expect(messageOf(bare.send('POST', path, { spec: { expirationSeconds: 5 } }))).toBe(
    'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
  )
  const { status } = bare.send('POST', path, { spec: { expirationSeconds: 600 } }).body as { status: { token: string } }
  expect(status.token.split('.')).toHaveLength(3)
  const list = () =>
    handleHttp(bare.server, {
      method: 'GET',
      path: '/api/v1/namespaces/default/pods',
      headers: { Authorization: `Bearer ${status.token}` },
    })
  expect(messageOf(list())).toContain('User "system:serviceaccount:default:default" cannot list')
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: {}, spec: status }
  const reviewed = bare.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', review).body
  expect(reviewed).toMatchObject({ status: { authenticated: true } })
  bare.sim.advanceTo(601_000)
  expect(list().code).toBe(401)
})

test('a node reads what its pods use, and nothing else', () => {
  const pod = {
    metadata: { name: 'p' },
    spec: { nodeName: 'a', containers: [{ name: 'c', image: 'i', envFrom: [{ secretRef: { name: 's' } }] }] },
  }
  const bare = world(
    { apiVersion: 'v1', kind: 'Pod', ...pod },
    ...['s', 't'].map((name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } })),
  )
  const user: User = { name: 'system:node:a', groups: ['system:nodes', 'system:authenticated'] }
  expect(ask(bare, 'GET', '/api/v1/namespaces/default/secrets/s', { user }).code).toBe(200)
  expect(messageOf(ask(bare, 'GET', '/api/v1/namespaces/default/secrets/t', { user }))).toMatch(
    /: no relationship found between node 'a' and this object$/,
  )
})

test('aggregated roles are complete from the start', () => {
  const { body } = world().send('GET', `/apis/${group}/v1/clusterroles/view`)
  expect((body as ClusterRole).rules!.length).toBeGreaterThan(10)
})

test('questions are not stored, and answered for whom they ask about', () => {
  const bare = world(role([{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }]), bound())
  const review = (spec: object) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    metadata: {},
    spec,
  })
  const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews'
  const resourceAttributes = { verb: 'list', resource: 'pods', namespace: 'default' }
  const revision = bare.server.revision()
  expect(bare.send('POST', path, review({ user: 'jane', resourceAttributes })).body).toMatchObject({
    status: { allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "r" of ClusterRole "r" to User "jane"' },
  })
  expect(bare.send('POST', path, review({ user: 'joe', resourceAttributes })).body).toMatchObject({
    status: { allowed: false },
  })
  expect(bare.send('POST', path, review({ resourceAttributes })).code).toBe(422)
  expect(bare.server.revision()).toBe(revision)
})
