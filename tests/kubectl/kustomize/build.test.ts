import { expect, test } from 'vitest'
import { buildKustomization, joined } from '../../../src/kubectl/kustomize/build.ts'
import { inLegacyOrder } from '../../../src/kubectl/kustomize/order.ts'

type Files = Readonly<Record<string, string>>

function build(files: Files, path = 'app') {
  const folders = new Set(Object.keys(files).map((file) => file.slice(0, file.lastIndexOf('/'))))
  return buildKustomization(path, {
    readFile: (name) => files[name],
    listFiles: (name) => (folders.has(name) ? [] : undefined),
    isNamespaced: (_, kind) => kind !== 'ClusterRole',
  }) as readonly {
    readonly kind: string
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object }
    readonly spec?: Readonly<Record<string, unknown>>
    readonly data?: object
  }[]
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: runner
      containers:
      - name: c
        image: registry.example:5000/web:1.0
        envFrom: [{configMapRef: {name: conf}}]
`
const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n'
const base: Files = {
  'base/kustomization.yaml': 'resources: [d.yaml, s.yaml]',
  'base/d.yaml': deployment,
  'base/s.yaml': service,
}

/** The names with the hashes that kustomize's own documentation shows. */
test.each([
  ['literals: [FOO=Bar]', 'example-configmap-2', 'example-configmap-2-g2hdhfc6tk'],
  ['files: [application.properties]', 'example-configmap-1', 'example-configmap-1-8mbdf7882g'],
  ['envs: [.env]', 'example-configmap-2', 'example-configmap-2-g2hdhfc6tk'],
])('hashes a config map from %s', (source, name, expected) => {
  const [object] = build({
    'app/kustomization.yaml': `configMapGenerator: [{name: ${name}, ${source}}]`,
    'app/application.properties': 'FOO=Bar\n',
    'app/.env': 'FOO=Bar\n',
  })
  expect(object!.metadata.name).toBe(expected)
})

test('lays a folder over a base', () => {
  const objects = build({
    ...base,
    'app/kustomization.yaml': `resources: [../base]
namespace: shop
namePrefix: prod-
labels: [{pairs: {env: prod}, includeSelectors: true}]
images: [{name: 'registry.example:5000/web', newTag: '2.0'}]
replicas: [{name: web, count: 3}]
configMapGenerator: [{name: conf, literals: [a=b], options: {disableNameSuffixHash: true}}]
`,
  })
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
    'Deployment shop/prod-web',
    'Service shop/prod-web',
    'ConfigMap shop/prod-conf',
  ])
  expect(objects[0]!.spec).toMatchObject({
    replicas: 3,
    selector: { matchLabels: { app: 'web', env: 'prod' } },
    template: {
      metadata: { labels: { app: 'web', env: 'prod' } },
      spec: {
        containers: [{ image: 'registry.example:5000/web:2.0', envFrom: [{ configMapRef: { name: 'prod-conf' } }] }],
      },
    },
  })
  expect(objects[1]!.spec).toEqual({ selector: { app: 'web', env: 'prod' } })
})

test.each([
  [
    'a piece of an object',
    'patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {paused: true}}"',
  ],
  ['operations', 'target: {kind: Deploy.*}, patch: "[{op: add, path: /spec/paused, value: true}]"'],
  ['a piece for all that a label selects', 'target: {kind: Deployment, name: w.*}, patch: "{spec: {paused: true}}"'],
])('patches with %s', (_, entry) => {
  const objects = build({ ...base, 'app/kustomization.yaml': `resources: [../base]\npatches: [{${entry}}]` })
  expect(objects.map(({ spec }) => spec?.['paused'])).toEqual([true, undefined])
})

test('a patch can take an object away', () => {
  const patch = '{apiVersion: v1, kind: Service, metadata: {name: web}, $patch: delete}'
  const objects = build({ ...base, 'app/kustomization.yaml': `resources: [../base]\npatches: [{patch: "${patch}"}]` })
  expect(objects.map(({ kind }) => kind)).toEqual(['Deployment'])
})

test.each([
  ['no folder', {}, "must build at directory: 'app': no such file or directory"],
  [
    'no file',
    { 'app/x.yaml': '' },
    "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization'",
  ],
  ['an unknown field', { 'app/kustomization.yaml': 'resource: []' }, 'unknown field "resource"'],
  ['a missing resource', { 'app/kustomization.yaml': 'resources: [a.yaml]' }, "accumulating resources from 'a.yaml'"],
  ['a circle', { 'app/kustomization.yaml': 'resources: [../app]' }, 'cycle detected'],
])('refuses %s', (_, files, message) => {
  expect(() => build(files as Files)).toThrow(message)
})

test('prints what others lean on first', () => {
  const kinds = ['Pod', 'Deployment', 'Namespace', 'ValidatingWebhookConfiguration', 'Service']
  expect(inLegacyOrder(kinds.map((kind) => ({ kind }))).map(({ kind }) => kind)).toEqual([
    'Namespace',
    'Service',
    'Deployment',
    'Pod',
    'ValidatingWebhookConfiguration',
  ])
})

test.each([
  ['a/b', '../c', 'a/c'],
  ['.', './x.yaml', 'x.yaml'],
  ['/w/app', '../base', '/w/base'],
])('joins %s and %s', (folder, entry, path) => {
  expect(joined(folder, entry)).toBe(path)
})
