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
  readonly similar: Similar[]
  /** the Events that exist */
  readonly known: Known[]
  /** what was not written since too much had been said */
  readonly quiet: Quiet[]
}

/** What similar events have in common, whatever their message. */
interface Sort {
  readonly type: string
  readonly reason: string
  /** the part of the object, or the action of a new-style event */
  readonly part: string | undefined
}

interface Similar extends Sort {
  readonly messages: readonly string[]
  readonly lastAt: number
}

/** An Event that exists, and how often it has been told. */
export interface Known extends Sort {
  /** undefined where any message counts as the same: similar events were folded into it, or it is a series */
  readonly message: string | undefined
  readonly name: string
  readonly count: number
  /** new-style events: when it was last told and last written */
  readonly seenAt: number
  readonly writtenAt: number
}

/** How often something was kept quiet. */
export interface Quiet extends Sort {
  readonly message: string | undefined
  readonly count: number
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

/** Of one object, hours of what its allowance lets pass. */
const knownMax = 100

const noMessages: readonly string[] = Object.freeze([])

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
  const source = found ?? { tokens: burst, filledAt: now, similar: [], known: [], quiet: [] }
  sources.set(about, source)
  if (sources.size > rememberedMax) sources.delete(sources.keys().next().value!)
  return source
}

/** Whether an event is folded with those like it: the tenth within ten minutes is, and those that follow. */
export function isFolded({ similar }: Source, { type, reason, fieldPath, message }: Occurrence, now: number): boolean {
  const at = indexOf(similar, type, reason, fieldPath)
  const before = at < 0 ? undefined : similar[at]!
  const messages = before === undefined || now - before.lastAt > similarMs ? noMessages : before.messages
  const isNew = !messages.includes(message)
  const isKept = messages.length + Number(isNew) < similarMax
  const kept = isNew && isKept ? [...messages, message] : messages
  const next = freeze({ type, reason, part: fieldPath, messages: kept, lastAt: now })
  if (before === undefined) similar.push(next)
  else similar[at] = next
  // differs: upstream forgets one message of the set at random; here it is always the newest
  return isNew && !isKept
}

/** Whether something may be said of an object: 25 times at once, then once in five minutes. */
export function isAllowed(source: Source, now: number): boolean {
  const tokens = Math.min(burst, source.tokens + (now - source.filledAt) / refillMs)
  const isFine = tokens >= 1
  source.tokens = isFine ? tokens - 1 : tokens
  source.filledAt = now
  return isFine
}

/** The Event that exists of that sort. */
export function knownOf(
  { known }: Source,
  type: string,
  reason: string,
  part: string | undefined,
  message: string | undefined,
): Known | undefined {
  for (const one of known) if (one.message === message && isOf(one, type, reason, part)) return one
  return undefined
}

/** Keeps in mind an Event that was written, in place of what was known of it `before`. */
export function remember({ known }: Source, before: Known | undefined, next: Known): Known {
  const at = before === undefined ? -1 : known.indexOf(before)
  if (at >= 0) known[at] = freeze(next)
  else if (known.push(freeze(next)) > knownMax) known.shift()
  return next
}

/** The same Event, told or written once more. */
export function changed(known: Known, count: number, seenAt: number, writtenAt: number): Known {
  const { type, reason, part, message, name } = known
  return { type, reason, part, message, name, count, seenAt, writtenAt }
}

/** Counts what is kept quiet. */
export function keepQuiet(
  { quiet }: Source,
  { type, reason, fieldPath }: Occurrence,
  message: string | undefined,
): void {
  const at = quiet.findIndex((one) => one.message === message && isOf(one, type, reason, fieldPath))
  const next = freeze({ type, reason, part: fieldPath, message, count: (quiet[at]?.count ?? 0) + 1 })
  if (at >= 0) quiet[at] = next
  else if (quiet.push(next) > knownMax) quiet.shift()
}

function indexOf(sorts: readonly Sort[], type: string, reason: string, part: string | undefined): number {
  for (let index = 0; index < sorts.length; index++) if (isOf(sorts[index]!, type, reason, part)) return index
  return -1
}

function isOf(sort: Sort, type: string, reason: string, part: string | undefined): boolean {
  return sort.reason === reason && sort.part === part && sort.type === type
}
