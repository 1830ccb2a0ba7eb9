import { expect, test } from 'vitest'
import { createCluster } from '../../src/engine/index.ts'
import { createSession, run, splitWords } from '../../src/kubectl/index.ts'

/** One command line in jane's name: what it says on standard error. */
function complaints(line: string, roles: readonly string[]): string {
  const cluster = createCluster({ nodes: 1, addOns: false })
  const group = 'rbac.authorization.k8s.io'
  for (const name of roles) {
    const roleRef = { apiGroup: group, kind: 'ClusterRole', name }
    const subjects = [{ kind: 'User', name: 'jane', apiGroup: group }]
    const metadata = { name, namespace: 'default' }
    cluster.api.create({ apiVersion: `${group}/v1`, kind: 'RoleBinding', metadata, roleRef, subjects })
  }
  const spec = { containers: [{ name: 'web', image: 'nginx:1.29' }] }
  cluster.control.advanceTo(2000)
  cluster.api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec })
  cluster.control.advanceTo(30_000)
  const err: string[] = []
  const io = {
    readFile: () => undefined,
    listFiles: () => undefined,
    out: () => undefined,
    err: (text: string) => void err.push(text),
  }
  const context = { api: cluster.api, now: cluster.control.now, session: createSession(), io, nodes: cluster.nodes }
  const result = run(splitWords(line).slice(1), context)
  if (typeof result !== 'number') result.stop()
  return err.join('')
}

test.each([
  ['kubectl logs web --as=jane', ['view'], ''],
  [
    'kubectl exec web --as=jane -- date',
    ['view'],
    'Error from server (Forbidden): pods "web" is forbidden: User "jane" cannot create resource "pods/exec" in API group "" in the namespace "default"\n',
  ],
  ['kubectl exec web --as=jane -- date', ['edit'], ''],
])('%s with %j says %j', (line, roles, expected) => {
  expect(complaints(line, roles)).toBe(expected)
})
