import { etcdctlLine, say, type Cluster, type Event, type Fault, type Pod, type TraceRecord } from '#engine'
import { onlyTries } from '#session'
import { componentName } from '../format.ts'
import type { BridgeRow, EventRow, Mark } from '../protocol.ts'
import { findAnyway } from './reading.ts'

/** What the trace has told since the last frame, as rows for the Events tab, the bridge and the timeline. */
export interface Activity {
  readonly events: readonly EventRow[]
  readonly marks: readonly Mark[]
  readonly bridge: readonly BridgeRow[]
}

/** Reads a run's trace forward, once. */
export interface ActivityReader {
  readonly take: () => Activity
}

const traceRowsMax = 200
const secondMs = 1000

interface Desk {
  writes: number
  windowStart: number
  perSecond: number
  item: string
  busyAt: number
}

const desk = (): Desk => ({ writes: 0, windowStart: 0, perSecond: 0, item: '', busyAt: -1 })

/** Starts at the beginning of the trace, so that a rewound or opened run shows all that is in it. */
export function createActivityReader(cluster: Cluster): ActivityReader {
  const { trace, control } = cluster
  let seen = 0
  const server = desk()
  const scheduler = desk()
  const manager = desk()

  function eventRow(record: TraceRecord): EventRow | undefined {
    const [, namespace = '', name = ''] = (record.object ?? '').split('/')
    const event = findAnyway<Event>(cluster, 'Event', namespace, name)
    if (event === undefined) return undefined
    const { involvedObject: about, reason = '', message = '', type, count = 1 } = event
    const { namespace: place, kind, name: who } = about
    return {
      id: `${namespace}/${name}`,
      seq: record.seq,
      at: record.at,
      type: type === 'Warning' ? 'Warning' : 'Normal',
      reason,
      object: place ? `${kind}/${place}/${who}` : `${kind}/${who}`,
      from: event.reportingComponent || (event.source?.component ?? ''),
      message,
      count,
    }
  }

  /** A process that ends because its pod is going is no trouble. */
  function isLeaving({ object = '' }: TraceRecord): boolean {
    const [, namespace = '', name = ''] = object.split('/')
    const pod = findAnyway<Pod>(cluster, 'Pod', namespace, name)
    return pod === undefined || pod.metadata.deletionTimestamp !== undefined
  }

  function ownRow(record: TraceRecord, type: 'You' | 'Trace'): EventRow {
    const { seq, at, actor, what, object = '', detail } = record
    // users are no fault, although they come by the same door
    const reason = what === 'fault' && (detail?.['fault'] as Fault | undefined)?.kind === 'load' ? 'load' : what
    return { id: `#${seq}`, seq, at, type, reason, object, from: actor, message: say(record), count: 1 }
  }

  function note(record: TraceRecord): void {
    if (record.revision !== undefined) work(server, record)
    if (record.actor === 'default-scheduler' || record.actor === 'kube-scheduler') work(scheduler, record)
    else if (record.actor.endsWith('-controller') || record.actor === 'kube-controller-manager') work(manager, record)
  }

  function bridge(): BridgeRow[] {
    const now = control.now()
    const queue = cluster.queue()
    const isUp = (name: string): boolean => cluster.isUp(name)
    const state = (name: string): BridgeRow['state'] =>
      !isUp(name) ? 'down' : !isUp('kube-apiserver') ? 'affected' : 'up'
    const waiting = queue.active.length + queue.backOff.length + queue.unschedulable.length
    return [
      {
        name: 'apiServer',
        state: state('kube-apiserver'),
        figure: `${rate(server, now)} writes/s`,
        item: server.item,
        busyAt: server.busyAt,
      },
      etcdRow(cluster, server.busyAt),
      {
        name: 'scheduler',
        state: state('kube-scheduler'),
        figure: '',
        queue: waiting,
        item: scheduler.item,
        busyAt: scheduler.busyAt,
      },
      {
        name: 'controllerManager',
        state: state('kube-controller-manager'),
        figure: `${rate(manager, now)} writes/s`,
        item: manager.item,
        busyAt: manager.busyAt,
      },
    ]
  }

  return {
    take() {
      const events: EventRow[] = []
      const marks: Mark[] = []
      const quiet: TraceRecord[] = []
      for (const record of trace.since(seen)) {
        seen = record.seq
        note(record)
        const mark = markOf(record)
        if (mark && !(mark.kind === 'trouble' && isLeaving(record))) marks.push(mark)
        const row = rowOf(record)
        if (row) events.push(row)
        else quiet.push(record)
      }
      for (const record of quiet.slice(-traceRowsMax)) events.push(ownRow(record, 'Trace'))
      return { events, marks, bridge: bridge() }
    },
  }

  function rowOf(record: TraceRecord): EventRow | undefined {
    if (record.actor === 'you' && record.revision === undefined) return ownRow(record, 'You')
    const isEvent = record.object?.startsWith('Event/') && (record.what === 'created' || record.what === 'updated')
    return isEvent ? eventRow(record) : undefined
  }
}

