import type { Container, ContainerRecord, ProbeResult, ProbeState } from './state.ts'

/** A pod's probes, by container and kind: `web/liveness`. */
export type Probes = Readonly<Record<string, ProbeState>>

/** What a probe says of a container's present run; undefined while it has nothing to say. */
export function resultOf(
  probes: Probes,
  { id, name }: ContainerRecord,
  kind: 'liveness' | 'startup',
): ProbeResult | undefined {
  const probe = probes[`${name}/${kind}`]
  return probe?.id === id ? probe.result : undefined
}

/** Whether a startup probe, where there is one, has let a container through. */
// upstream: without a worker for it a startup probe counts as passed: a kubelet that just started does not doubt what runs
export function hasStarted(probes: Probes, container: Container, record: ContainerRecord): boolean {
  if (container.startupProbe === undefined || probes[`${container.name}/startup`] === undefined) return true
  return resultOf(probes, record, 'startup') === 'success'
}

/** Whether a container that has started is ready, too. upstream: prober_manager.go UpdatePodStatus */
export function isReady(probes: Probes, container: Container, record: ContainerRecord): boolean {
  if (container.readinessProbe === undefined) return true
  const probe = probes[`${container.name}/readiness`]
  return probe === undefined || (probe.id === record.id && probe.result === 'success')
}
