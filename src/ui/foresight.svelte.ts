import type { Frame, GhostTrial, GhostView, NodeRow, PodRow, WhyView } from './protocol.ts'
import type { Session } from './session.svelte.ts'
import { stagesOf } from './views/stage/decision.ts'
import type { Stage } from './views/stage/decision.ts'

/** A guess where a pod will go. Never graded, always to be left. */
export interface Prediction {
  /** armed: time runs until a pod waits; choosing: time stands; locked: a node was named; revealed: the scheduler has decided */
  readonly stage: 'armed' | 'choosing' | 'locked' | 'revealed'
  readonly pod: string
  readonly choice: string
  readonly answer: string
  readonly sentence: string
}

/** A decision of the scheduler that is played again, stage by stage. */
export interface Replay {
  readonly pod: string
  readonly why: WhyView
  readonly stages: readonly Stage[]
  readonly at: number
}

const noGuess: Prediction = { stage: 'armed', pod: '', choice: '', answer: '', sentence: '' }
const stageMs = 620

/** What is shown on the stage and is not so: a ghost of what might be, a guess, a decision played again. One at a time. */
export class Foresight {
  ghost: GhostView | undefined = $state.raw()
  /** what the ghost is of */
  trial: GhostTrial | undefined = $state.raw()
  /** the moment that the ghost was run from, virtual ms */
  ghostAt = $state.raw(0)
  /** the cluster is another one than the ghost was run from */
  isOld = $state.raw(false)
  /** a ghost is being run */
  isRunning = $state.raw(false)
  prediction: Prediction | undefined = $state.raw()
  replay: Replay | undefined = $state.raw()
  readonly #session: Session
  #asked = 0
  /** how time went before a guess stopped it */
  #wasPlaying = false
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(session: Session) {
    this.#session = session
  }

  get isBusy(): boolean {
    return this.isRunning || this.ghost !== undefined || this.prediction !== undefined || this.replay !== undefined
  }

  /** The ghost while it may be drawn beside what is: one of an older cluster is words alone. */
  get shown(): GhostView | undefined {
    return this.isOld ? undefined : this.ghost
  }

  /** Puts all of it away. Time goes on as it went before a guess. */
  clear(): void {
    this.#restoreTime()
    this.#putAway()
  }

  #restoreTime(): void {
    if (this.prediction === undefined) return
    if (this.#wasPlaying) this.#session.door.play(true)
    else if (this.prediction.stage === 'armed') this.#session.door.play(false)
  }