/** etcd: one member is on or off; of several, a majority must be on and have a leader. */
function etcdRow({ etcd, isUp, revision }: Cluster, busyAt: number): BridgeRow {
  const members = etcd.members()
  const up = members.filter((member) => member.isUp).length
  const refusal = etcd.refusal()
  const isOff = members.length === 1 ? !isUp('etcd') : refusal !== undefined
  const leader = members.find(({ isLeader }) => isLeader)?.name
  const row = { name: 'etcd', figure: `rev ${revision()}`, item: '', busyAt } as const
  if (members.length === 1) return { ...row, state: isOff ? 'down' : 'up' }
  const note = `${up} of ${members.length} members are up`
  if (isOff) return { ...row, state: 'down', note }
  return { ...row, state: 'up', item: `${leader ?? 'no one'} leads`, ...(up < members.length && { note }) }
}

function work(at: Desk, record: TraceRecord): void {
  if (record.at - at.windowStart >= secondMs) {
    at.perSecond = at.writes
    at.writes = 0
    at.windowStart = record.at
  }
  at.writes++
  at.busyAt = record.at
  if (!record.object?.startsWith('Event/')) at.item = itemOf(record)
}

const verbs: Readonly<Record<string, string>> = {
  created: 'POST',
  updated: 'PUT',
  statusUpdated: 'PUT status',
  bound: 'POST binding',
  deleting: 'DELETE',
  deleted: 'DELETE',
}

/** `PUT status pod/web-x8k2p`: the request behind a record; what is none, in its own sentence. */
function itemOf(record: TraceRecord): string {
  const verb = verbs[record.what]
  if (verb === undefined) return say(record)
  const [kind = '', ...place] = (record.object ?? '').split('/')
  return `${verb} ${kind.toLowerCase()}/${place.at(-1) ?? ''}`
}

function rate(at: Desk, now: number): number {
  return now - at.windowStart > 2 * secondMs ? 0 : Math.max(at.perSecond, at.writes)
}

function markOf({ seq, at, actor, what, object, detail }: TraceRecord): Mark | undefined {
  if (actor === 'you' && what === 'fault') {
    const fault = (detail?.['fault'] ?? {}) as Readonly<Record<string, unknown>>
    const line = etcdctlLine(fault)
    if (line !== undefined) return { at, kind: 'you', label: line, seq }
    // Users who ask are no fault, however many they are.
    return { at, kind: fault['kind'] === 'load' ? 'you' : 'fault', label: faultLabel(fault), seq }
  }
  if (actor === 'you' && (what === 'kubectl' || what === 'request')) {
    const line = String(detail?.['line'] ?? what)
    return isLooking(line) ? undefined : { at, kind: 'you', label: line, seq }
  }
  if (what === 'container.exited' && detail?.['exitCode'] !== 0)
    return { at, kind: 'trouble', label: object ?? '', seq }
  const own = markWords[what]
  if (own) return { at, kind: 'node', label: own(actor, object ?? '', detail ?? {}), seq }
  if (object?.startsWith('Node/') && (what === 'node.lost' || what === 'node.ready'))
    return { at, kind: 'node', label: object, seq }
  return undefined
}

/** What components decide by themselves, in few words. */
const markWords: Readonly<
  Record<string, (actor: string, object: string, detail: Readonly<Record<string, unknown>>) => string>
> = {
  'group.grown': (_, __, { group, to }) => `${String(group)} grows to ${String(to)}`,
  'node.unneeded': (_, object) => `${object.slice('Node/'.length)} goes`,
  'pod.descheduled': (_, object) => `${object.split('/').at(-1) ?? ''} moves`,
  'etcd.elected': (actor) => `${actor} leads`,
  'etcd.unavailable': () => 'etcd: no majority',
}

function isLooking(line: string): boolean {
  if (onlyTries(line.split(' '))) return true
  return /^(get|describe|explain|logs|version|api-resources|api-versions|cluster-info|config|events|top|wait|diff|rollout (status|history))\b/.test(
    line,
  )
}

/** What was broken, mended or asked for on purpose, in as few words as a mark has room for. */
export function faultLabel(fault: Readonly<Record<string, unknown>>): string {
  const named = String(fault['node'] ?? fault['name'] ?? fault['pod'] ?? '')
  const target = fault['kind'] === 'component' ? componentName(named) : named
  if (fault['kind'] === 'nodeNetwork') return `${target} network ${fault['on'] ? 'mended' : 'cut'}`
  if (fault['kind'] === 'nodePower') return `${target} power ${fault['on'] ? 'on' : 'off'}`
  if (typeof fault['on'] === 'boolean') return `${target || String(fault['kind'])} ${fault['on'] ? 'on' : 'off'}`
  if (fault['kind'] === 'load') return `${target} ${String(fault['rps'])} rps`
  return `${String(fault['do'] ?? fault['probe'] ?? fault['kind'])} ${target.split('/').at(-1) ?? ''}`.trim()
}
