/* eslint svelte/prefer-svelte-reactivity: off -- the maps here are bookkeeping; what views follow is the state beside them */
import { createContext, flushSync } from 'svelte'
import { Board } from './board.svelte.ts'
import type { Choreographer } from './choreographer.ts'
import { Foresight } from './foresight.svelte.ts'
import { keep, readKept } from './keep.ts'
import type {
  ActiveFault,
  BridgeRow,
  CauseRow,
  CostRow,
  EditView,
  EventRow,
  Fault,
  Frame,
  LessonView,
  Mark,
  PodRow,
  QueueRow,
  SceneProblem,
  SceneSource,
  Selection,
  TrafficRow,
  WorkerDoor,
} from './protocol.ts'
import { lastLineOf, mergeEvents } from './sessionText.ts'
import { mainTerminal, Terminals } from './terminals.ts'
import { OwnerColours } from './views/stage/colours.ts'

export type { Choreographer }

export type StageView = 'nodes' | 'controlPlane' | 'traffic' | 'owners'
export type Density = 'auto' | 'rich' | 'compact' | 'dots'

/** A lit chain of causes: the record asked about, first, back to what a person did. */
export interface Chain {
  readonly rows: readonly CauseRow[]
  readonly isPinned: boolean
  /** which row is stood on */
  readonly index: number
}

const emptyQueue: QueueRow = { active: [], backOff: [], unschedulable: [] }
export const speeds: readonly number[] = [0.1, 0.5, 1, 2, 10, 60, 600, 3600]

/** The page's only bridge to a cluster: what frames brought, what is selected, and every command. */
export class Session {
  readonly door: WorkerDoor
  readonly board = new Board()
  readonly terminals = new Terminals()
  readonly colours = new OwnerColours()

  isOpen = $state.raw(false)
  /** the name of what is open, under which its manifests are kept; undefined while something is being opened */
  scene: string | undefined = $state.raw()
  now = $state.raw(0)
  end = $state.raw(0)
  isPlaying = $state.raw(false)
  speed = $state.raw(1)
  isSettled = $state.raw(false)
  events: readonly EventRow[] = $state.raw([])
  bridge: readonly BridgeRow[] = $state.raw([])
  queue: QueueRow = $state.raw(emptyQueue)
  marks: readonly Mark[] = $state.raw([])
  branches: NonNullable<Frame['branches']> = $state.raw([])
  faults: readonly ActiveFault[] = $state.raw([])
  /** how many pods an owner wants, by its reference, where that is known */
  wanted: Readonly<Record<string, number>> = $state.raw({})
  lesson: LessonView | undefined = $state.raw()
  traffic: readonly TrafficRow[] = $state.raw([])
  /** what machines cost; null where they cost nothing */
  cost: CostRow = $state.raw(null)
  objectCount = $state.raw(0)
  eventCount = $state.raw(0)
  crash: Frame['crash'] = $state.raw()
  /** manifests that were written in a terminal, until the editor takes them */
  written: Readonly<Record<string, string>> = $state.raw({})
  /** what `kubectl edit` waits for */
  edits: readonly EditView[] = $state.raw([])
  /** last line that the main terminal printed, for its collapsed state */
  lastLine = $state.raw('')

  selection: Selection | undefined = $state.raw()
  /** key of the pod under the pointer or the focus */
  hover: string | undefined = $state.raw()
  chain: Chain | undefined = $state.raw()
  /** something went wrong with what a person asked; shown until dismissed */
  problem: SceneProblem | undefined = $state.raw()
  /** why the engine could not start, or stopped */
  death: string | undefined = $state.raw()

  view: StageView = $state(readKept<StageView>('view', 'nodes'))
  /** spans in which nothing happens are run through quickly */
  isSkippingQuiet = $state(readKept<boolean>('skipQuiet', false))
  /** what `auto` came to */
  shownDensity: Density = $state.raw('rich')
  density: Density = $state(readKept<Density>('density', 'auto'))
  /** undefined: all namespaces */
  namespace: string | undefined = $state(readKept<string | null>('namespace', null) ?? undefined)

