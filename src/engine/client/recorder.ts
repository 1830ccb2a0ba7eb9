import { ApiError, type ApiRequest, formatMicroTime, formatTime, type Event, type KubeObject } from '../api/index.ts'
import { hash32, hashJoined } from '../sim/index.ts'
import {
  changed,
  createCorrelator,
  isAllowed,
  isFolded,
  keepQuiet,
  knownOf,
  lastOf,
  remember,
  runOf,
  sourceOf,
  type CorrelatorState,
  type ObjectReference,
  type Said,
  type Source,
} from './eventCorrelator.ts'
import {
  eventOf,
  namespaceOf,
  nameOf,
  referenceFor,
  retold,
  voiceOf,
  type EventInput,
  type Voice,
} from './eventObject.ts'
import type { Process } from './process.ts'

/** Writes Events as client-go's two recorders do: equal ones are counted, similar ones folded, too many kept quiet. */
export interface Recorder {
  readonly event: (object: KubeObject, event: EventInput) => void
}

const seriesEndMs = 360_000 // upstream: finishTime in staging/src/k8s.io/client-go/tools/events/event_broadcaster.go
const seriesRefreshMs = 1_800_000

/** A recorder at work. */
interface Live {
  readonly process: Process
  readonly actor: string
  readonly state: CorrelatorState
  /** who speaks: the same in nearly all Events of a recorder, which share it */
  voice: Voice
}

/** Makes the recorder of one actor in a process. */
export function createRecorder(process: Process, actor: string): Recorder {
  const state = process.sim.slice<CorrelatorState>(`recorder/${process.name}/${actor}`, createCorrelator)
  process.onChange((change) => {
    if (change === 'restarted') Object.assign(state, createCorrelator())
  })
  const live: Live = { process, actor, state, voice: voiceOf(actor, undefined) }
  return { event: (object, input) => speak(live, object, input) }
}

function speak(live: Live, object: KubeObject, input: EventInput): void {
  if (!live.process.isUp()) return
  try {
    if (input.action === undefined) tell(live, object, input)
    else tellInSeries(live, object, input)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error // an event is best effort: a namespace that is going refuses it
  }
}

/** upstream: staging/src/k8s.io/client-go/tools/record */
function tell(live: Live, object: KubeObject, input: EventInput): void {
  const now = live.process.sim.now()
  const about = aboutOf(object)
  const source = sourceOf(live.state, about, now)
  const last = lastOf(source, input)
  const since = runOf(last, now)
  const isOneOfMany = last !== undefined && isFolded(source, input, since)
  const key = isOneOfMany ? undefined : input.message
  if (!isAllowed(source, now)) return keepQuiet(source, input, key, now, since)
  const told = isOneOfMany ? { ...input, message: `(combined from similar events): ${input.message}` } : input
  const { type, reason, fieldPath: part } = input
  const before = last && knownOf(source, type, reason, part, key)
  const known = before && remember(source, before, changed(before, before.count, now, before.writtenAt, since))
  if (known !== undefined && countOn(live, source, known, object, told.message)) return
  source.hash ||= hash32(about) | 0
  const sort = hashJoined(hashJoined(hashJoined(source.hash, type), reason), part ?? '')
  const reference = referenceFor(source, object, part)
  const name = nameOf(reference, key === undefined ? sort : hashJoined(sort, key), now)
  const count = known === undefined ? 1 : known.count + 1
  const quiet = known === undefined ? 0 : known.quiet
  const next = { type, reason, part, message: key, name, count, quiet, seenAt: now, writtenAt: now, since }
  remember(source, known, next)
  write(live, reference, told, next)
}

function countOn(live: Live, source: Source, known: Said, object: KubeObject, message: string): boolean {
  const event = known.name === '' ? undefined : find(live, known.name, object)
  if (event === undefined) return false
  const { count } = remember(source, known, changed(known, known.count + 1, known.seenAt, known.writtenAt))
  const next = retold(event)
  next.message = message
  next.count = count
  next.lastTimestamp = formatTime(live.process.sim.now())
  send(live, 'update', next)
  return true
}

/**
 * A repeated event becomes a series; its growing count is written now and then.
 * upstream: staging/src/k8s.io/client-go/tools/events/event_broadcaster.go
 * differs: a series that has ended gets its last count when the next event of its sort comes.
 */
function tellInSeries(live: Live, object: KubeObject, input: EventInput): void {
  const { type, reason, action: part } = input
  const now = live.process.sim.now()
  const source = sourceOf(live.state, aboutOf(object), now)
  const known = knownOf(source, type, reason, part, undefined)
  if (known !== undefined && now - known.seenAt <= seriesEndMs) return goOn(live, source, known, object)
  const ended = known && writeSeries(live, source, known, object, known.seenAt)
  const sort = hashJoined(hashJoined(hashJoined(hash32(object.kind), object.metadata.uid), type), reason)
  const reference = referenceFor(source, object, input.fieldPath)
  const name = nameOf(reference, hashJoined(sort, part ?? ''), now)
  const message = undefined
  const next = { type, reason, part, message, name, count: 1, quiet: 0, seenAt: now, writtenAt: now, since: now }
  remember(source, ended, next)
  write(live, reference, input, next)
}

function goOn(live: Live, source: Source, known: Said, object: KubeObject): void {
  const now = live.process.sim.now()
  let series = remember(source, known, changed(known, known.count + 1, known.seenAt, known.writtenAt))
  if (series.count === 2 || now - series.writtenAt > seriesRefreshMs)
    series = writeSeries(live, source, series, object, now)
  remember(source, series, changed(series, series.count, now, series.writtenAt))
}

function writeSeries(live: Live, source: Source, known: Said, object: KubeObject, seenAt: number): Said {
  const event = known.count > 1 ? find(live, known.name, object) : undefined
  if (event === undefined) return known
  const series = remember(source, known, changed(known, known.count, known.seenAt, live.process.sim.now()))
  const next = retold(event)
  next.series = { count: known.count, lastObservedTime: formatMicroTime(seenAt) }
  send(live, 'update', next)
  return series
}

function write(live: Live, reference: ObjectReference, input: EventInput, known: Said): void {
  const { process, actor, voice } = live
  const { component = actor, host } = input
  if (voice.component !== component || voice.host !== host) live.voice = voiceOf(component, host)
  const event = eventOf(reference, input, known, live.voice)
  if (process.server.takeEvent?.(event, event.metadata.namespace!, actor) !== true) send(live, 'create', event)
}

/** The Event of that name about an object, unless its hour was over. */
function find({ process: { server }, actor }: Live, name: string, object: KubeObject): Event | undefined {
  const kind = server.registry.findByKind('Event')
  return kind && (server.find(kind, namespaceOf(object), name, actor) as Event | undefined)
}

function send({ process, actor }: Live, verb: 'create' | 'update', body: Event): void {
  const { name, namespace } = body.metadata
  // all of a request's fields, in the one order: so, and without spreading, it is cheap
  const full = {
    verb,
    group: '',
    version: 'v1',
    resource: 'events',
    subresource: undefined,
    namespace,
    name: verb === 'create' ? undefined : name,
    body,
    patchType: undefined,
    options: undefined,
    isGiven: true,
  }
  process.server.perform(full as unknown as ApiRequest, actor)
}

function aboutOf({ kind, metadata }: KubeObject): string {
  return metadata.uid || `${kind}|${metadata.name}`
}
