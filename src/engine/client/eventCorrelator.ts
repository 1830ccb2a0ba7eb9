import type { Event } from '../api/index.ts'
import { freeze } from '../sim/index.ts'

/** What a recorder has said of things lately: decides whether an event is told, counted or kept quiet. Plain data. */
export interface CorrelatorState {
  /** by the uid of what was spoken of */
  sources: Map<string, Source>
}

/** What was said of one object. What hangs from it is frozen: a checkpoint shares it. */
export interface Source {
  /** how much may still be said, as of a moment */
  tokens: number
  filledAt: number
  /** of what tells it from others: what the names of its Events are hashed from; 0 until it is asked for */
  hash: number
  /** how the last Event named the object */
  reference: ObjectReference | undefined
  said: Said[]
}

/** An object as Events name it. */
export type ObjectReference = Event['involvedObject']

/** One thing that was said of an object: how often, whether told or kept quiet. */
export interface Said {
  readonly type: string
  readonly reason: string
  /** the part of the object, or the action of a new-style event */
  readonly part: string | undefined
  /** undefined where any message counts as the same: similar events were folded into it, or it is a series */
  readonly message: string | undefined
  /** the Event that was written last; the empty string where there was none */
  readonly name: string
  /** how often it was told */
  readonly count: number
  /** how often it was not written since too much had been said */
  readonly quiet: number
  /** when it came last */
  readonly seenAt: number
  /** new-style events: when it was last written */
  readonly writtenAt: number
  /** when the run of similar events began in which it came last */
  readonly since: number
}

/** What is correlated: all that tells one event of an object from another. */
export interface Occurrence {
  readonly type: string
  readonly reason: string
  readonly fieldPath?: string | undefined
  readonly message: string
}

// upstream: staging/src/k8s.io/client-go/tools/record/events_cache.go
const rememberedMax = 4096
const similarMax = 10
const similarMs = 600_000
const burst = 25
const refillMs = 300_000

/** Of one object, hours of what its allowance lets pass, and as much again that it does not. */
const saidMax = 200

/** Nothing has been said yet. */
export function createCorrelator(): CorrelatorState {
  return { sources: new Map() }
}

/** What was said of an object; those that nobody has spoken of for longest are forgotten when there are too many. */
export function sourceOf({ sources }: CorrelatorState, about: string, now: number): Source {
  const found = sources.get(about)
  // as long as there is plenty of room, nobody asks who was touched last
  if (found !== undefined && sources.size <= rememberedMax / 2) return found
  if (found !== undefined) sources.delete(about)
  const source = found ?? { tokens: burst, filledAt: now, hash: 0, reference: undefined, said: [] }
  sources.set(about, source)
  if (sources.size > rememberedMax) sources.delete(sources.keys().next().value!)
  return source
}

/** What of that sort was said last of an object, in whatever words. */
export function lastOf({ said }: Source, { type, reason, fieldPath }: Occurrence): Said | undefined {
  let last: Said | undefined
  for (const one of said)
    if (isOf(one, type, reason, fieldPath) && (last === undefined || one.seenAt >= last.seenAt)) last = one
  return last
}

/** When the run of similar events began that an event now goes on: ten minutes without any end it. */
export function runOf(last: Said | undefined, now: number): number {
  return last === undefined || now - last.seenAt > similarMs ? now : last.since
}

/** Whether an event is folded with those like it: the tenth of a run is, and those that follow. */
// differs: upstream forgets one message of the set at random; here it is always the newest
export function isFolded({ said }: Source, { type, reason, fieldPath, message }: Occurrence, since: number): boolean {
  let others = 0
  for (const one of said) {
    if (one.since !== since || one.message === undefined || !isOf(one, type, reason, fieldPath)) continue
    if (one.message === message) return false
    others++
  }
  return others >= similarMax - 1
}

/** Whether something may be said of an object: 25 times at once, then once in five minutes. */
export function isAllowed(source: Source, now: number): boolean {
  const tokens = Math.min(burst, source.tokens + (now - source.filledAt) / refillMs)
  const isFine = tokens >= 1
  source.tokens = isFine ? tokens - 1 : tokens
  source.filledAt = now
  return isFine
}

/** What is known of something that was said before. */
export function knownOf(
  { said }: Source,
  type: string,
  reason: string,
  part: string | undefined,
  message: string | undefined,
): Said | undefined {
  for (const one of said) if (one.message === message && isOf(one, type, reason, part)) return one
  return undefined
}

/** Keeps in mind what was said, in place of what was known of it `before`. */
export function remember(source: Source, before: Said | undefined, next: Said): Said {
  const { said } = source
  const at = before === undefined ? -1 : said.indexOf(before)
  if (at >= 0) said[at] = freeze(next)
  else add(source, freeze(next))
  return next
}

/** Of most objects three things are said at most: a list that is pushed to would have room for sixteen more. */
function add(source: Source, next: Said): void {
  const { said } = source
  if (said.length === 0) source.said = [next]
  else if (said.length === 1) source.said = [said[0]!, next]
  else if (said.length === 2) source.said = [said[0]!, said[1]!, next]
  else if (said.push(next) > saidMax) said.shift()
}

/** The same, told or written once more. */
export function changed(known: Said, count: number, seenAt: number, writtenAt: number, since = known.since): Said {
  const { type, reason, part, message, name, quiet } = known
  return { type, reason, part, message, name, count, quiet, seenAt, writtenAt, since }
}

/** Counts what is kept quiet. */
export function keepQuiet(
  source: Source,
  { type, reason, fieldPath: part }: Occurrence,
  message: string | undefined,
  now: number,
  since: number,
): void {
  const known = knownOf(source, type, reason, part, message)
  const name = known?.name ?? ''
  const count = known?.count ?? 0
  const quiet = (known?.quiet ?? 0) + 1
  const writtenAt = known?.writtenAt ?? now
  remember(source, known, { type, reason, part, message, name, count, quiet, seenAt: now, writtenAt, since })
}

function isOf(one: Said, type: string, reason: string, part: string | undefined): boolean {
  return one.reason === reason && one.part === part && one.type === type
}
