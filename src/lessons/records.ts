import type { Cluster, DecisionRecord, TraceRecord } from '#engine'

/** A trace record as a goal sees it: its own fields and those of its detail, side by side. */
export type Fact = Readonly<Record<string, unknown>>

/** Finds records by type without reading the trace twice. */
export interface RecordReader {
  readonly since: (trace: Cluster['trace'], seq: number, type: string) => readonly Fact[]
}

interface Page {
  readonly facts: Fact[]
  read: number
}

/** Makes a reader. It belongs to one cluster: after a rewind a new one is needed. */
export function createRecordReader(): RecordReader {
  const pages = new Map<string, Page>()
  return {
    since(trace, seq, type) {
      const key = `${seq}/${type}`
      let page = pages.get(key)
      if (page === undefined) pages.set(key, (page = { facts: [], read: seq }))
      for (const record of trace.since(page.read)) {
        page.read = record.seq
        if (typesOf(record).includes(type)) page.facts.push(factOf(record))
      }
      return page.facts
    },
  }
}

const writes: ReadonlySet<string> = new Set([
  'created',
  'updated',
  'statusUpdated',
  'bound',
  'deleting',
  'deleted',
  'evicted',
])

const turned: Readonly<Record<string, readonly [on: string, off: string]>> = {
  nodePower: ['node.up', 'node.down'],
  nodeNetwork: ['node.joined', 'node.cut'],
  component: ['component.up', 'component.down'],
}

/** The names of a record: the trace's own, and those that lessons use for a family of records. */
function typesOf({ what, object, detail }: TraceRecord): readonly string[] {
  if (what === 'fault') {
    const { kind, on } = (detail?.['fault'] ?? {}) as { kind?: string; on?: boolean }
    const names = turned[kind ?? '']
    return names === undefined ? [what] : [what, names[on ? 0 : 1]]
  }
  if (!writes.has(what)) return [what]
  if (object?.startsWith('Event/')) return [what, 'event']
  return what === 'deleted' && object?.startsWith('Pod/') ? [what, 'write', 'pod.gone'] : [what, 'write']
}

function factOf({ what, at, seq, actor, object = '', detail }: TraceRecord): Fact {
  const parts = object.split('/')
  const [kind = '', ns = '', name = ''] = parts.length === 2 ? [parts[0], '', parts[1]] : parts
  const fault = (detail?.['fault'] ?? {}) as Fact
  return Object.freeze({
    ...detail,
    ...fault,
    what,
    t: at / 1000,
    seq,
    by: actor === 'you' ? 'learner' : actor,
    object,
    kind,
    ns,
    name,
    ...named(fault),
  })
}

/** A fault names its target itself. */
function named({ name }: Fact): Fact {
  return name === undefined ? {} : { name }
}

/** What the scheduler decided last about a pod: where to, or why not, and how many nodes each plugin turned down. */
export function decisionFact({ result, evaluated, nodes }: DecisionRecord): Fact {
  const refused: Record<string, number> = {}
  for (const { filters } of Object.values(nodes))
    for (const plugin of Object.keys(filters)) refused[plugin] = (refused[plugin] ?? 0) + 1
  return Object.freeze({
    node: 'node' in result ? result.node : '',
    message: 'message' in result ? result.message : '',
    evaluated,
    refused: Object.freeze(refused),
  })
}
