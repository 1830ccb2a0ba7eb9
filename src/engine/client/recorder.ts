import {
  ApiError,
  type ApiRequest,
  formatMicroTime,
  formatTime,
  hexDigits,
  type Event,
  type KubeObject,
} from '../api/index.ts'
import { hash32 } from '../sim/index.ts'
import {
  changed,
  createCorrelator,
  isAllowed,
  isFolded,
  keepQuiet,
  knownOf,
  remember,
  runOf,
  sourceOf,
  type CorrelatorState,
  type ObjectReference,
  type Said,
  type Source,
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

  /** who speaks: the same in nearly all Events of a recorder, which share it */
  let voice = voiceOf(actor, undefined)

  /** upstream: staging/src/k8s.io/client-go/tools/record */
  function tell(object: KubeObject, input: EventInput): void {
    const now = sim.now()
    const about = aboutOf(object)
    const source = sourceOf(state, about, now)
    const since = runOf(source, input, now)
    const isOneOfMany = isFolded(source, input, since)
    const key = isOneOfMany ? undefined : input.message
    if (!isAllowed(source, now)) return keepQuiet(source, input, key, now, since)
    const told = isOneOfMany ? { ...input, message: `(combined from similar events): ${input.message}` } : input
    const { type, reason, fieldPath } = input
    const before = knownOf(source, type, reason, fieldPath, key)
    const known = before && remember(source, before, changed(before, before.count, now, before.writtenAt, since))
    if (known !== undefined && count(source, known, object, told.message)) return
    const sort = joined(joined(joined(hash32(about), type), reason), fieldPath ?? '')
    const name = nameOf(object, key === undefined ? sort : joined(sort, key), now)
    const { count: times = 0, quiet = 0 } = known ?? {}
    const part = fieldPath
    const next = { type, reason, part, message: key, name, count: times + 1, quiet, seenAt: now, writtenAt: now, since }
    remember(source, known, next)
    write(source, object, told, next)
  }

  function count(source: Source, known: Said, object: KubeObject, message: string): boolean {
    const event = known.name === '' ? undefined : find(known.name, namespaceOf(object))
    if (event === undefined) return false
    const { count } = remember(source, known, changed(known, known.count + 1, known.seenAt, known.writtenAt))
    send('update', { ...event, message, count, lastTimestamp: formatTime(sim.now()) })
    return true
  }

  /**
   * A repeated event becomes a series; its growing count is written now and then.
   * upstream: staging/src/k8s.io/client-go/tools/events/event_broadcaster.go
   * differs: a series that has ended gets its last count when the next event of its sort comes.
   */
  function tellInSeries(object: KubeObject, input: EventInput): void {
    const { type, reason, action } = input
    const now = sim.now()
    const source = sourceOf(state, aboutOf(object), now)
    const known = knownOf(source, type, reason, action, undefined)
    if (known !== undefined && now - known.seenAt <= seriesEndMs) return goOn(source, known, object)
    if (known !== undefined) writeSeries(source, known, object, known.seenAt)
    const sort = joined(joined(joined(hash32(object.kind), object.metadata.uid), type), reason)
    const name = nameOf(object, joined(sort, action ?? ''), now)
    const part = action
    const message = undefined
    const next = { type, reason, part, message, name, count: 1, quiet: 0, seenAt: now, writtenAt: now, since: now }
    remember(source, known, next)
    write(source, object, input, next)
  }

  function goOn(source: Source, known: Said, object: KubeObject): void {
    const now = sim.now()
    let series = remember(source, known, changed(known, known.count + 1, known.seenAt, known.writtenAt))
    if (series.count === 2 || now - series.writtenAt > seriesRefreshMs)
      series = writeSeries(source, series, object, now)
    remember(source, series, changed(series, series.count, now, series.writtenAt))
  }

  function writeSeries(source: Source, known: Said, object: KubeObject, seenAt: number): Said {
    const event = known.count > 1 ? find(known.name, namespaceOf(object)) : undefined
    if (event === undefined) return known
    const series = remember(source, known, changed(known, known.count, known.seenAt, sim.now()))
    send('update', { ...event, series: { count: known.count, lastObservedTime: formatMicroTime(seenAt) } })
    return series
  }

  function write(source: Source, object: KubeObject, input: EventInput, known: Said): void {
    const { component = actor, host } = input
    if (voice.component !== component || voice.host !== host) voice = voiceOf(component, host)
    const event = eventOf(object, input, known, voice, referenceFor(source, object, input.fieldPath))
    if (server.takeEvent?.(event, event.metadata.namespace!, actor) !== true) send('create', event)
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

function aboutOf({ kind, metadata }: KubeObject): string {
  return metadata.uid || `${kind}|${metadata.name}`
}

/** The hash of the text so far, a bar and more text, without putting them together. */
function joined(hash: number, text: string): number {
  return hash32(text, hash32('|', hash))
}

/** upstream: sixteen hexadecimal digits of the time; ours are the time's and a hash's, so that two of one instant differ */
function nameOf({ metadata }: KubeObject, hash: number, now: number): string {
  const high = 0x18000000 | (Math.floor(now) & 0xffffff)
  return `${metadata.name}.${hexDigits(high, hash32(String(now), hash))}`
}

function eventOf(
  object: KubeObject,
  { type, reason, message, host, action }: EventInput,
  { name, count, writtenAt: now }: Said,
  source: Voice,
  involvedObject: ObjectReference,
): Event {
  // what the server fills in has its place already: objects that grow cost their readers time
  const metadata = { name, namespace: namespaceOf(object), uid: '', creationTimestamp: '', resourceVersion: '' }
  const reportingComponent = source.component
  // upstream: a new-style recorder signs with its name and its host's
  const reportingInstance = host ?? (action === undefined ? '' : `${reportingComponent}-control-plane`)
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
    source,
    firstTimestamp: at,
    lastTimestamp: at,
    count,
    eventTime: null,
  } as unknown as Event
}

const noSource = Object.freeze({})

/** The source of old-style Events. */
interface Voice {
  readonly component: string
  readonly host?: string
}

function voiceOf(component: string, host: string | undefined): Voice {
  return Object.freeze(host === undefined ? { component } : { component, host })
}

/** How an Event names its object: as the last one did, if nothing has changed. */
function referenceFor(source: Source, object: KubeObject, fieldPath: string | undefined): ObjectReference {
  const { resourceVersion, name, namespace } = object.metadata
  const last = source.reference
  if (last !== undefined && last.resourceVersion === resourceVersion && last.fieldPath === fieldPath)
    if (last.name === name && last.namespace === namespace && last.kind === object.kind) return last
  return (source.reference = Object.freeze(referenceTo(object, fieldPath)))
}

function referenceTo({ kind, apiVersion, metadata }: KubeObject, fieldPath: string | undefined): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata
  if (namespace === undefined) {
    const reference = { kind, name, uid, apiVersion, resourceVersion }
    return fieldPath === undefined ? reference : { ...reference, fieldPath }
  }
  if (fieldPath === undefined) return { kind, namespace, name, uid, apiVersion, resourceVersion }
  return { kind, namespace, name, uid, apiVersion, resourceVersion, fieldPath }
}
