import { isEqual } from '../../../src/engine/api/index.ts'
import type { SeenState } from './observed.ts'
import type { RecordedEvent, RecordedState, Recording } from './recording.ts'
import type { Replayed } from './replay.ts'

/** What differs between a recording and a replay: nothing where both say the same. */
export interface Verdict {
  readonly states: readonly string[]
  readonly events: readonly string[]
  /** counts and gaps that are out of their range; they do not decide */
  readonly rhythm: readonly string[]
}

/** Compares states, then events, then the rhythm. */
export function compare(recording: Recording, played: Replayed): Verdict {
  const replayed = { ...played, events: played.events.filter((event) => isKubelets(event as unknown as RecordedEvent)) }
  const states = Object.entries(recording.pods).flatMap(([name, expected]) =>
    compareStates(name, expected, replayed.pods.get(name) ?? []),
  )
  return {
    states,
    events: compareEvents(recording.events, replayed),
    rhythm: [...compareCounts(recording, replayed), ...compareGaps(recording, replayed)],
  }
}

/** Not the kubelet's: what the scheduler says of a pod that it cannot place. */
function isOthers({ conditions }: Readonly<Record<string, unknown>>): boolean {
  return (conditions as readonly string[] | undefined)?.some((line) => line.startsWith('PodScheduled=False')) ?? false
}

/** Events of controllers and of the scheduler, which this replay has no part of. */
const isKubelets = ({ from, reason }: RecordedEvent): boolean => from === 'kubelet' || reason === 'Scheduled'

function bare({
  at: _at,
  only: _only,
  cell: _cell,
  ...state
}: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (state['observedGeneration'] !== undefined || state['conditions'] === undefined) return state
  // before the kubelet's first word the conditions are the API server's
  return {
    ...state,
    conditions: (state['conditions'] as readonly string[]).map((line) => line.replace(/ \[gen \d+\]$/, '')),
  }
}

function compareStates(name: string, recorded: readonly RecordedState[], seen: readonly SeenState[]): string[] {
  const expected = recorded.filter((state) => !isOthers(state))
  const got = seen.filter((state) => !isOthers(state))
  const end = longestMatch(expected, got)
  if (end === undefined) return []
  const [at, index] = end
  const wanted = expected[at] ? JSON.stringify(bare(expected[at])) : 'nothing more'
  return [
    `${name}: state ${at} at ${JSON.stringify(expected[at]?.at)}: ${differenceOf(expected[at], got[index])}\n      wanted ${wanted}\n      got    ${got[index] ? JSON.stringify(got[index]) : 'nothing more'}`,
  ]
}

/** Where two lists part; states seen in one run only may be there or not. Undefined when the whole recording is found. */
function longestMatch(expected: readonly RecordedState[], got: readonly SeenState[]): [number, number] | undefined {
  let furthest: [number, number] = [0, 0]
  const walk = (at: number, index: number): boolean => {
    if (at + index > furthest[0] + furthest[1]) furthest = [at, index]
    if (at === expected.length) return true
    const state = expected[at]!
    if (got[index] !== undefined && isEqual(bare(state), bare(got[index])))
      return walk(at + 1, index + 1) || (state.only !== undefined && walk(at + 1, index))
    if (state.only !== undefined && walk(at + 1, index)) return true
    return isBrief(got, index) && walk(at, index + 1)
  }
  return walk(0, 0) ? undefined : furthest
}

/** A status that another followed at once: a real kubelet writes both or only the second, as chance has it. */
function isBrief(got: readonly SeenState[], index: number): boolean {
  const next = got[index + 1]
  return next !== undefined && next.at - got[index]!.at <= 0.04
}

function differenceOf(wanted: object | undefined, got: object | undefined): string {
  const a = (wanted ?? {}) as Record<string, unknown>
  const b = (got ?? {}) as Record<string, unknown>
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (key) => !['at', 'cell', 'only'].includes(key) && !isEqual(a[key], b[key]),
  )
  return keys.join(', ')
}

function compareEvents(expected: readonly RecordedEvent[], { events }: Replayed): string[] {
  const findings: string[] = []
  const own = expected.filter(isKubelets)
  const shared = own.filter(({ at }) => at.every((times) => times !== null) && at.length > 0)
  for (const object of new Set([
    ...shared.map((event) => event.object),
    ...events.map((event) => String(event['object'])),
  ])) {
    const wanted = order(shared.filter((event) => event.object === object))
    const optional = own.filter((event) => event.object === object && !shared.includes(event)).map(lineOf)
    const got = order(events.filter((event) => event['object'] === object)).filter((line) => !optional.includes(line))
    if (!isEqual(wanted, got)) {
      const missing = wanted.filter((line) => !got.includes(line))
      const extra = got.filter((line) => !wanted.includes(line))
      findings.push(
        `${object}: missing ${JSON.stringify(missing)}, extra ${JSON.stringify(extra)}${missing.length + extra.length === 0 ? ` order ${JSON.stringify(got)}` : ''}`,
      )
    }
  }
  return findings
}

function lineOf(event: Readonly<Record<string, unknown>> | RecordedEvent): string {
  const { fieldPath = '', type, reason, message, from } = event as RecordedEvent
  return [fieldPath, type, reason, message, from].join(' | ')
}

/** Containers are killed at the same time, in no order; so is what several containers say in the same instant. */
function order(events: readonly (Readonly<Record<string, unknown>> | RecordedEvent)[]): string[] {
  const lines: string[] = []
  let killing: string[] = []
  for (const event of events) {
    if ((event as RecordedEvent).reason === 'Killing') {
      killing.push(lineOf(event))
      continue
    }
    lines.push(...killing.sort(), lineOf(event))
    killing = []
  }
  return [...lines, ...killing.sort()]
}

function compareCounts({ events: expected }: Recording, { events }: Replayed): string[] {
  return expected.flatMap((event) => {
    const counts = (event.count ?? []).filter((count) => count !== null)
    const found = events.find((one) => one['object'] === event.object && lineOf(one) === lineOf(event))
    if (found === undefined) return []
    const wanted = counts.length > 0 ? counts : [1]
    const isNear = found.count >= Math.min(...wanted) - 1 && found.count <= Math.max(...wanted) + 1
    return isNear ? [] : [`${event.object} ${event.reason}: count ${found.count}, recorded ${JSON.stringify(wanted)}`]
  })
}

const reasons: Readonly<Record<string, string>> = { Started: 'Started', Pulling: 'Pulling', Unhealthy: 'Unhealthy' }

function compareGaps({ gaps = {} }: Recording, { events }: Replayed): string[] {
  return Object.entries(gaps).flatMap(([key, recorded]) => {
    const [reason = '', object = '', container = ''] = key.split(' ')
    const found = events.filter(
      (one) =>
        one['reason'] === reasons[reason] &&
        one['object'] === object &&
        String(one['fieldPath']).includes(`{${container}}`),
    )
    if (found.length !== 1) return []
    const times = found[0]!.at
    const ours = times.slice(1).map((time, index) => time - times[index]!)
    return recorded[0]!.flatMap((_, index) => {
      const wanted = recorded.map((run) => run[index]).filter((gap) => gap !== undefined)
      const gap = ours[index]
      if (gap === undefined || wanted.length === 0) return []
      const slack = 1.2 + 0.5 * Math.max(...wanted)
      const isNear = gap >= Math.min(...wanted) - slack && gap <= Math.max(...wanted) + slack
      return isNear ? [] : [`${key}: gap ${index} is ${gap.toFixed(2)}, recorded ${JSON.stringify(wanted)}`]
    })
  })
}
