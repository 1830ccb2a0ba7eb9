import { expect, test } from 'vitest'
import { typed } from './lines.ts'

const named = (name: string): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, labels: {app: x}}, data: {k: v}}\n`
const files = { 'a.yaml': named('a'), 'b.yaml': named('b'), 'ab.yaml': `${named('a')}---\n${named('b')}` }
const before = 'kubectl apply -f a.yaml'
const only = '--prune-allowlist=core/v1/ConfigMap'

// Recorded with kubectl 1.36.3.
test.each([
  ['-l app=x', 'configmap/b created\nconfigmap/a pruned'],
  ['--all', 'configmap/b created\nconfigmap/a pruned'],
  ['--all --dry-run=client', 'configmap/b created (dry run)\nconfigmap/a pruned (dry run)'],
  ['--all --dry-run=server', 'configmap/b created (server dry run)\nconfigmap/a pruned (server dry run)'],
  ['-l app=nope', 'error: no objects passed to apply'],
  [
    '',
    'error: all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
  ],
  ['--all -l app=x', 'error: cannot set --all and --selector at the same time'],
  ['--all --force', 'error: --force cannot be used with --prune'],
  [
    '--server-side -l app=x',
    "error: --prune is in alpha and doesn't currently work on objects created by server-side apply",
  ],
])('apply -f b.yaml --prune %s', (flags, text) =>
  expect(typed(`${before} && kubectl apply -f b.yaml --prune ${only} ${flags}`, files).text).toBe(
    `configmap/a created\n${text}`,
  ),
)

test.each([
  ['ConfigMap', 'error: invalid GroupVersionKind format: ConfigMap, please follow <group/version/kind>'],
  ['core/v1/Foo', 'error: no matches for kind "Foo" in version "v1"'],
])('--prune-allowlist=%s', (word, text) =>
  expect(typed(`kubectl apply -f b.yaml --prune --all --prune-allowlist=${word}`, files)).toEqual({ text, code: 1 }),
)

test('what apply did not make is not pruned', () =>
  expect(
    typed(
      `kubectl create -f a.yaml && kubectl apply -f b.yaml --prune -l app=x ${only} && kubectl get cm a -o name`,
      files,
    ).text,
  ).toBe('configmap/a created\nconfigmap/b created\nconfigmap/a'))

test('without an allowlist the usual kinds are pruned, with a word about it', () => {
  const { text } = typed(`${before} && kubectl apply -f b.yaml --prune -l app=x`, files)
  expect(text).toMatch(
    /^W\d{4} .* prune\.go:71\] Deprecated: kubectl apply will no longer prune non-namespaced resources/m,
  )
  expect(text).toContain('configmap/a pruned')
})

test('set-last-applied notes the file as it is, and says where there is nothing to do', () => {
  const note = `kubectl get cm a -o jsonpath='{.metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration}'`
  expect(
    typed(
      `kubectl create -f a.yaml && kubectl apply set-last-applied -f a.yaml && kubectl apply set-last-applied -f a.yaml --create-annotation && ${note} && kubectl apply set-last-applied -f a.yaml`,
      files,
    ).text.split('\n'),
  ).toEqual([
    'configmap/a created',
    'error: no last-applied-configuration annotation found on resource: a, to create the annotation, run the command with --create-annotation',
    'configmap/a configured',
    '{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"labels":{"app":"x"},"name":"a","namespace":"default"}}',
    'set-last-applied a: no changes required.',
  ])
})

test('set-last-applied changes none when one of them lacks the note', () =>
  expect(
    typed('kubectl apply -f a.yaml && kubectl create -f b.yaml && kubectl apply set-last-applied -f ab.yaml', files)
      .text,
  ).toBe(
    'configmap/a created\nconfigmap/b created\nerror: no last-applied-configuration annotation found on resource: b, to create the annotation, run the command with --create-annotation',
  ))

test('view-last-applied prints several without anything between them', () =>
  expect(typed('kubectl apply -f ab.yaml && kubectl apply view-last-applied -f ab.yaml', files).text).not.toContain(
    '---',
  ))

test.each([
  ['kubectl apply edit-last-applied nope/x', `error: the server doesn't have a resource type "nope"`],
  [
    'kubectl apply edit-last-applied cm kube-root-ca.crt',
    'error: no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
  ],
  [
    'kubectl create -f a.yaml --edit',
    'error: unable to launch the editor "vi": there is none here; edit the file, and create it without --edit',
  ],
  ['kubectl apply -f x.yaml -f y.yaml', 'the path "x.yaml" does not exist\nthe path "y.yaml" does not exist'],
  ['kubectl apply -f a.yaml --dry-run=server --force', 'error: --dry-run=server cannot be used with --force'],
])('%s', (line, text) => expect(typed(line, files)).toEqual({ text, code: 1 }))

// upstream: apimachinery/pkg/util/strategicpatch/patch.go CreateThreeWayMergePatch, kubectl/pkg/cmd/apply/patcher.go
test('--overwrite=false takes nothing back that was changed since', () => {
  const changed = { ...files, 'w.yaml': files['a.yaml'].replace('k: v', 'k: w') }
  const { text, code } = typed(
    `${before} && kubectl patch cm a -p '{"data":{"k":"x"}}' && kubectl apply -f w.yaml --overwrite=false`,
    changed,
  )
  expect(code).toBe(1)
  expect(text).toContain('warning: error calculating patch from openapi v3 spec: patch:\ndata:\n  k: w\nmetadata:\n')
  expect(text).toContain('\nconflicts with changes made from original to current:\ndata:\n  k: x\nmetadata:\n')
  expect(text).toMatch(
    /\nfor: "w\.yaml": error when patching "w\.yaml": creating patch with:\noriginal:\n\{"apiVersion"/,
  )
  expect(typed(`${before} && kubectl apply -f w.yaml`, changed).text).toMatch(/configured$/)
})
