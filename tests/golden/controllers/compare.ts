import type { EventEntry, Order, Recording } from './recording.ts'
import { text, type Replay } from './replay.ts'

/** One list of a recording, and whether ours says the same. */
export interface Check {
  readonly what: string
  readonly passed: boolean
  readonly expected: readonly string[]
  readonly got: readonly string[]
}

/** Compares a replay with its recording, list by list: what was scaled, pods, events, then states. */
export function compare(recording: Recording, replay: Replay, kindsServed: ReadonlySet<string>): Check[] {
  const isCompared = (key: string): boolean => !key.includes('/') || kindsServed.has(key.split('/')[0]!)
  const isStrict = recording.area === 'replicaset'
  const checks: Check[] = []
  for (const [key, { order, states }] of Object.entries(recording.timeline)) {
    if (!isCompared(key)) continue
    const expected = states.map(text)
    const got = (replay.timeline.get(key) ?? []).map(text)
    const isState = key.includes('/')
    const isSame = isState ? sameStates(expected, got, order) : sameList(expected, got, order, isStrict)
    const passed = isSame || (key === 'Pods' && sameButScheduling(expected, got, order, isStrict))
    checks.push({ what: `timeline ${key}`, passed, expected, got })
  }
  for (const [key, { order, list }] of Object.entries(recording.events)) {
    if (!isCompared(key)) continue
    const expected = list.filter(isOurs).map(entryText)
    const got = (replay.events.get(key) ?? []).filter(isOurs).map(entryText)
    if (expected.length > 0 || got.length > 0)
      checks.push({ what: `events ${key}`, passed: sameList(expected, got, order, isStrict), expected, got })
  }
  return checks
}

/** Whatever the scheduler says of its reasons is not the controllers' doing. */
function isOurs({ reason, from }: EventEntry): boolean {
  return from !== 'default-scheduler' || reason === 'Scheduled'
}

function entryText({ count, objects, ...entry }: EventEntry): string {
  return text({
    ...entry,
    ...(typeof count === 'number' && { count }),
    ...(typeof objects === 'number' && { objects }),
  })
}

/** Two status writes may fall into one, or one into two: the last state and the order of those that both have decide. */
function sameStates(expected: readonly string[], got: readonly string[], order: Order): boolean {
  if (expected[expected.length - 1] !== got[got.length - 1]) return false
  return order === 'any'
    ? true
    : isWithin(expected, got) || (isWithin(got, expected) && got.length * 4 >= expected.length * 3)
}

function sameList(expected: readonly string[], got: readonly string[], order: Order, isStrict: boolean): boolean {
  if (matches(expected, got, order)) return true
  // which of several equal pods it was is chance
  return !isStrict && matches(expected.map(anyPod), got.map(anyPod), order)
}

/** When a pod is scheduled is the scheduler's affair: it may come before or after other pods are made. */
function sameButScheduling(
  expected: readonly string[],
  got: readonly string[],
  order: Order,
  isStrict: boolean,
): boolean {
  const isScheduling = (line: string): boolean => line.startsWith('"scheduled ')
  const others = (lines: readonly string[]): readonly string[] => lines.filter((line) => !isScheduling(line))
  const scheduled = (lines: readonly string[]): readonly string[] => lines.filter(isScheduling)
  return (
    sameList(others(expected), others(got), order, isStrict) &&
    sameList(scheduled(expected), scheduled(got), order ?? 'any', isStrict)
  )
}

function matches(expected: readonly string[], got: readonly string[], order: Order): boolean {
  if (order === 'any') return text([...expected].sort()) === text([...got].sort())
  return order === 'subset' ? isWithin(expected, got) : text(expected) === text(got)
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0
  for (const each of whole) if (each === part[at]) at++
  return at === part.length
}

function anyPod(line: string): string {
  // a daemon's pod is called after its node: <a1>; which of several equal nodes comes first is chance, too
  return line.replace(/<p\d+>/g, '<p>').replace(/<[a-d]\d+>( [a-d])?/g, '<d>')
}
