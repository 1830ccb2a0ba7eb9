import { readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { benchScheduler, createCluster, type Cluster } from '#engine'
import { createSession, formatScene, viewOf, type Session } from '#session'

/** One measured figure; more fields than these are shown as they are. */
export interface Figure {
  readonly value: number
  readonly unit: string
  /** what DESIGN asks for, in words */
  readonly budget: string
  readonly [more: string]: unknown
}

const deployments = 10
const limitMs = 30 * 60_000

/** Every figure by its name. Each is the median of five runs after one warm-up, or of fewer where a run takes seconds. */
export const figures: Readonly<Record<string, () => Figure | Promise<Figure>>> = {
  'pods-1000': () => pods(1_000, 10, 5, '≤ 0.4 s'),
  'pods-10000': () => pods(10_000, 100, 3, '≤ 5 s'),
  'pods-150000': () => pods(150_000, 5_000, 0, '≤ 120 s, ≤ 2500 MB'),
  'sched-5000': () => scheduler(false, '≥ 4000'),
  'sched-5000-spread': () => scheduler(true, '≥ 1500'),
  'idle-100': idle,
  'rewind-10m': rewind,
  'api-get': apiGet,
  'api-create': apiCreate,
  'rollout-10000': rollout,
  'page-initial': pageInitial,
  link,
}

/**
 * The warm-up's cluster stays, as a page's own does: where the last object of a hidden class dies, V8 throws away all compiled code
 * that knew the class, and the next run is spent on compiling it again.
 */
function pods(count: number, nodes: number, runs: number, budget: string): Figure {
  const warm = runs > 1 ? bringUp(1_000, 10) : undefined
  let last: Run | undefined
  const seconds = Array.from({ length: Math.max(1, runs) }, () => {
    last = undefined
    last = bringUp(count, nodes)
    return last.seconds
  })
  globalThis.gc?.()
  const heapMB = Math.round(process.memoryUsage().heapUsed / 2 ** 20)
  const held = [warm, last].filter((run) => run !== undefined).length
  return { value: round(median(seconds), 3), unit: 's', budget, heapMB, clustersInHeap: held }
}

/** A cluster whose pods are Ready, and the wall seconds from apply to the last of them. */
interface Run {
  readonly cluster: Cluster
  readonly seconds: number
}

/** Applies Deployments to a cluster whose nodes are there already. */
function bringUp(count: number, nodes: number): Run {
  const cluster = bigCluster(nodes, Math.ceil(count / nodes) + 10)
  const manifest = deploymentsOf(count)
  const started = performance.now()
  for (const object of manifest) cluster.api.create(object)
  const end = cluster.control.now() + limitMs
  while (!isReady(cluster, count) && cluster.control.now() < end)
    cluster.control.advanceTo(cluster.control.now() + 1_000)
  if (!isReady(cluster, count)) throw new Error(`${count} pods were not ready after ${limitMs} virtual ms`)
  return { cluster, seconds: (performance.now() - started) / 1000 }
}

function bigCluster(nodes: number, podsMax: number): Cluster {
  const specs = Array.from({ length: nodes }, (_, index) => ({
    name: `node-${index + 1}`,
    cpu: '64',
    memory: '256Gi',
    pods: podsMax,
  }))
  const cluster = createCluster({ seed: 1, nodes: specs, addOns: false })
  cluster.control.advanceTo(3_000)
  return cluster
}

function deploymentsOf(count: number): readonly object[] {
  return Array.from({ length: deployments }, (_, index) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `web-${index}`, namespace: 'default' },
    spec: {
      replicas: count / deployments,
      selector: { matchLabels: { app: `web-${index}` } },
      template: {
        metadata: { labels: { app: `web-${index}` } },
        spec: {
          containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
        },
      },
    },
  }))
}

interface WithStatus {
  readonly status: { readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly replicas?: number }
}

function isReady({ api }: Cluster, count: number): boolean {
  let ready = 0
  for (const { status } of api.list('Deployment', { namespace: 'default' }) as unknown as readonly WithStatus[])
    ready += status.readyReplicas ?? 0
  return ready >= count
}

function scheduler(spread: boolean, budget: string): Figure {
  const { podsPerSecond } = benchScheduler({ nodes: 5_000, pods: 10_000, spread, now: () => performance.now() })
  return { value: Math.round(podsPerSecond), unit: 'pods/s', budget }
}

function idle(): Figure {
  const cluster = createCluster({ seed: 1, nodes: 100 })
  cluster.control.advanceTo(120_000)
  const virtualMs = 3_600_000
  const runs = Array.from({ length: 5 }, () => {
    const started = performance.now()
    cluster.control.advanceTo(cluster.control.now() + virtualMs)
    return virtualMs / (performance.now() - started)
  })
  return { value: Math.round(median(runs)), unit: 'virtual s / wall s', budget: '≥ 10000' }
}

const lessonManifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 6
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        readinessProbe: {httpGet: {path: /, port: 80}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`

function lessonSession(): Session {
  const session = createSession({ cluster: { seed: 1, nodes: 3 } })
  const quiet = { out: () => {}, err: () => {} }
  session.kubectl({ argv: ['apply', '-f', 'web.yaml'], files: viewOf({ 'web.yaml': lessonManifest }) }, quiet)
  session.advanceTo(120_000)
  session.kubectl({ argv: ['set', 'image', 'deployment/web', 'web=nginx:1.26'] }, quiet)
  session.advanceTo(300_000)
  session.fault({ kind: 'nodePower', node: 'node-2', on: false })
  return session
}

function rewind(): Figure {
  const session = lessonSession()
  session.advanceTo(1_200_000)
  const runs = Array.from({ length: 6 }, () => {
    session.advanceTo(1_200_000)
    const started = performance.now()
    session.seek(600_000)
    return performance.now() - started
  })
  return { value: round(median(runs.slice(1)), 1), unit: 'ms', budget: '≤ 100' }
}

function storeOf(count: number): Cluster {
  const cluster = createCluster({ seed: 1, controlPlane: 'api' })
  for (let index = 0; index < count; index++)
    cluster.api.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c-${index}`, namespace: 'default' },
      data: { k: 'v' },
    })
  return cluster
}

function apiGet(): Figure {
  const { api } = storeOf(100_000)
  const get = (index: number): void => void api.get('ConfigMap', `c-${index}`, { namespace: 'default' })
  const runs = Array.from({ length: 6 }, () => microsPer(100_000, get))
  return { value: round(median(runs.slice(1)), 2), unit: 'µs', budget: '≤ 5' }
}

/** Pods created by a person among 100,000 objects, while 100 watchers of other things are idle. */
function apiCreate(): Figure {
  const { api } = storeOf(100_000)
  const watches = Array.from({ length: 100 }, () =>
    api.watch({ group: '', version: 'v1', resource: 'pods', namespace: 'elsewhere' }),
  )
  const pod = { containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '100m' } } }] }
  const create = (index: number): void => {
    api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: `p-${index}`, namespace: 'default' }, spec: pod })
  }
  const count = 5_000
  microsPer(count, (index) => create(-1 - index))
  const runs = Array.from({ length: 5 }, (_, run) => microsPer(count, (index) => create(run * count + index)))
  watches.forEach((watch) => watch.stop())
  return { value: round(median(runs), 1), unit: 'µs', budget: '≤ 60' }
}

function rollout(): Figure {
  const count = 10_000
  const cluster = bigCluster(100, 150)
  for (const object of deploymentsOf(count)) cluster.api.create(object)
  while (!isReady(cluster, count)) cluster.control.advanceTo(cluster.control.now() + 1_000)
  const started = performance.now()
  const patch = { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.26' }] } } } }
  for (let index = 0; index < deployments; index++)
    cluster.api.patch('Deployment', `web-${index}`, patch, { namespace: 'default' })
  const isDone = ({ status }: WithStatus): boolean =>
    status.updatedReplicas === count / deployments &&
    status.readyReplicas === status.replicas &&
    status.replicas === status.updatedReplicas
  const all = (): readonly WithStatus[] =>
    cluster.api.list('Deployment', { namespace: 'default' }) as unknown as readonly WithStatus[]
  while (!all().every(isDone)) cluster.control.advanceTo(cluster.control.now() + 1_000)
  return { value: round((performance.now() - started) / 1000, 2), unit: 's', budget: 'linear' }
}

interface ManifestEntry {
  readonly file: string
  readonly isEntry?: boolean
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
}

/** What the first paint needs: the entry, what it imports statically, and its styles. Needs `npm run build`. */
function pageInitial(): Figure {
  const path = join(process.cwd(), 'dist/.vite/manifest.json')
  if (!existsSync(path)) throw new Error('page-initial needs a built page: npm run build')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, ManifestEntry>>
  const files = new Set<string>()
  const visit = (key: string): void => {
    const entry = manifest[key]!
    if (files.has(entry.file)) return
    files.add(entry.file)
    for (const name of entry.imports ?? []) visit(name)
  }
  for (const [key, entry] of Object.entries(manifest)) if (entry.isEntry) visit(key)
  const bytes = [...files].map((file) => gzipSync(readFileSync(join(process.cwd(), 'dist', file))).length)
  return { value: round(bytes.reduce((sum, each) => sum + each, 0) / 1024, 1), unit: 'KiB gzip', budget: '≤ 150' }
}

function link(): Figure {
  const session = lessonSession()
  const text = formatScene({
    version: 1,
    seed: 1,
    nodes: 3,
    files: { 'web.yaml': lessonManifest },
    inputs: session.inputs(),
    at: session.now(),
  })
  return { value: Math.ceil((deflateRawSync(text).length * 4) / 3) + 3, unit: 'bytes', budget: '≤ 2048' }
}

function microsPer(count: number, run: (index: number) => void): number {
  const started = performance.now()
  for (let index = 0; index < count; index++) run(index)
  return ((performance.now() - started) * 1000) / count
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
