/** What the worker (engine, kubectl, lessons) and the page say to each other. Plain data both ways. */
import type { ActiveFault, Fault } from '#engine'

export type { ActiveFault, Fault }

/** How a pod looks: the phase words of the mock's tile table. */
export type PodLook =
  | 'pending'
  | 'gated'
  | 'unschedulable'
  | 'init'
  | 'creating'
  | 'notReady'
  | 'ready'
  | 'terminating'
  | 'crashLoop'
  | 'imagePull'
  | 'error'
  | 'completed'
  | 'evicted'
  | 'lost'

/** One container of a tile. */
export interface ContainerMark {
  readonly name: string
  readonly role: 'app' | 'init' | 'sidecar'
  readonly state: 'waiting' | 'pulling' | 'started' | 'running' | 'stopping' | 'failed' | 'done'
  /** 0…1 while pulling */
  readonly progress?: number
  readonly restarts: number
  readonly image: string
}

/** A wait that a tile counts down. Virtual milliseconds. */
export interface Countdown {
  readonly kind: 'grace' | 'backOff' | 'pull' | 'toleration'
  readonly from: number
  readonly until: number
}

/** All that a tile and a load bar need of a pod. */
export interface PodRow {
  /** `namespace/name` */
  readonly key: string
  readonly uid: string
  readonly namespace: string
  readonly name: string
  /** empty while it has none */
  readonly node: string
  /** the topmost controller: `Deployment/default/web`; the pod itself where it has none */
  readonly owner: string
  /** what the tile calls it: `web` */
  readonly ownerName: string
  /** the part of its name that is its own: `x8k2p` */
  readonly suffix: string
  /** belongs to an older revision of its owner */
  readonly isOld: boolean
  readonly look: PodLook
  /** kubectl's STATUS word */
  readonly status: string
  /** `1/1` */
  readonly ready: string
  readonly isReady: boolean
  readonly restarts: number
  readonly containers: readonly ContainerMark[]
  /** last probe results, oldest first: `R` readiness, `L` liveness, `S` startup */
  readonly probes: readonly { readonly letter: 'R' | 'L' | 'S'; readonly results: readonly boolean[] }[]
  readonly countdown?: Countdown
  readonly cpuMilli: number
  readonly memoryBytes: number
  /** counts in the node's load bars (not completed, failed or evicted) */
  readonly isCounted: boolean
  readonly ip: string
  readonly createdAt: number
}

/** Amounts of one resource on one node. */
export interface Load {
  readonly capacity: number
  readonly allocatable: number
  readonly requested: number
  readonly used: number
}

export interface NodeRow {
  readonly name: string
  readonly condition: 'Ready' | 'NotReady' | 'Unknown'
  readonly isCordoned: boolean
  readonly zone: string
  readonly taints: readonly string[]
  /** thousandths of a core */
  readonly cpu: Load
  /** bytes */
  readonly memory: Load
  readonly podsMax: number
  readonly podCount: number
  /** the truth, which the cluster may not know yet */
  readonly isPowered: boolean
  readonly isConnected: boolean
  readonly isKubeletRunning: boolean
  /** since when the API server has not heard of it; virtual ms */
  readonly silentSince?: number
}

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
  /** virtual ms of its last activity */
  readonly busyAt: number
}

export interface QueueRow {
  readonly active: readonly string[]
  readonly backOff: readonly string[]
  readonly unschedulable: readonly string[]
}

/** A mark on the timeline. */
export interface Mark {
  readonly at: number
  readonly kind: 'you' | 'fault' | 'node' | 'trouble' | 'goal' | 'phase'
  readonly label: string
  readonly seq: number
}

/** A lesson as the guide shows it. */
export interface LessonView {
  readonly id: string
  readonly course: string
  readonly number: number
  readonly of: number
  readonly title: string
  readonly minutes: number
  readonly steps: readonly StepView[]
  readonly step: number
  readonly isDone: boolean
  /** the texts are the catalogue's own; anybody else's HTML is sanitised before it is shown */
  readonly isTrusted?: boolean
}

export interface StepView {
  readonly id: string
  readonly title: string
  /** trusted HTML made at build time, or sanitised by the page */
  readonly html: string
  readonly predict?: {
    readonly question: string
    readonly answers: readonly string[]
    /** told once there is an answer */
    readonly right?: number
    readonly why?: string
    /** what the learner answered */
    readonly choice?: number
  }
  readonly hints: readonly string[]
  readonly hasSolution: boolean
  readonly clauses: readonly ClauseView[]
  readonly holdMs: number
  /** its goal was reached */
  readonly isDone?: boolean
  /** what there is to say about attempts that went astray */
  readonly says?: readonly string[]
}

/** One line of a goal, live. */
export interface ClauseView {
  readonly text: string
  readonly kind: 'goal' | 'never' | 'hold'
  readonly isMet: boolean
  readonly sees: string
  readonly wants: string
  /** 0…1, for the ring */
  readonly fraction: number
  /** a broken `never`: when, and the trace record that broke it */
  readonly brokenAt?: number
  readonly brokenSeq?: number
}