  #putAway(): void {
    this.#asked += 1
    if (this.prediction?.stage === 'armed') this.#session.door.awaitPod(false)
    this.ghost = undefined
    this.trial = undefined
    this.isOld = false
    this.isRunning = false
    this.prediction = undefined
    this.#stopReplay()
  }

  /** Shows what would come of something. */
  async foresee(trial: GhostTrial): Promise<GhostView | undefined> {
    this.clear()
    const asked = this.#asked
    this.isRunning = true
    const ghost = await this.#session.door.foresee(trial).catch(() => undefined)
    if (asked !== this.#asked) return undefined
    this.isRunning = false
    this.ghost = ghost
    this.trial = trial
    this.ghostAt = this.#session.now
    if (ghost) this.#session.setView('nodes')
    return ghost
  }

  /** Runs the ghost anew from the cluster as it is now. */
  async again(): Promise<void> {
    if (this.trial === undefined) return
    const ghost = await this.foresee(this.trial)
    if (ghost === undefined || ghost.title !== '') return
    this.clear()
    this.#session.problem = { message: 'The cluster has changed: what was tried would help nobody now.' }
  }

  /** Told before every frame is taken in: whether it changes what the ghost was run from. */
  weigh({ pods, nodes, marks }: Frame): void {
    const { ghost } = this
    if (ghost === undefined || this.isOld) return
    this.isOld =
      (pods !== undefined && (pods.gone.length > 0 || pods.set.some((row) => this.#isOtherPod(row, ghost)))) ||
      (nodes !== undefined && (nodes.gone.length > 0 || nodes.set.some((row) => this.#isOtherNode(row)))) ||
      (marks !== undefined && deedsIn(marks) !== deedsIn(this.#session.marks))
  }

  #isOtherPod(row: PodRow, { changed }: GhostView): boolean {
    const old = this.#session.pod(row.key)
    return old?.node !== row.node || (old.look !== row.look && changed.some(({ key }) => key === row.key))
  }

  #isOtherNode(row: NodeRow): boolean {
    const old = this.#session.board.node(row.name)?.row
    return old === undefined || standingOf(old) !== standingOf(row)
  }

  /** Does what was only tried. */
  async takeUp(): Promise<void> {
    const { ghost, trial } = this
    if (ghost === undefined || trial === undefined) return
    this.clear()
    const { door } = this.#session
    if ('pod' in trial) this.#session.problem = await door.remedy(trial.pod, ghost.title)
    else {
      const { isOk, problems } = await door.apply(trial.manifest, { dryRun: false, name: trial.name })
      if (!isOk) this.#session.problem = { message: problems.map(({ message }) => message).join(' ') }
    }
  }

  /** Begins a guess: about the pod that waits now, or about the next one. */
  predict(): void {
    if (this.prediction === undefined) this.#wasPlaying = this.#session.isPlaying
    this.#putAway()
    this.prediction = noGuess
    this.#session.setView('nodes')
    this.look()
    if (this.prediction.stage !== 'armed') return
    this.#session.door.awaitPod(true)
    if (!this.#session.isPlaying) this.#session.door.play(true)
  }

  /** Names a node; answers whether it was asked for. */
  choose(node: string): boolean {
    if (this.prediction?.stage !== 'choosing' && this.prediction?.stage !== 'locked') return false
    this.prediction = { ...this.prediction, stage: 'locked', choice: node }
    return true
  }

  /** Lets the scheduler decide. */
  reveal(): void {
    if (this.prediction?.stage === 'locked') this.#session.door.play(true)
  }

  /** Told after every frame: whether what was waited for has come. */
  look(): void {
    const { prediction } = this
    if (prediction === undefined || prediction.stage === 'revealed') return
    if (prediction.stage === 'armed') this.#lookForPod(prediction)
    else this.#lookForAnswer(prediction)
  }

  #lookForPod(prediction: Prediction): void {
    const waiting = this.#session.queue.active[0]?.pod
    if (waiting === undefined || this.#session.pod(waiting)?.node !== '' || this.#session.isPlaying) return
    this.prediction = { ...prediction, stage: 'choosing', pod: waiting }
  }

  #lookForAnswer(prediction: Prediction): void {
    const row = this.#session.pod(prediction.pod)
    if (row === undefined) this.clear()
    else if (row.node !== '' || row.look === 'unschedulable') void this.#show(prediction, row.node)
  }

  async #show(prediction: Prediction, answer: string): Promise<void> {
    this.prediction = { ...prediction, stage: 'revealed', answer }
    this.#session.door.play(false)
    const why = await this.#whyOf(prediction.pod)
    if (this.prediction?.stage === 'revealed') this.prediction = { ...this.prediction, sentence: why?.sentence ?? '' }
  }

  /** Plays the last decision about a pod again, filter by filter and score by score. */
  async play(pod: string): Promise<void> {
    this.clear()
    const why = await this.#whyOf(pod)
    if (why === undefined || why.rows.length === 0) return
    this.#session.setView('nodes')
    this.replay = { pod, why, stages: stagesOf(why), at: 0 }
    this.#session.stepper = (by) => this.step(by)
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches)
      this.#timer = setInterval(() => this.#advance(), stageMs)
  }

  /** One stage on or back; the playing stops, because somebody looks for themselves now. */
  step(by: -1 | 1): void {
    clearInterval(this.#timer)
    this.#go(by)
  }

  #advance(): void {
    if (this.replay && this.replay.at >= this.replay.stages.length - 1) clearInterval(this.#timer)
    else this.#go(1)
  }

  #go(by: -1 | 1): void {
    if (!this.replay) return
    const at = Math.max(0, Math.min(this.replay.stages.length - 1, this.replay.at + by))
    this.replay = { ...this.replay, at }
  }

  #stopReplay(): void {
    clearInterval(this.#timer)
    if (this.replay) this.#session.stepper = undefined
    this.replay = undefined
  }

  async #whyOf(pod: string): Promise<WhyView | undefined> {
    const [namespace = '', name = ''] = pod.split('/')
    const inspection = await this.#session.door.inspect({ kind: 'Pod', namespace, name })
    return inspection.why
  }
}

/** What was done to the cluster from outside, counted. */
function deedsIn(marks: NonNullable<Frame['marks']>): number {
  return marks.filter(({ kind }) => kind === 'you' || kind === 'fault').length
}

/** All of a node that decides which pods it takes. */
function standingOf({ condition, isCordoned, taints, cpu, memory }: NodeRow): string {
  return [condition, isCordoned, cpu.allocatable, cpu.requested, memory.allocatable, memory.requested, ...taints].join()
}
