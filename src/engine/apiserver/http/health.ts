import type { ApiServer } from '../apiServer.ts'
import { textAnswer, type HttpAnswer, type Wire } from './wire.ts'

const roots: ReadonlySet<string> = new Set(['healthz', 'livez', 'readyz'])

/** What the server asks itself, in the order it tells them; etcd is the one that can fail here. */
const checks: readonly string[] = Object.freeze([
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/start-kube-apiserver-identity-lease-controller',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/bootstrap-controller',
  'poststarthook/apiservice-discovery-controller',
])

/** Answers `/healthz`, `/livez`, `/readyz` and their single checks; undefined for other paths. */
// upstream: staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go
export function health(server: ApiServer, { parts, query }: Wire): HttpAnswer | undefined {
  const root = parts[0] ?? ''
  if (!roots.has(root)) return undefined
  const hasStore = server.hasStore()
  const known = root === 'readyz' ? [...checks, 'informer-sync', 'shutdown'] : checks
  if (parts.length > 1) {
    const name = parts.slice(1).join('/')
    if (!known.includes(name)) return textAnswer(404, '404 page not found\n')
    return isFine(name, hasStore) ? textAnswer(200, 'ok') : textAnswer(500, 'internal server error: reason withheld\n')
  }
  const failed = known.some((name) => !isFine(name, hasStore))
  if (!failed && !query.has('verbose')) return textAnswer(200, 'ok')
  const lines = known.map((name) =>
    isFine(name, hasStore) ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`,
  )
  return textAnswer(failed ? 500 : 200, `${lines.join('')}${root} check ${failed ? 'failed' : 'passed'}\n`)
}

const isFine = (name: string, hasStore: boolean): boolean => name !== 'etcd' || hasStore

/** A few of the server's metrics, in Prometheus' text format. */
// differs: upstream tells some hundred more; these are what is counted here
export function metrics(server: ApiServer): HttpAnswer {
  const lines = [
    '# HELP apiserver_resource_objects [ALPHA] Number of stored objects at the time of last check split by kind.',
    '# TYPE apiserver_resource_objects gauge',
  ]
  for (const { group, plural, storagePrefix, verbs } of server.registry.kinds) {
    if (!verbs.includes('list')) continue
    lines.push(`apiserver_resource_objects{group="${group}",resource="${plural}"} ${server.etcd.count(storagePrefix)}`)
  }
  lines.push(
    '# HELP etcd_mvcc_db_current_revision The store revision.',
    '# TYPE etcd_mvcc_db_current_revision gauge',
    `etcd_mvcc_db_current_revision ${server.revision()}`,
  )
  const answer = textAnswer(200, `${lines.join('\n')}\n`)
  return { ...answer, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } }
}
