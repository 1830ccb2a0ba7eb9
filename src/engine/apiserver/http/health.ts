import { quote } from '../../api/index.ts'
import type { ApiServer } from '../apiServer.ts'
import { textAnswer, valuesOf, type HttpAnswer, type Wire } from './wire.ts'

/** What the server asks itself, in the order it tells them; etcd is the one that can fail here. */
// upstream: the order in which kube-apiserver 1.36 adds its checks
const checks: readonly string[] = Object.freeze([
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiserver-admission-initializer',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/priority-and-fairness-config-consumer',
  'poststarthook/priority-and-fairness-filter',
  'poststarthook/storage-object-count-tracker-hook',
  'poststarthook/start-apiextensions-informers',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
  'poststarthook/start-system-namespaces-controller',
  'poststarthook/peer-endpoint-reconciler-controller',
  'poststarthook/start-cluster-authentication-info-controller',
  'poststarthook/start-kube-apiserver-identity-lease-controller',
  'poststarthook/start-kube-apiserver-identity-lease-garbage-collector',
  'poststarthook/storage-readiness',
  'poststarthook/start-legacy-token-tracking-controller',
  'poststarthook/start-service-ip-repair-controllers',
  'poststarthook/rbac/bootstrap-roles',
  'poststarthook/scheduling/bootstrap-system-priority-classes',
  'poststarthook/priority-and-fairness-config-producer',
  'poststarthook/bootstrap-controller',
  'poststarthook/start-kubernetes-service-cidr-controller',
  'poststarthook/aggregator-reload-proxy-client-cert',
  'poststarthook/start-kube-aggregator-informers',
  'poststarthook/apiservice-status-local-available-controller',
  'poststarthook/apiservice-status-remote-available-controller',
  'poststarthook/apiservice-registration-controller',
  'poststarthook/apiservice-discovery-controller',
  'poststarthook/kube-apiserver-autoregistration',
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
])

const [ping, log, etcd, ...others] = checks as readonly [string, string, string, ...string[]]
const roots: ReadonlyMap<string, readonly string[]> = new Map([
  ['healthz', checks],
  ['livez', checks],
  ['readyz', [ping, log, etcd, 'etcd-readiness', 'informer-sync', ...others, 'shutdown']],
])

/** Every path below which the server tells how it is. */
export const healthPaths: readonly string[] = Object.freeze(
  [...roots].flatMap(([root, known]) => [`/${root}`, ...known.map((name) => `/${root}/${name}`)]),
)

/** Answers `/healthz`, `/livez`, `/readyz` and their single checks; undefined for other paths. */
// upstream: staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go
export function health(server: ApiServer, { parts, query, search }: Wire): HttpAnswer | undefined {
  const [root = '', ...rest] = parts
  const known = roots.get(root)
  if (known === undefined) return undefined
  const isFine = (name: string): boolean => !name.startsWith('etcd') || server.hasStore()
  if (rest.length === 0) return overall(root, known, isFine, query.has('verbose'), valuesOf(`?${search}`, 'exclude'))
  const name = rest.join('/')
  if (!known.includes(name)) return textAnswer(404, '404 page not found\n')
  return isFine(name) ? textAnswer(200, 'ok') : textAnswer(500, noStore)
}

// upstream: apiserver/pkg/storage/storagebackend/factory/etcd3.go newETCD3Check
const noStore = 'internal server error: error getting data from etcd: context deadline exceeded\n'

function overall(
  root: string,
  known: readonly string[],
  isFine: (name: string) => boolean,
  isVerbose: boolean,
  excluded: readonly string[],
): HttpAnswer {
  const left = new Set(excluded)
  let isAllFine = true
  let text = ''
  for (const name of known)
    if (left.delete(name)) text += `[+]${name} excluded: ok\n`
    else if (isFine(name)) text += `[+]${name} ok\n`
    else {
      isAllFine = false
      text += `[-]${name} failed: reason withheld\n`
    }
  const strangers = [...left].sort().map((name) => quote(name))
  if (strangers.length > 0)
    text += `warn: some health checks cannot be excluded: no matches for ${strangers.join(',')}\n`
  if (!isAllFine) return textAnswer(500, `${text}${root} check failed\n`)
  return textAnswer(200, isVerbose ? `${text}${root} check passed\n` : 'ok')
}

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
