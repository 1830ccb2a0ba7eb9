import type { EventRow, Selection } from '../../protocol.ts'

/** Which rows are shown. */
export interface EventFilter {
  /** undefined: all */
  readonly namespace: string | undefined
  readonly types: readonly EventRow['type'][]
}

/** The choices of the Type filter. */
export const typeChoices: readonly {
  readonly id: string
  readonly title: string
  readonly types: readonly EventRow['type'][]
}[] = [
  { id: 'events', title: 'Events, you', types: ['Normal', 'Warning', 'You'] },
  { id: 'warnings', title: 'Warnings', types: ['Warning'] },
  { id: 'you', title: 'You', types: ['You'] },
  { id: 'all', title: 'Everything', types: ['Normal', 'Warning', 'You', 'Trace'] },
]

/** The rows to show, newest first. */
export function shownEvents(rows: readonly EventRow[], { namespace, types }: EventFilter): readonly EventRow[] {
  const shown: EventRow[] = []
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at]
    if (row && types.includes(row.type) && (namespace === undefined || isIn(row, namespace))) shown.push(row)
  }
  return shown
}

/** What a person did, and what has no namespace, is shown in all of them. */
function isIn({ object, type }: EventRow, namespace: string): boolean {
  const parts = object.split('/')
  return type === 'You' || parts.length < 3 || parts[1] === namespace
}

/** The object that a row speaks of; undefined where it speaks of none. */
export function objectOf(object: string): Selection | undefined {
  const [kind = '', second, third] = object.split('/')
  if (!kind || second === undefined) return undefined
  return third === undefined ? { kind, namespace: '', name: second } : { kind, namespace: second, name: third }
}

const glyphs: readonly (readonly [words: RegExp, glyph: string])[] = [
  [/^(Scheduled|Nominated|FailedScheduling|Preempt)/, 'pending'],
  [
    /^(Pulling|Pulled|Created|SuccessfulCreate|ScalingReplicaSet|SuccessfulMountVolume|SuccessfulAttachVolume)/,
    'creating',
  ],
  [/^(Started|Ready|NodeReady|Resized|SuccessfulRescale|Synced)/, 'ready'],
  [/^(Killing|SuccessfulDelete|Preempted|Deleted|deleted)/, 'terminating'],
  [/^(Unhealthy|ProbeWarning|NodeNotReady|Stalled)/, 'notready'],
  [/^(BackOff|BackoffLimitExceeded|CrashLoop)/, 'crash'],
  [/^(ErrImage|InspectFailed|ErrImageNeverPull)/, 'imagepull'],
  [/^(Completed|SawCompletedJob|JobFinished)/, 'completed'],
  [/^(Evict|TaintManagerEviction|NodeHas|FreeDiskSpace)/, 'evicted'],
  [/^(Starting|RegisteredNode|RemovingNode|NodeAllocatableEnforced)/, 'mk-node'],
  [/^(OOM|SystemOOM|Failed|Error)/, 'error'],
]

/** The glyph of a row: the phase that its reason leads to. */
export function glyphOf({ type, reason, message, from, object }: EventRow): string {
  if (type === 'You') return reason === 'fault' ? 'mk-fault' : reason === 'load' ? 'mk-load' : 'mk-you'
  if (reason === 'Failed' && /image|ImagePull/i.test(message)) return 'imagepull'
  if (reason === 'BackOff' && /pulling image/i.test(message)) return 'imagepull'
  if (type === 'Trace') return object.startsWith('Node/') || from === 'kubelet' ? 'mk-node' : 'pending'
  return glyphs.find(([words]) => words.test(reason))?.[1] ?? (type === 'Warning' ? 'error' : 'pending')
}

/** The phase whose colour a glyph wears. */
export function colourOf(glyph: string): string | undefined {
  return glyph.startsWith('mk-') ? undefined : glyph
}
