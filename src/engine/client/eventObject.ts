import {
  formatMicroTime,
  formatTime,
  hexDigits,
  shallowCopy,
  type Draft,
  type Event,
  type KubeObject,
} from '../api/index.ts'
import { hash32 } from '../sim/index.ts'
import type { ObjectReference, Said, Source } from './eventCorrelator.ts'

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

/** Where the Events about an object are. */
export function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? 'default'
}

/** upstream: sixteen hexadecimal digits of the time; ours are the time's and a hash's, so that two of one instant differ */
export function nameOf(about: ObjectReference, hash: number, now: number): string {
  const high = 0x18000000 | (Math.floor(now) & 0xffffff)
  return `${about.name}.${hexDigits(high, hash32(String(now), hash))}`
}

/** An Event as its recorder makes it. */
export function eventOf(
  involvedObject: ObjectReference,
  { type, reason, message, host, action }: EventInput,
  { name, count, writtenAt: now }: Said,
  source: Voice,
): Event {
  const namespace = involvedObject.namespace ?? 'default'
  // what the server fills in has its place already: objects that grow cost their readers time
  const metadata = { name, namespace, uid: '', creationTimestamp: '', resourceVersion: '' }
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

/** A stored Event about to be told once more. What is not written anew is the stored one's. */
export function retold(event: Event): Draft<Event> {
  const next = shallowCopy(event) as Draft<Event>
  next.metadata = shallowCopy(event.metadata) as Draft<Event>['metadata']
  return next
}

const noSource = Object.freeze({})

/** The source of old-style Events. */
export interface Voice {
  readonly component: string
  readonly host?: string
}

/** The source of what a component says, perhaps on a node. */
export function voiceOf(component: string, host: string | undefined): Voice {
  return Object.freeze(host === undefined ? { component } : { component, host })
}

/** How an Event names its object: as the last one did, if nothing has changed. */
export function referenceFor(source: Source, object: KubeObject, fieldPath: string | undefined): ObjectReference {
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
