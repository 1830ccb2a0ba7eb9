import { ApiError, type ApiRequest, formatMicroTime, formatTime, type Event, type KubeObject } from '../api/index.ts'
import { hash32 } from '../sim/index.ts'
import {
  correlate,
  createCorrelator,
  isAllowed,
  remember,
  type CorrelatorState,
  type Known,
} from './eventCorrelator.ts'
import type { Process } from './process.ts'

/** What a component says of an object. */
export interface EventInput {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
  /** which part of the object: `spec.containers{web}` */
  readonly fieldPath?: string
  /** the node a kubelet speaks for */
  readonly host?: string
  /** who speaks, where upstream does so by another name than its controller's */
  readonly component?: string
  /** new-style events (the scheduler's) carry an action and are told apart by it */
  readonly action?: string
}

/** Writes Events as client-go's two recorders do: equal ones are counted, similar ones folded, too many kept quiet. */
export interface Recorder {
  readonly event: (object: KubeObject, event: EventInput) => void
}

const seriesEndMs = 360_000 // upstream: finishTime in staging/src/k8s.io/client-go/tools/events/event_broadcaster.go
const seriesRefreshMs = 1_800_000

/** Makes the recorder of one actor in a process. */
export function createRecorder(process: Process, actor: string): Recorder {
  const { sim, server } = process
  const state = sim.slice<CorrelatorState>(`recorder/${process.name}/${actor}`, createCorrelator)
  process.onChange((change) => {
    if (change === 'restarted') Object.assign(state, createCorrelator())
  })

  /** upstream: staging/src/k8s.io/client-go/tools/record */
  function tell(object: KubeObject, input: EventInput): void {
    const about = object.metadata.uid || `${object.kind}|${object.metadata.name}`
    const kind = `${input.type}|${input.reason}|${input.fieldPath ?? ''}`
    const { key, message } = correlate(state, { about, kind, message: input.message }, sim.now())
    if (!isAllowed(state, about, sim.now())) return remember(state.quiet, key, (state.quiet.get(key) ?? 0) + 1)
    const known = state.known.get(key)
    if (known !== undefined && count(known, object, message)) return
    write(key, object, message === input.message ? input : { ...input, message }, known?.count ?? 0)
  }

  function count(known: Known, object: KubeObject, message: string): boolean {
    const event = find(known.name, namespaceOf(object))
    if (event === undefined) return false
    known.count++
    send('update', { ...event, message, count: known.count, lastTimestamp: formatTime(sim.now()) })
    return true
  }

  /**
   * A repeated event becomes a series; its growing count is written now and then.
   * upstream: staging/src/k8s.io/client-go/tools/events/event_broadcaster.go
   * differs: a series that has ended gets its last count when the next event of its sort comes.
   */
  function tellInSeries(object: KubeObject, input: EventInput): void {
    const key = [object.kind, object.metadata.uid, input.type, input.reason, input.action].join('|')
    const now = sim.now()
    const known = state.known.get(key)
    if (known === undefined) return write(key, object, input, 0)
    const isOver = now - known.seenAt > seriesEndMs
    if (!isOver) known.count++
    if (known.count === 2 || isOver || now - known.writtenAt > seriesRefreshMs)
      writeSeries(known, object, isOver ? known.seenAt : now)
    if (isOver) return write(key, object, input, 0)
    known.seenAt = now
  }

  function writeSeries(known: Known, object: KubeObject, seenAt: number): void {
    const event = known.count > 1 ? find(known.name, namespaceOf(object)) : undefined
    if (event === undefined) return
    known.writtenAt = sim.now()
    send('update', { ...event, series: { count: known.count, lastObservedTime: formatMicroTime(seenAt) } })
  }

  function write(key: string, object: KubeObject, input: EventInput, countBefore: number): void {
    const now = sim.now()
    const name = `${object.metadata.name}.${suffixFor(key, now)}`
    const known = { name, count: countBefore + 1, seenAt: now, writtenAt: now }
    remember(state.known, key, known)
    const event = eventOf(object, input, { name, actor, now, count: known.count })
    if (server.takeEvent?.(event, namespaceOf(object), actor) !== true) send('create', event)
  }

  function find(name: string, namespace: string): Event | undefined {
    try {
      return server.perform(
        { verb: 'get', group: '', version: 'v1', resource: 'events', namespace, name },
        actor,
      ) as Event
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined // its hour was over
      throw error
    }
  }

  function send(verb: 'create' | 'update', body: object): void {
    const { name, namespace = '' } = (body as Event).metadata
    const isNew = verb === 'create'
    // all of a request's fields, in the one order: so, and without spreading, it is cheap
    const full = {
      verb,
      group: '',
      version: 'v1',
      resource: 'events',
      subresource: undefined,
      namespace,
      name: isNew ? undefined : name,
      body,
      patchType: undefined,
      options: undefined,
      isGiven: isNew, // a new event is nobody else's, while an update shares parts with the stored one
    }
    server.perform(full as unknown as ApiRequest, actor)
  }

  return {
    event(object, input) {
      if (!process.isUp()) return
      try {
        if (input.action === undefined) tell(object, input)
        else tellInSeries(object, input)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error // an event is best effort: a namespace that is going refuses it
      }
    },
  }
}

function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? 'default'
}

/** upstream: sixteen hexadecimal digits of the time; ours are the time's and a hash's, so that two of one instant differ */
function suffixFor(key: string, now: number): string {
  const time = Math.floor(now).toString(16).padStart(6, '0').slice(-6)
  return `18${time}${hash32(String(now), hash32(key)).toString(16).padStart(8, '0')}`
}

interface Occasion {
  readonly name: string
  readonly actor: string
  readonly now: number
  readonly count: number
}

function eventOf(object: KubeObject, input: EventInput, { name, actor: own, now, count }: Occasion): Event {
  const { type, reason, message, host, action, component: actor = own } = input
  // what the server fills in has its place already: objects that grow cost their readers time
  const metadata = { name, namespace: namespaceOf(object), uid: '', creationTimestamp: '', resourceVersion: '' }
  const involvedObject = referenceTo(object, input.fieldPath)
  const reportingComponent = actor
  // upstream: a new-style recorder signs with its name and its host's
  const reportingInstance = host ?? (action === undefined ? '' : `${actor}-control-plane`)
  // whole literals: several events per pod make this one of the hottest places, and spreading costs more than all the rest
  if (action !== undefined)
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata,
      involvedObject,
      reason,
      message,
      type,
      reportingComponent,
      reportingInstance,
      source: noSource,
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: formatMicroTime(now),
      action,
    } as unknown as Event
  const at = formatTime(now)
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata,
    involvedObject,
    reason,
    message,
    type,
    reportingComponent,
    reportingInstance,
    source: host === undefined ? { component: actor } : { component: actor, host },
    firstTimestamp: at,
    lastTimestamp: at,
    count,
    eventTime: null,
  } as unknown as Event
}

const noSource = Object.freeze({})

function referenceTo({ kind, apiVersion, metadata }: KubeObject, fieldPath: string | undefined): object {
  const { namespace, name, uid, resourceVersion } = metadata
  if (namespace === undefined) {
    const reference = { kind, name, uid, apiVersion, resourceVersion }
    return fieldPath === undefined ? reference : { ...reference, fieldPath }
  }
  if (fieldPath === undefined) return { kind, namespace, name, uid, apiVersion, resourceVersion }
  return { kind, namespace, name, uid, apiVersion, resourceVersion, fieldPath }
}
