import type { ContainerMark, Countdown, PodRow } from '../../protocol.ts'

const states: Record<ContainerMark['state'], string> = {
  waiting: 'wait',
  pulling: 'pull',
  started: 'warm',
  running: '',
  stopping: 'stop',
  failed: 'bad',
  done: 'done',
}

const roles: Record<ContainerMark['role'], string> = { app: '', init: 'init', sidecar: 'side' }

/** The classes of a container's mark. */
export function markClass({ role, state }: ContainerMark, isGone: boolean): string {
  const look = isGone && state !== 'done' ? 'gone' : states[state]
  return [roles[role], look].filter(Boolean).join(' ')
}

/** Circumference of a countdown's ring (radius 3.8). */
export const ringLength = 2 * Math.PI * 3.8

/** How much of a wait is left, 1…0. */
export function leftOf({ from, until }: Countdown, now: number): number {
  return until <= from ? 0 : Math.max(0, Math.min(1, (until - now) / (until - from)))
}

const waits: Record<Countdown['kind'], string> = {
  grace: 'grace period left',
  backOff: 'back-off left',
  pull: 'until the image is here',
  toleration: 'until it is evicted',
}

/** What a countdown counts. */
export function waitName(kind: Countdown['kind']): string {
  return waits[kind]
}

const probeNames = { R: 'readiness', L: 'liveness', S: 'startup' } as const

/** The probes worth showing: of a pod that is not ready, and those that failed lately; one, because a tile has room for one. */
export function probeShown(
  pod: PodRow,
): { letter: 'R' | 'L' | 'S'; name: string; results: readonly boolean[] } | undefined {
  if (pod.look !== 'notReady' && pod.look !== 'ready') return undefined
  const failing = pod.probes.filter(({ results }) => results.slice(-4).includes(false))
  const probe = failing[0] ?? (pod.look === 'notReady' ? pod.probes[0] : undefined)
  return probe && { letter: probe.letter, name: probeNames[probe.letter], results: probe.results.slice(-4) }
}
