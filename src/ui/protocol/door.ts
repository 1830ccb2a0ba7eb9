import type { Fault } from '#engine'
import type { EtcdView, Messages } from './controlPlane.ts'
import type { CauseRow, GhostTrial, GhostView, Inspection, Selection } from './inspection.ts'
import type { LessonCard } from './lesson.ts'

/** A problem in the manifest editor. Lines and columns from 1. */
export interface Problem {
  readonly line: number
  readonly column: number
  readonly endColumn: number
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  /** no YAML: what follows it in the text may be wrong only because of it */
  readonly isSyntax?: boolean
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
  /** lets one thing happen; many when `ms` is given */
  readonly stepOn: (ms?: number) => void
  /** on to the next request that changes something or is refused */
  readonly stepToMessage: () => void
  /** whether time is to stop as soon as a pod waits for the scheduler */
  readonly awaitPod: (isAwaited: boolean) => void
  readonly stepBack: (ms?: number) => void
  readonly seek: (at: number) => Promise<void>
  /** whether spans in which nothing happens are run through quickly */
  readonly skipQuiet: (isSkipping: boolean) => void
  /** goes to the end of another branch */
  readonly switchTo: (branch: string) => Promise<void>
  /** texts that the scene brought with it, by name */
  readonly files: () => Promise<Readonly<Record<string, string>>>
  /** a line typed into a terminal; output arrives by frames */
  readonly type: (terminal: string, line: string) => void
  readonly interrupt: (terminal: string) => void
  /** types for the command that runs in a terminal; `isEnd`: Ctrl-D */
  readonly feed: (terminal: string, text: string, isEnd: boolean) => void
  /** saves what `kubectl edit` waits for in a terminal; without a text it is left as it was */
  readonly saveEdit: (terminal: string, text?: string) => void
  readonly complete: (
    line: string,
    cursor: number,
  ) => Promise<{ readonly from: number; readonly options: readonly string[] }>
  readonly apply: (text: string, options: { readonly dryRun: boolean; readonly name?: string }) => Promise<ApplyResult>
  /** what is open in the editor, by name: files of every terminal's home folder */
  readonly keepFiles: (files: Readonly<Record<string, string>>) => void
  /** what a manifest asks for that is stored and not simulated, at its lines */
  readonly notSimulated: (text: string) => Promise<readonly Problem[]>
  /** live objects named by a manifest, as YAML without what the server adds, for the diff */
  readonly live: (text: string) => Promise<string>
  readonly fault: (fault: Fault) => Promise<SceneProblem | undefined>
  readonly table: (kind: string, namespace: string | undefined) => Promise<ObjectTable | SceneProblem>
  readonly kindNames: () => Promise<readonly string[]>
  readonly inspect: (selection: Selection) => Promise<Inspection>
  readonly causes: (seq: number) => Promise<readonly CauseRow[]>
  /** runs a copy of the cluster ahead, with something done in it that is not done here */
  readonly foresee: (trial: GhostTrial) => Promise<GhostView>
  /** does what a remedy says; the pod's list may have changed since, so its sentence must still be there */
  readonly remedy: (pod: string, sentence: string) => Promise<SceneProblem | undefined>
  readonly messages: () => Promise<Messages>
  readonly etcd: () => Promise<EtcdView>
  /** what a write changed, a line for each field */
  readonly changes: (seq: number) => Promise<readonly string[]>
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
