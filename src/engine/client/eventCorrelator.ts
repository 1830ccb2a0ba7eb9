/** What a source has said of things lately: decides whether an event is told, counted or kept quiet. Plain data. */
export interface CorrelatorState {
  /** similar events, whatever their message; by what they have in common */
  similar: Map<string, Similar>
  /** events that have been written, by all that they say */
  known: Map<string, Known>
  /** how much a source may still say of an object */
  allowances: Map<string, Allowance>
  /** how often something was not written since its source had said too much of that object; by all that it says */
  quiet: Map<string, number>
}

/** Frozen, as allowances are: there are several per pod, and a checkpoint shares what is frozen. */
interface Similar {
  readonly messages: readonly string[]
  readonly lastAt: number
}

/** An Event that exists, and how often it has been told. */
export interface Known {
  readonly name: string
  count: number
  /** new-style events: when it was last told and last written */
  seenAt: number
  writtenAt: number
}

interface Allowance {
  readonly tokens: number
  readonly filledAt: number
}

/** What is correlated: all that tells one event from another. */
export interface Occurrence {
  /** source and object: what is limited together */
  readonly about: string
  /** type and reason (and field): what makes events similar */
  readonly kind: string
  readonly message: string
}

/** How an occurrence is to be told. */
export interface Correlated {
  readonly key: string
  readonly message: string
}

// upstream: staging/src/k8s.io/client-go/tools/record/events_cache.go
const rememberedMax = 4096
const similarMax = 10
const similarMs = 600_000
const burst = 25
const refillMs = 300_000

const noMessages: readonly string[] = Object.freeze([])

/** Nothing has been said yet. */
export function createCorrelator(): CorrelatorState {
  return { similar: new Map(), known: new Map(), allowances: new Map(), quiet: new Map() }
}

/** Folds the tenth similar event within ten minutes, and those that follow, into one. */
export function correlate(state: CorrelatorState, { about, kind, message }: Occurrence, now: number): Correlated {
  const group = `${about}|${kind}`
  const similar = state.similar.get(group)
  const messages = similar === undefined || now - similar.lastAt > similarMs ? noMessages : similar.messages
  const isNew = !messages.includes(message)
  const isKept = messages.length + Number(isNew) < similarMax
  const kept = isNew && isKept ? Object.freeze([...messages, message]) : messages
  remember(state.similar, group, Object.freeze({ messages: kept, lastAt: now }))
  if (isKept) return { key: `${group}|${message}`, message }
  // differs: upstream forgets one message of the set at random; here it is always the newest
  if (!isNew) return { key: `${group}|${message}`, message }
  return { key: group, message: `(combined from similar events): ${message}` }
}

/** Whether a source may say something of an object: 25 times at once, then once in five minutes. */
export function isAllowed({ allowances }: CorrelatorState, about: string, now: number): boolean {
  const before = allowances.get(about)
  const tokens = before === undefined ? burst : Math.min(burst, before.tokens + (now - before.filledAt) / refillMs)
  const isFine = tokens >= 1
  remember(allowances, about, Object.freeze({ tokens: isFine ? tokens - 1 : tokens, filledAt: now }))
  return isFine
}

/** Keeps an entry, and lets go of the one that has not been touched for longest when there are too many. */
export function remember<T>(map: Map<string, T>, key: string, value: T): void {
  // as long as there is plenty of room, nobody asks who was touched last
  if (map.size > rememberedMax / 2) map.delete(key)
  map.set(key, value)
  if (map.size > rememberedMax) map.delete(map.keys().next().value!)
}
