import { ApiError, formatTime, type Event, type KubeObject } from '../api/index.ts'
import { hash32 } from '../sim/index.ts'
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
  /** new-style events (the scheduler's) carry an action and are told apart by it */
  readonly action?: string
}

/** Writes Events as client-go's recorder does: equal ones are counted instead of repeated. */
export interface Recorder {
  readonly event: (object: KubeObject, event: EventInput) => void
}

interface Known {
  readonly name: string
  count: number
}

interface RecorderState {
  known: Map<string, Known>
}

const rememberedMax = 4096 // upstream: maxLruCacheEntries, staging/src/k8s.io/client-go/tools/record/events_cache.go

/** Makes the recorder of one actor in a process. */
export function createRecorder(process: Process, actor: string): Recorder {
  const { sim, server } = process
  const state = sim.slice<RecorderState>(`recorder/${process.name}/${actor}`, () => ({ known: new Map() }))

  function write(object: KubeObject, input: EventInput): void {
    const key = [object.kind, object.metadata.uid, input.fieldPath, input.type, input.reason, input.message].join('|')
    const namespace = object.metadata.namespace ?? 'default'
    const known = state.known.get(key)
    if (known !== undefined && repeat(known, namespace)) return
    const serial = hash32(`${key}${sim.now()}`).toString(16).padStart(8, '0')
    const name = `${object.metadata.name}.18${Math.floor(sim.now()).toString(16).padStart(6, '0').slice(-6)}${serial}`
    remember(key, { name, count: 1 })
    send('create', namespace, eventOf(object, input, { name, namespace, actor, now: formatTime(sim.now()) }))
  }

  function repeat(known: Known, namespace: string): boolean {
    const event = find(known.name, namespace)
    if (event === undefined) return false
    known.count++
    send('update', namespace, { ...event, count: known.count, lastTimestamp: formatTime(sim.now()) })
    return true
  }

  function find(name: string, namespace: string): Event | undefined {
    try {
      return server.perform({ ...path('get', namespace), name }, actor) as Event
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined // its hour was over
      throw error
    }
  }

  function send(verb: 'create' | 'update', namespace: string, body: object): void {
    const { name } = (body as Event).metadata
    server.perform({ ...path(verb, namespace), body, ...(verb === 'update' && { name }) }, actor)
  }

  function remember(key: string, known: Known): void {
    if (state.known.size >= rememberedMax) state.known.delete(state.known.keys().next().value!)
    state.known.set(key, known)
  }

  return {
    event(object, input) {
      if (!process.isUp()) return
      try {
        write(object, input)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error // an event is best effort: a namespace that is going refuses it
      }
    },
  }
}

function path<V extends 'create' | 'update' | 'get'>(verb: V, namespace: string) {
  return { verb, group: '', version: 'v1', resource: 'events', namespace }
}

interface Occasion {
  readonly name: string
  readonly namespace: string
  readonly actor: string
  readonly now: string
}

function eventOf(object: KubeObject, input: EventInput, { name, namespace, actor, now }: Occasion): object {
  const { kind, apiVersion, metadata } = object
  const involvedObject = {
    kind,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    name: metadata.name,
    uid: metadata.uid,
    apiVersion,
    resourceVersion: metadata.resourceVersion,
    ...(input.fieldPath !== undefined && { fieldPath: input.fieldPath }),
  }
  const { type, reason, message, host, action } = input
  const who = { reportingComponent: actor, reportingInstance: host ?? '' }
  const frame = { metadata: { name, namespace }, involvedObject, reason, message, type, ...who }
  if (action !== undefined) return { ...frame, source: {}, firstTimestamp: null, lastTimestamp: null, eventTime: now, action }
  const source = { component: actor, ...(host !== undefined && { host }) }
  return { ...frame, source, firstTimestamp: now, lastTimestamp: now, count: 1, eventTime: null }
}
