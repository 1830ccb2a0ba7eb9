import type { ActiveFault } from '#engine'
import type { LessonView } from './lesson.ts'
import type { NodeRow, PodRow } from './rows.ts'

/** One line of the Events tab: a Kubernetes Event or something that was done. */
export interface EventRow {
  readonly id: string
  /** the trace record it stands for */
  readonly seq: number
  readonly at: number
  readonly type: 'Normal' | 'Warning' | 'You' | 'Trace'
  readonly reason: string
  /** `Pod/default/web-x` */
  readonly object: string
  readonly from: string
  readonly message: string
  readonly count: number
}

/** A lamp of the bridge. */
export interface BridgeRow {
  readonly name: 'apiServer' | 'etcd' | 'scheduler' | 'controllerManager'
  readonly state: 'up' | 'down' | 'affected'
  /** `14 req/s`, `rev 9 207` */
  readonly figure: string
  readonly queue?: number
  /** the item in hand: `replicaset web-7c5d` */
  readonly item: string
  /** what there is to say while it is up and something of it is not, or it is off for another reason than its switch */
  readonly note?: string
  /** virtual ms of its last activity */
  readonly busyAt: number
}

/** One pod that waits for the scheduler. */
export interface QueuedRow {
  /** `namespace/name` */
  readonly pod: string
  readonly attempts: number
  /** virtual ms: since when, and until when it must wait; 0 where nothing is said */
  readonly since: number
  readonly until: number
  /** the plugins that turned it down */
  readonly rejectedBy: readonly string[]
  /** the plugin that keeps it from being tried */
  readonly gatedBy: string
  /** where others are being evicted for it */
  readonly nominatedNode: string
}

/** The scheduler's queues, each in the order in which its pods will be tried. */
export interface QueueRow {
  readonly active: readonly QueuedRow[]
  readonly backOff: readonly QueuedRow[]
  readonly unschedulable: readonly QueuedRow[]
  /** how many there are in each, where not all are told */
  readonly counts?: { readonly active: number; readonly backOff: number; readonly unschedulable: number }
}

/** A mark on the timeline. */
export interface Mark {
  readonly at: number
  readonly kind: 'you' | 'fault' | 'node' | 'trouble' | 'goal' | 'phase'
  readonly label: string
  readonly seq: number
}

/** Ribbons of the Traffic view: requests per second, and what became of all requests so far. */
export interface TrafficRow {
  readonly source: string
  readonly url: string
  readonly service: string
  readonly rps: number
  readonly served: number
  readonly refused: number
  readonly lost: number
  /** all that do not end well */
  readonly failed: number
  readonly totals: { readonly sent: number; readonly failed: number }
  readonly edges: readonly { readonly from: string; readonly to: string; readonly rps: number }[]
}

/** What the machines of node groups cost. `spent` was so at `at`, and has grown by `perHour` since. */
export type CostRow = {
  readonly at: number
  readonly spent: number
  readonly perHour: number
  readonly groups: readonly { readonly name: string; readonly nodes: number; readonly perHour: number }[]
} | null

export interface Changes<Row> {
  readonly set: readonly Row[]
  readonly gone: readonly string[]
}

/** What is new since the last frame. Absent parts did not change. `isWhole` frames replace everything (first, or after a rewind). */
export interface Frame {
  readonly isWhole: boolean
  readonly now: number
  readonly isPlaying: boolean
  readonly speed: number
  readonly isSettled: boolean
  /** how far has been simulated on this branch */
  readonly end: number
  readonly pods?: Changes<PodRow>
  readonly nodes?: Changes<NodeRow>
  /** how many pods an owner wants, of those that changed: `Deployment/default/web` → 4 */
  readonly wanted?: Readonly<Record<string, number>>
  readonly events?: readonly EventRow[]
  readonly bridge?: readonly BridgeRow[]
  readonly queue?: QueueRow
  readonly marks?: readonly Mark[]
  readonly branches?: readonly {
    readonly id: string
    readonly name: string
    readonly from: number
    readonly isActive: boolean
  }[]
  readonly faults?: readonly ActiveFault[]
  readonly lesson?: LessonView | null
  readonly traffic?: readonly TrafficRow[]
  /** null: machines cost nothing here */
  readonly cost?: CostRow
  readonly terminal?: readonly TerminalChunk[]
  /** manifests that were written in a terminal, by name */
  readonly written?: Readonly<Record<string, string>>
  /** all that `kubectl edit` waits for now */
  readonly edits?: readonly EditView[]
  /** counts for the dock's tabs */
  readonly objectCount?: number
  readonly eventCount?: number
  /** the run stopped on a broken invariant */
  readonly crash?: { readonly message: string; readonly replay: string }
}

/** A text that `kubectl edit` has opened, and waits for. */
export interface EditView {
  readonly terminal: string
  readonly name: string
  /** what it was opened with: it changes when it is opened again with the reasons why it could not be saved */
  readonly text: string
}

export interface TerminalChunk {
  readonly terminal: string
  readonly text: string
  /** another scene was opened: what the terminal shows is of the one before */
  readonly isReset?: boolean
  /** whether the foreground command waits for what is typed; absent where that has not changed */
  readonly isReading?: boolean
  /** the foreground command ended: show a prompt */
  readonly isDone?: boolean
}
