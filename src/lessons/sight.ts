import type { Cluster, TrafficCounters } from '#engine'
import type { KubeObject } from './objects.ts'
import { decisionFact, type Fact, type RecordReader } from './records.ts'

/** How the world was when a step began: what `was`, `seen` and `traffic` compare with. Plain data, objects shared. */
export interface Beginning {
  /** virtual ms */
  readonly at: number
  /** the last trace record before it */
  readonly seq: number
  readonly objects: Readonly<Record<string, readonly KubeObject[]>>
  readonly traffic: Readonly<Record<string, TrafficCounters>>
  /** what machines had cost by then */
  readonly spent: number
}

/** What one look at a cluster can see, and a note of what was looked at. */
export interface Sight {
  readonly get: (kind: string, name: string, namespace?: string) => KubeObject | null
  readonly list: (kind: string, selector?: string, namespace?: string) => readonly KubeObject[]
  readonly was: (kind: string, name: string, namespace?: string) => KubeObject | null
  readonly wasList: (kind: string, selector?: string) => readonly KubeObject[]
  readonly reach: (from: string, url: string) => string
  readonly served: (from: string, url: string) => string
  readonly traffic: (name: string) => Readonly<Record<string, number>>
  readonly isUp: (component: string) => boolean
  readonly cost: () => Readonly<Record<string, number>>
  readonly machines: (group: string) => number
  readonly decision: (pod: string) => Fact | null
  readonly events: (reason: string) => readonly KubeObject[]
  readonly records: (type: string, fields: object, since: 'step' | 'lesson') => readonly Fact[]
}

/** What an expression looked at: kinds by name, `anything` for what any record may change, `time` for what moves by itself. */
export type Reads = Set<string>

/** Steps that one evaluation may take: an object handed over is one. Beyond it the clause is false and says so. */
const effortMax = 50_000

/** Looks at a cluster in the name of one step. `reads` collects what the answers depend on. */
export function createSight(
  cluster: Cluster,
  lessonSeq: number,
  from: Beginning,
  reader: RecordReader,
  reads: Reads,
): Sight {
  const { api } = cluster
  let effort = 0

  function paid<T>(what: string, amount: number, value: T): T {
    reads.add(what)
    effort += 1 + amount
    if (effort > effortMax) throw new RangeError('this clause looks at too much')
    return value
  }

  function list(kind: string, selector?: string, namespace?: string): readonly KubeObject[] {
    const info = api.findKind(kind)
    if (info === undefined) return []
    const place = namespace !== undefined && info.namespaced ? { namespace } : {}
    const found = api.list<KubeObject>(kind, place, selector ? { labelSelector: selector } : {})
    return paid(info.kind, found.length, found)
  }

  return {
    get(kind, name, namespace = 'default') {
      const info = api.findKind(kind)
      if (info === undefined) return null
      return paid(info.kind, 1, api.find<KubeObject>(kind, name, info.namespaced ? { namespace } : {}) ?? null)
    },
    list,
    was(kind, name, namespace = 'default') {
      const isThere = ({ metadata }: KubeObject): boolean =>
        metadata.name === name && (metadata.namespace === undefined || metadata.namespace === namespace)
      return (from.objects[kind] ?? []).find(isThere) ?? null
    },
    wasList: (kind, selector) =>
      (from.objects[kind] ?? []).filter(({ metadata }) => satisfies(metadata.labels, selector)),
    reach: (origin, url) => paid('anything', 10, cluster.reach(origin, url)),
    served: (origin, url) => paid('anything', 10, cluster.served(origin, url) ?? ''),
    traffic: (name) => paid('time', 1, difference(cluster.traffic(name), from.traffic[name])),
    isUp: (component) => paid('anything', 1, cluster.isUp(component)),
    cost() {
      const { spent, perHour } = cluster.cost()
      return paid('time', 1, { spent: rounded(spent - from.spent), total: rounded(spent), perHour: rounded(perHour) })
    },
    machines(group) {
      const found = cluster.cost().groups.find(({ name }) => name === group)
      return paid('time', 1, found?.nodes ?? 0)
    },
    decision(pod) {
      const record = cluster.explain(pod)
      return record === undefined ? paid('anything', 1, null) : paid('anything', record.evaluated, decisionFact(record))
    },
    events(reason) {
      const touched = new Set(reader.since(cluster.trace, from.seq, 'event').map(({ object }) => object))
      const isNew = ({ metadata }: KubeObject): boolean => touched.has(`Event/${metadata.namespace}/${metadata.name}`)
      return list('Event').filter((event) => (event as { reason?: string }).reason === reason && isNew(event))
    },
    records(type, fields, since) {
      const facts = reader.since(cluster.trace, since === 'step' ? from.seq : lessonSeq, type)
      const wanted = Object.entries(fields)
      const matching = facts.filter((fact) => wanted.every(([field, value]) => fact[field] === plain(value)))
      return paid('anything', facts.length, matching)
    },
  }
}

/** Notes how the world is, for the kinds that expressions compare with. */
export function beginningOf(cluster: Cluster, kinds: Iterable<string>, loads: Iterable<string>): Beginning {
  const { api, control, trace } = cluster
  const objects: Record<string, readonly KubeObject[]> = {}
  for (const kind of kinds) objects[kind] = api.findKind(kind) === undefined ? [] : api.list<KubeObject>(kind)
  const traffic: Record<string, TrafficCounters> = {}
  for (const name of loads) traffic[name] = cluster.traffic(name)
  return { at: control.now(), seq: trace.count(), objects, traffic, spent: cluster.cost().spent }
}

function difference(counters: TrafficCounters, before: TrafficCounters | undefined): Readonly<Record<string, number>> {
  const entries = Object.entries(counters).map(([field, count]: [string, number]) => {
    const start = before?.[field as keyof TrafficCounters] ?? 0
    return [field, rounded(count - start)] as const
  })
  return Object.fromEntries(entries)
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)

/** `a=b,c!=d,e,!f` against labels: what selectors of old objects need. */
function satisfies(labels: Readonly<Record<string, string>> = {}, selector = ''): boolean {
  const terms = selector.split(',').filter((term) => term.trim() !== '')
  return terms.every((term) => {
    const [, not = '', key = '', sign = '', value = ''] =
      /^\s*(!?)\s*([^=!\s]+)\s*(==?|!=)?\s*(\S*)\s*$/.exec(term) ?? []
    if (sign === '') return Object.hasOwn(labels, key) === (not === '')
    return sign === '!=' ? labels[key] !== value : labels[key] === value
  })
}