  /** the selected pod's key */
  readonly selectedPod = $derived(
    this.selection?.kind === 'Pod' ? `${this.selection.namespace}/${this.selection.name}` : undefined,
  )
  /** objects of the lit chain: `Pod/default/web-x`, and their actors */
  readonly chained: ReadonlySet<string> = $derived(
    new Set(this.chain?.rows.flatMap(({ object, actor }) => [object, actor]) ?? []),
  )
  readonly chainSeqs: ReadonlySet<number> = $derived(new Set(this.chain?.rows.map(({ seq }) => seq) ?? []))

  choreographer: Choreographer | undefined
  /** what might be, was guessed, or was decided: shown on the stage beside what is */
  readonly foresight = new Foresight(this)
  /** the node under the pointer, on the stage or in a table */
  pointedNode: string | undefined = $state.raw()
  /** a view that has steps of its own: messages, or parts of a decision */
  stepper: ((by: -1 | 1) => void) | undefined
  /** the terminal's view, where it is mounted: it echoes and sends the line */
  #typist: ((line: string) => void) | undefined
  #chainAsked = 0

  constructor(door: WorkerDoor) {
    this.door = door
  }

  /** Takes in what is new. */
  apply(frame: Frame): void {
    this.foresight.weigh(frame)
    this.#animate(frame)
    this.#applyTime(frame)
    if (frame.nodes) this.board.applyNodes(frame.nodes, frame.isWhole)
    this.#applyLists(frame)
    if (frame.isWhole) this.crash = frame.crash
    else if (frame.crash) this.crash = frame.crash
    for (const chunk of frame.terminal ?? []) {
      this.terminals.push(chunk)
      if (chunk.terminal === mainTerminal) this.lastLine = lastLineOf(chunk.text) || this.lastLine
    }
    this.isOpen = true
    if (frame.isWhole && !this.foresight.prediction) this.foresight.clear()
    this.foresight.look()
  }

