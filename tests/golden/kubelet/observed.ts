import type { Event, Pod } from '../../../src/engine/api/index.ts'
import type { FakeRuntime } from './fakeRuntime.ts'

/** A pod's state in a recording's words, and when it was first seen. */
export type SeenState = Record<string, unknown> & { at: number }

type Status = NonNullable<Pod['status']['containerStatuses']>[number]

/** Puts a pod into a recording's words. */
export function stateOf(pod: Pod, runtime: FakeRuntime, normalise: (text: string) => string): Record<string, unknown> {
  const { metadata, spec, status } = pod
  const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : normalise(value))
  const lists = (statuses: readonly Status[] | undefined) =>
    statuses && statuses.length > 0
      ? Object.fromEntries(statuses.map((one) => [one.name, containerOf(one, runtime, text)]))
      : undefined
  const isFull = (value: unknown): value is object =>
    value !== undefined && value !== null && Object.keys(value).length > 0
  return compact({
    phase: status.phase,
    reason: status.reason,
    message: text(status.message),
    node: spec.nodeName !== undefined && spec.nodeName !== '',
    podIP: status.podIP ? true : undefined,
    hostIP: status.hostIP ? true : undefined,
    startTime: status.startTime ? true : undefined,
    generation: metadata.generation,
    observedGeneration: status.observedGeneration,
    deleting: metadata.deletionTimestamp === undefined ? undefined : metadata.deletionGracePeriodSeconds,
    qosClass: status.qosClass,
    conditions: (status.conditions ?? []).map(({ type, status: value, reason, message, observedGeneration }) => {
      const why = reason ? `(${reason})` : ''
      const told = message ? `: ${normalise(message)}` : ''
      return `${type}=${value}${why}${told}${observedGeneration ? ` [gen ${observedGeneration}]` : ''}`
    }),
    init: lists(status.initContainerStatuses as readonly Status[]),
    containers: lists(status.containerStatuses as readonly Status[]),
    ephemeral: lists(status.ephemeralContainerStatuses as readonly Status[]),
    pod_resources: isFull((status as { resources?: object }).resources)
      ? (status as { resources?: object }).resources
      : undefined,
    pod_allocatedResources: (status as { allocatedResources?: object }).allocatedResources,
  })
}

function containerOf(
  status: Status,
  runtime: FakeRuntime,
  text: (value: string | undefined) => string | undefined,
): object {
  const { running, waiting, terminated } = status.state ?? {}
  const isFull = (value: unknown): boolean => value !== undefined && Object.keys(value as object).length > 0
  return compact({
    state: running ? 'running' : terminated ? endOf(terminated, text) : 'waiting',
    reason: waiting?.reason,
    message: text(waiting?.message),
    ready: status.ready,
    started: status.started ?? null,
    restartCount: status.restartCount,
    last: status.lastState?.terminated ? endOf(status.lastState.terminated, text) : undefined,
    imageID: status.imageID ? true : undefined,
    containerID: status.containerID ? runtime.labelOf(status.containerID) : undefined,
    resources: isFull(status.resources) ? status.resources : undefined,
    allocatedResources: status.allocatedResources,
  })
}

interface Terminated {
  readonly reason?: string
  readonly exitCode: number
  readonly message?: string
  readonly startedAt?: string | null
}

function endOf(
  { reason, exitCode, message, startedAt }: Terminated,
  text: (value: string | undefined) => string | undefined,
): object {
  const when = startedAt == null ? null : startedAt.startsWith('1970') ? 'epoch' : true
  return compact({ terminated: reason, exitCode, message: text(message), startedAt: when })
}

function compact(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}

/** An Event in a recording's words. */
export function eventOf(
  { involvedObject, type, reason, message, source, reportingComponent }: Event,
  normalise: (text: string) => string,
): Record<string, unknown> {
  return compact({
    object: `${involvedObject.kind}/${involvedObject.name}`,
    fieldPath: involvedObject.fieldPath,
    type,
    reason,
    message: durationsOut(normalise(message ?? '')),
    from: source?.component || reportingComponent,
  })
}

function durationsOut(message: string): string {
  return message.replace(
    /in [0-9.]+m?s \([0-9.hm]+s including waiting\)/,
    'in <duration> (<duration> including waiting)',
  )
}
