import { parseTime, type Pod } from '../../../api/index.ts'
import { ageColumn, humanDuration, nameColumn } from '../../columns.ts'
import type { Column } from '../../column.ts'
import { isSidecar, type ContainerStatus } from './types.ts'

// upstream: pkg/printers/internalversion/printers.go printPod

/** What `kubectl get pods` shows. */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  { name: 'Ready', cell: (pod) => `${summaryOf(pod).ready}/${totalOf(pod)}` },
  { name: 'Status', cell: (pod) => summaryOf(pod).reason },
  { name: 'Restarts', cell: (pod, now) => restartsText(summaryOf(pod), now) },
  ageColumn,
  { name: 'IP', priority: 1, cell: ({ status }) => status.podIPs?.[0]?.ip ?? status.podIP ?? '<none>' },
  { name: 'Node', priority: 1, cell: ({ spec }) => spec.nodeName || '<none>' },
  { name: 'Nominated Node', priority: 1, cell: ({ status }) => status.nominatedNodeName || '<none>' },
  { name: 'Readiness Gates', priority: 1, cell: (pod) => gatesText(pod) },
]

/** A pod in the words of `kubectl get`. */
export interface PodSummary {
  readonly ready: number
  readonly reason: string
  readonly restarts: number
  /** virtual milliseconds of the last restart's end, NaN when there was none */
  readonly lastRestartAt: number
}

/** Works out the STATUS, READY and RESTARTS of a pod. */
export function summaryOf(pod: Pod): PodSummary {
  const { status } = pod
  const isGated = status.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated')
  const phase = status.reason || status.phase || ''
  const start: PodSummary = { ready: 0, reason: isGated ? 'SchedulingGated' : phase, restarts: 0, lastRestartAt: NaN }
  const init = initSummary(pod, start)
  const isDone = !init.isInitializing || hasCondition(pod, 'Initialized')
  const whole = isDone ? mainSummary(pod, { ...init.sidecars, reason: init.summary.reason }) : init.summary
  return { ...whole, reason: deletedReason(pod) ?? whole.reason }
}

function totalOf({ spec }: Pod): number {
  return spec.containers.length + (spec.initContainers ?? []).filter(isSidecar).length
}

interface InitSummary {
  readonly summary: PodSummary
  /** what counts on once initialisation is over: the sidecars alone */
  readonly sidecars: PodSummary
  readonly isInitializing: boolean
}

function initSummary({ spec, status }: Pod, start: PodSummary): InitSummary {
  const kinds = new Map((spec.initContainers ?? []).map((container) => [container.name, isSidecar(container)]))
  let summary = start
  let sidecars = start
  for (const [index, one] of (status.initContainerStatuses ?? []).entries()) {
    const runsOn = kinds.get(one.name) === true
    summary = counted(summary, one)
    if (runsOn) sidecars = counted(sidecars, one)
    if (one.state?.terminated?.exitCode === 0) continue
    if (runsOn && one.started === true) {
      if (!one.ready) continue
      summary = { ...summary, ready: summary.ready + 1 }
      sidecars = { ...sidecars, ready: sidecars.ready + 1 }
      continue
    }
    return { summary: { ...summary, reason: initReason(one, index, kinds.size) }, sidecars, isInitializing: true }
  }
  return { summary, sidecars, isInitializing: false }
}

function initReason({ state }: ContainerStatus, index: number, total: number): string {
  const { terminated, waiting } = state ?? {}
  if (terminated) return `Init:${endReason(terminated)}`
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`
  return `Init:${index}/${total}`
}

function endReason({ reason, signal, exitCode }: { reason?: string; signal?: number; exitCode: number }): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
}

function mainSummary(pod: Pod, start: PodSummary): PodSummary {
  let summary = start
  let hasRunning = false
  for (const one of [...(pod.status.containerStatuses ?? [])].reverse()) {
    summary = counted(summary, one)
    const { waiting, terminated, running } = one.state ?? {}
    if (waiting?.reason) summary = { ...summary, reason: waiting.reason }
    else if (terminated) summary = { ...summary, reason: endReason(terminated) }
    else if (one.ready && running) {
      hasRunning = true
      summary = { ...summary, ready: summary.ready + 1 }
    }
  }
  if (summary.reason !== 'Completed' || !hasRunning) return summary
  return { ...summary, reason: hasCondition(pod, 'Ready') ? 'Running' : 'NotReady' }
}

function counted(summary: PodSummary, { restartCount, lastState }: ContainerStatus): PodSummary {
  const ended = lastState?.terminated?.finishedAt
  const at = ended ? parseTime(ended) : NaN
  const lastRestartAt = Number.isNaN(summary.lastRestartAt) || at > summary.lastRestartAt ? at : summary.lastRestartAt
  return {
    ...summary,
    restarts: summary.restarts + (restartCount ?? 0),
    lastRestartAt: Number.isNaN(at) ? summary.lastRestartAt : lastRestartAt,
  }
}

function deletedReason({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined
  if (status.reason === 'NodeLost') return 'Unknown'
  return status.phase === 'Failed' || status.phase === 'Succeeded' ? undefined : 'Terminating'
}

function hasCondition({ status }: Pod, type: string): boolean {
  return status.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true
}

function restartsText({ restarts, lastRestartAt }: PodSummary, now: number): string {
  if (restarts === 0 || Number.isNaN(lastRestartAt)) return String(restarts)
  return `${restarts} (${humanDuration(now - lastRestartAt)} ago)`
}

function gatesText(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  return `${gates.filter(({ conditionType }) => hasCondition(pod, conditionType)).length}/${gates.length}`
}