  /** Pods go first and alone, so that what moves is measured just before and just after. */
  #animate(frame: Frame): void {
    if (!frame.pods) return
    const pods = frame.pods
    // Colours are given by name, not by who is drawn first: the same scene looks the same everywhere.
    for (const owner of [...new Set(pods.set.map((row) => row.owner))].sort()) this.colours.of(owner)
    if (frame.isWhole) this.choreographer?.stop()
    // Drawing may change how much is drawn, and with it whether anything moves.
    const { choreographer } = this
    if (!choreographer || frame.isWhole) {
      this.board.applyPods(pods, frame.isWhole)
      return
    }
    const moves = this.board.movesOf(pods)
    if (moves.places.size === 0 && moves.ready.length === 0) {
      this.board.applyPods(pods, false)
      return
    }
    choreographer.before(moves)
    flushSync(() => this.board.applyPods(pods, false))
    choreographer.after(moves)
  }

  #applyTime(frame: Frame): void {
    this.now = frame.now
    this.end = frame.end
    this.isPlaying = frame.isPlaying
    this.speed = frame.speed
    this.isSettled = frame.isSettled
  }

  #applyLists(frame: Frame): void {
    if (frame.isWhole) this.events = mergeEvents([], frame.events ?? [])
    else if (frame.events?.length) this.events = mergeEvents(this.events, frame.events)
    if (frame.bridge) this.bridge = frame.bridge
    if (frame.queue) this.queue = frame.queue
    if (frame.marks) this.marks = frame.marks
    if (frame.branches) this.branches = frame.branches
    if (frame.wanted) this.wanted = frame.isWhole ? frame.wanted : { ...this.wanted, ...frame.wanted }
    if (frame.faults) this.faults = frame.faults
    if (frame.lesson !== undefined) this.lesson = frame.lesson ?? undefined
    if (frame.traffic) this.traffic = frame.traffic
    if (frame.cost !== undefined) this.cost = frame.cost
    if (frame.written) this.written = { ...this.written, ...frame.written }
    if (frame.edits) this.edits = frame.edits
    if (frame.objectCount !== undefined) this.objectCount = frame.objectCount
    if (frame.eventCount !== undefined) this.eventCount = frame.eventCount
  }

  /** The engine is gone, or was never there. */
  die(message: string): void {
    this.death = message
    // Before the first frame the stage itself says so.
    if (this.isOpen) this.problem = { message: `The engine stopped: ${message}` }
  }

  pod(key: string): PodRow | undefined {
    return this.board.pods.get(key)?.row
  }

  /** Whether a pod is shown under the namespace filter. */
  isShown(row: PodRow): boolean {
    return this.namespace === undefined || row.namespace === this.namespace
  }

  select(selection: Selection | undefined): void {
    this.selection = selection
  }

  selectPod(key: string): void {
    const [namespace = '', name = ''] = key.split('/')
    this.select({ kind: 'Pod', namespace, name })
  }

  selectNode(name: string): void {
    if (this.foresight.choose(name)) return
    this.select({ kind: 'Node', namespace: '', name })
  }

  setView(view: StageView): void {
    this.view = view
    keep('view', view)
  }

  setDensity(density: Density): void {
    this.density = density
    keep('density', density)
  }

  setNamespace(namespace: string | undefined): void {
    this.namespace = namespace
    keep('namespace', namespace ?? null)
  }

  async open(source: SceneSource): Promise<void> {
    this.problem = await this.door.open(source)
    if (this.isSkippingQuiet) this.door.skipQuiet(true)
  }

  /** One message on (1) or back (-1), or a stretch of virtual time. */
  step(by: -1 | 1, ms?: number): void {
    if (this.stepper && ms === undefined) this.stepper(by)
    else if (by < 0) this.door.stepBack(ms)
    else this.door.stepOn(ms)
  }

  togglePlay(): void {
    this.door.play(!this.isPlaying)
  }

  /** The next speed down (-1) or up (+1). */
  changeSpeed(step: -1 | 1): void {
    const at = speeds.findIndex((speed) => speed >= this.speed)
    const next = speeds[Math.max(0, Math.min(speeds.length - 1, (at < 0 ? speeds.length - 1 : at) + step))]
    if (next !== undefined) this.door.setSpeed(next)
  }

  async breakIt(fault: Fault): Promise<void> {
    this.problem = await this.door.fault(fault)
  }

  skipQuiet(isSkipping: boolean): void {
    this.isSkippingQuiet = isSkipping
    keep('skipQuiet', isSkipping)
    this.door.skipQuiet(isSkipping)
  }

  /** Types a command into the main terminal, where people see and learn it. */
  run(line: string): void {
    if (this.#typist) {
      this.#typist(line)
      return
    }
    this.terminals.push({ terminal: mainTerminal, text: `$ ${line}\n` })
    this.door.type(mainTerminal, line)
  }

  /** Lets a terminal's view type the lines of `run`. Returns what ends it. */
  setTypist(typist: (line: string) => void): () => void {
    this.#typist = typist
    return () => {
      if (this.#typist === typist) this.#typist = undefined
    }
  }

  /** Lights the chain of causes of a record on every pane; a pinned one stays until unpinned. */
  async showChain(seq: number, isPinned = false): Promise<void> {
    if (this.chain?.isPinned && !isPinned) return
    const asked = ++this.#chainAsked
    const rows = await this.door.causes(seq)
    if (asked === this.#chainAsked) this.chain = { rows, isPinned, index: 0 }
  }

  /** Puts the lights out; a pinned chain only when `isPinned`. */
  clearChain(isPinned = false): void {
    this.#chainAsked += 1
    if (!this.chain?.isPinned || isPinned) this.chain = undefined
  }

  /** One record back towards the cause (-1) or on towards the effect (+1); the playhead follows. */
  walkChain(step: -1 | 1): void {
    if (!this.chain) return
    const index = Math.max(0, Math.min(this.chain.rows.length - 1, this.chain.index - step))
    const row = this.chain.rows[index]
    if (!row) return
    this.chain = { ...this.chain, index, isPinned: true }
    this.#selectObject(row.object)
    void this.door.seek(row.at)
  }

  #selectObject(object: string): void {
    const parts = object.split('/')
    const [kind = '', second = '', third] = parts
    if (parts.length < 2) return
    this.select(third === undefined ? { kind, namespace: '', name: second } : { kind, namespace: second, name: third })
  }
}

/** The session of this page, for every component below `App`. */
export const [getSession, setSession] = createContext<Session>()