/** One lesson or scenario of the home page. */
export interface LessonCard {
  readonly id: string
  readonly course: string
  readonly title: string
  readonly minutes: number
  readonly summary: string
}

/** Ribbons of the Traffic view: requests per second. */
export interface TrafficRow {
  readonly source: string
  readonly url: string
  readonly service: string
  readonly rps: number
  readonly served: number
  readonly refused: number
  readonly lost: number
  readonly edges: readonly { readonly from: string; readonly to: string; readonly rps: number }[]
}

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
  readonly terminal?: readonly TerminalChunk[]
  /** counts for the dock's tabs */
  readonly objectCount?: number
  readonly eventCount?: number
  /** the run stopped on a broken invariant */
  readonly crash?: { readonly message: string; readonly replay: string }
}

export interface TerminalChunk {
  readonly terminal: string
  readonly text: string
  /** the foreground command ended: show a prompt */
  readonly isDone?: boolean
}

/** A problem in the manifest editor. Lines and columns from 1. */
export interface Problem {
  readonly line: number
  readonly column: number
  readonly endColumn: number
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
}

export interface ApplyResult {
  /** one line an object: `deployment.apps/web created` */
  readonly lines: readonly string[]
  readonly problems: readonly Problem[]
  readonly isOk: boolean
}

/** A Table as kubectl prints it, for the Objects tab. */
export interface ObjectTable {
  readonly kind: string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[]
}

/** One thing selected: the Inspector's subject. */
export interface Selection {
  readonly kind: string
  /** empty where the kind has none */
  readonly namespace: string
  readonly name: string
}

export interface Inspection {
  readonly selection: Selection
  readonly isGone: boolean
  readonly yaml: string
  readonly describe: string
  readonly facts: readonly { readonly label: string; readonly value: string; readonly link?: Selection }[]
  readonly why?: WhyView
}

/** The scheduler's last decision about a pod. */
export interface WhyView {
  readonly sentence: string
  readonly message: string
  readonly node: string
  readonly rows: readonly {
    readonly node: string
    readonly filters: readonly { readonly plugin: string; readonly message: string }[]
    readonly scores: readonly { readonly plugin: string; readonly score: number }[]
    readonly total?: number
  }[]
}

/** The chain of causes of a record, itself first, back to a person's action; each as one sentence. */
export interface CauseRow {
  readonly seq: number
  readonly at: number
  readonly actor: string
  readonly object: string
  readonly sentence: string
}

/** A whole scene: what a link carries. */
export interface SceneSource {
  /** `#1.…` payload of a share link, already inflated to JSON text */
  readonly link?: string
  readonly lesson?: string
  readonly nodes?: number
  readonly seed?: number
}

export interface SceneProblem {
  readonly message: string
}

/** The worker's door. Every call answers within a frame or two; what changes arrives by frames. */
export interface WorkerDoor {
  readonly open: (source: SceneSource) => Promise<SceneProblem | undefined>
  readonly lessons: () => Promise<readonly LessonCard[]>
  readonly play: (isPlaying: boolean) => void
  readonly setSpeed: (speed: number) => void
  /** one message forward; several when `ms` is given */
  readonly stepOn: (ms?: number) => void
  readonly stepBack: (ms?: number) => void
  readonly seek: (at: number) => Promise<void>
  /** a line typed into a terminal; output arrives by frames */
  readonly type: (terminal: string, line: string) => void
  readonly interrupt: (terminal: string) => void
  readonly complete: (
    line: string,
    cursor: number,
  ) => Promise<{ readonly from: number; readonly options: readonly string[] }>
  readonly apply: (text: string, options: { readonly dryRun: boolean }) => Promise<ApplyResult>
  /** live objects named by a manifest, as YAML without what the server adds, for the diff */
  readonly live: (text: string) => Promise<string>
  readonly fault: (fault: Fault) => Promise<SceneProblem | undefined>
  readonly table: (kind: string, namespace: string | undefined) => Promise<ObjectTable | SceneProblem>
  readonly kindNames: () => Promise<readonly string[]>
  readonly inspect: (selection: Selection) => Promise<Inspection>
  readonly causes: (seq: number) => Promise<readonly CauseRow[]>
  readonly schemaOf: (apiVersion: string, kind: string) => Promise<unknown>
  readonly startLesson: (id: string) => Promise<SceneProblem | undefined>
  readonly openLessonText: (text: string) => Promise<SceneProblem | undefined>
  readonly goToStep: (step: number) => void
  readonly answer: (step: string, choice: number) => void
  readonly showSolution: () => void
  readonly resetStep: () => void
  /** JSON text for a share link */
  readonly share: () => Promise<string>
  readonly replay: () => Promise<string>
  /** SHA-256 of the trace so far, to compare a run with the same run elsewhere */
  readonly hash: () => Promise<string>
  readonly manifests: () => Promise<string>
}
