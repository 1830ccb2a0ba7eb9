import {
  copyOf,
  createCluster,
  FaultError,
  InvariantError,
  restore,
  type Cluster,
  type ClusterOptions,
  type EtcdAnswer,
  type Fault,
  type SavedCluster,
  type User,
} from '#engine'
import {
  createSession as createKubeconfig,
  run as runKubectl,
  type DescriptionProvider,
  type KubectlContext,
  type Session as KubeconfigSession,
} from '#kubectl'
import { viewOf, type FileView } from './files.ts'
import { createFollowings, ended, type Running } from './followings.ts'
import { createKeyboard, type Typed } from './keyboard.ts'
import { actsWhileItWaits, onlyLooks, onlyTries } from './looking.ts'
import {
  checkpointFor,
  firstDifference,
  thinned,
  titleOf,
  type Action,
  type Branch,
  type Checkpoint,
  type Input,
} from './history.ts'

/** What a run begins from. */
export interface SessionOptions {
  readonly cluster: ClusterOptions
  /** actions that are already part of the run (a link's, a replay's); they happen as time reaches them */
  readonly inputs?: readonly Input[]
  /** texts of the API's fields for `kubectl explain`; without them it shows structure alone */
  readonly descriptions?: DescriptionProvider
}

/** Where a command's words go. */
export interface Output {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** What a command said and how it ended. */
export interface Told {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

/** One person's run of a cluster: every action is logged, so that the run can be rewound, branched, shared and replayed. */
export interface Session {
  /** the cluster as it is now; another object after a rewind */
  readonly cluster: () => Cluster
  readonly now: () => number
  /** how far this branch has been played: beyond `now` after a rewind */
  readonly end: () => number
  /** Moves time; logged actions of the future happen on the way, commands that are still running are served. */
  readonly advanceTo: (at: number) => void
  /** Lets one thing happen. */
  readonly step: () => void
  /** Goes to any moment of this branch, back or forth. */
  readonly seek: (at: number) => void
  /** Goes back to a moment by which so many actions had been done; all later ones become a branch of their own, called `name`. */
  readonly startAgain: (at: number, inputCount: number, name: string) => void
  readonly kubectl: (command: Command, output: Output) => Running
  /** Runs a command that only reads: it is no part of the run. */
  readonly look: (command: Command) => Told
  /** Breaks or mends something, as a logged action; answers what etcd did, where that is what was asked. */
  readonly fault: (fault: Fault) => EtcdAnswer
  readonly request: Cluster['http']
  readonly inputs: () => readonly Input[]
  readonly branches: () => readonly Branch[]
  readonly branch: () => Branch
  readonly switchTo: (branch: string) => void
  /** Lets something outside the cluster take part in virtual time: a terminal's shell. */
  readonly attend: (attendant: Attendant) => void
  /** Called after the cluster object was replaced. */
  readonly onReplace: (listener: () => void) => void
}

/** Wakes at virtual moments of its own, in the order of attending. */
export interface Attendant {
  readonly wakeAt: () => number | undefined
  readonly wake: () => void
}

/** A kubectl command with all it may read. */
export interface Command {
  readonly argv: readonly string[]
  readonly stdin?: string
  /** what it reads is typed while it runs: `Running.type` */
  readonly isTyped?: boolean
  readonly files?: FileView
  readonly user?: User
}

/** Virtual ms between checkpoints, unless very much happens. */
const checkpointEveryMs = 5_000
/** Rounds of serving that one instant may take. */
const roundsMax = 10_000
const checkpointsMax = 48
const stepsBetweenMax = 50_000

/** A checkpoint waits until so much has happened that its own cost is a tenth of it: each step is worth so many copied things. */
const weightPerStep = 20
/** What all checkpoints together may hold, in copied things: some hundred megabytes. */
const weightMax = 6_000_000

/** What a checkpoint holds: the cluster's world, and the kubeconfig that commands have changed. */
interface Saved {
  readonly cluster: SavedCluster
  readonly kubeconfig: KubeconfigSession
}

/** Begins a run. The same options and the same actions at the same times give the same trace, byte for byte. */
export function createSession(options: SessionOptions): Session {
  let cluster = createCluster(options.cluster)
  let inputs: readonly Input[] = options.inputs ?? []
  let done = 0
  let end = 0
  let kubeconfig = createKubeconfig()
  let checkpoints: readonly Checkpoint<Saved>[] = [{ at: 0, inputCount: 0, world: save() }]
  let branch: Branch = { id: 'main', name: 'main', from: 0, inputs, end: 0 }
  let others: readonly Branch[] = []
  const listeners: (() => void)[] = []
  const attendants: Attendant[] = []

  const now = (): number => cluster.control.now()
  const followings = createFollowings(() => cluster)

  function save(): Saved {
    return { cluster: cluster.control.save(), kubeconfig: copyOf(kubeconfig) }
  }

  function advanceTo(at: number): void {
    let roundsAtOnce = 0
    for (;;) {
      const stop = Math.min(at, inputs[done]?.at ?? Infinity, followings.dueAt(), ...attendants.map(wakeAt))
      // an instant is over once it was reached: what an action causes at once comes after all other actions of that instant
      roundsAtOnce = stop > now() ? 0 : roundsAtOnce + 1
      if (roundsAtOnce > roundsMax)
        throw new InvariantError('time stands still: something wants to act again and again at one instant')
      if (stop > now()) cluster.control.advanceTo(stop)
      followings.serve()
      for (const attendant of attendants) if (wakeAt(attendant) <= now()) attendant.wake()
      while (done < inputs.length && inputs[done]!.at <= now()) again(inputs[done++]!)
      if (now() >= at) break
    }
    end = Math.max(end, now())
    remember()
  }

  function remember(): void {
    // a command that acts is no part of a saved world: a rewind into its midst begins before it
    if (followings.areActing()) return
    const { at, world } = checkpoints[checkpoints.length - 1]!
    const steps = cluster.control.steps() - stepsOf(world)
    if (now() <= at || steps < Math.max(1, world.cluster.weight / weightPerStep)) return
    if (now() - at < checkpointEveryMs && steps < stepsBetweenMax) return
    checkpoints = [...checkpoints, { at: now(), inputCount: done, world: save() }]
    while (checkpoints.length > checkpointsMax || (checkpoints.length > 2 && weightOf(checkpoints) > weightMax))
      checkpoints = thinned(checkpoints, checkpoints.length - 1)
  }

  function seek(at: number): void {
    if (at < now()) rewind(at)
    advanceTo(at)
  }

  function rewind(at: number): void {
    const from = checkpointFor(checkpoints, at) ?? checkpoints[0]!
    followings.abandon()
    checkpoints = checkpoints.filter((checkpoint) => checkpoint.at <= from.at)
    done = from.inputCount
    cluster = restore(from.world.cluster)
    kubeconfig = copyOf(from.world.kubeconfig)
    for (const listener of listeners) listener()
  }

  function startAgain(at: number, inputCount: number, name: string): void {
    if (inputCount < inputs.length) leave(name, at)
    inputs = inputs.slice(0, inputCount)
    checkpoints = checkpoints.filter((checkpoint) => checkpoint.at <= at && checkpoint.inputCount <= inputCount)
    rewind(at)
    end = at
    advanceTo(at)
  }

  /** There is more to come that was seen already. */
  const isPast = (): boolean => done < inputs.length || end > now()

  /** Logs an action now. In the past, this leaves the old future behind as a branch of its own. */
  function log(action: Action): void {
    if (isPast()) leaveFuture(action)
    inputs = [...inputs.slice(0, done), { ...action, at: now() }]
    done = inputs.length
    end = Math.max(end, now())
  }

  function leaveFuture(action: Action): void {
    if (done < inputs.length) leave(titleOf(action), now())
    end = now()
  }

  /** Keeps the run as it was played under its own name and goes on as another from `from`. */
  function leave(name: string, from: number): void {
    others = [...others, { ...branch, inputs, end }]
    branch = { id: `branch-${others.length}`, name, from, inputs: [], end: from }
  }

  function perform(action: Action, output: Output): Running {
    if (action.do === 'fault')
      return at('fault', { fault: action.fault }, () => void cluster.control.fault(action.fault as Fault))
    if (action.do === 'request') return at('request', {}, () => void cluster.http(action.request as never))
    if (action.do === 'interrupt') return interrupt(action.input)
    if (action.do === 'type') return typed(action.input, action.text, action.isEnd ?? false)
    const { argv, stdin, isTyped = false, files = {}, user } = action
    const command = { argv, isTyped, files: viewOf(files) }
    return start({ ...command, ...(stdin !== undefined && { stdin }), ...(user && { user }) }, output, done - 1)
  }

  /** Plays a logged action; one that was refused then is refused now, and the run goes on as it did. */
  function again(action: Action): void {
    try {
      perform(action, silent)
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
    }
  }

  function at(what: string, detail: Readonly<Record<string, unknown>>, act: () => void): Running {
    cluster.control.act(what, detail, act)
    return ended(0)
  }

  function interrupt(input: number): Running {
    followings.interrupt(input)
    return ended(0)
  }

  function typed(input: number, text: string, isEnd: boolean): Running {
    followings.type(input, text, isEnd)
    return ended(0)
  }

  function contextOf(
    { stdin, files = noFiles, user }: Command,
    output: Output,
    of = cluster,
    keyboard?: Typed,
  ): KubectlContext {
    const io = { ...files, ...(stdin !== undefined && { stdin }), ...(keyboard && { keyboard }), ...output }
    const api = user ? of.api.as(user) : of.api
    const { descriptions } = options
    return {
      api,
      now,
      io,
      nodes: of.nodes,
      http: of.http,
      openHttp: of.openHttp,
      session: kubeconfig,
      ...(descriptions && { descriptions }),
    }
  }

  function lookedAt(command: Command, output: Output): Running {
    const result = runKubectl(command.argv, contextOf(command, output))
    const code = typeof result === 'number' ? result : result.stop()
    return ended(code)
  }

  /** In a copy: what is tried draws names and numbers, and the run must not miss them. */
  function tried(command: Command, output: Output): Running {
    const copy = restore(cluster.control.save())
    const context = contextOf(command, output, copy)
    const result = copy.control.act('kubectl', {}, () => runKubectl(command.argv, context))
    const code = typeof result === 'number' ? result : (result.poll() ?? result.stop())
    return ended(code)
  }

  function look(command: Command): Told {
    const told = { stdout: '', stderr: '' }
    const output: Output = { out: (text) => (told.stdout += text), err: (text) => (told.stderr += text) }
    const code = lookedAt(command, output).code()
    return { ...told, code }
  }

  function start(command: Command, output: Output, input: number): Running {
    const line = command.argv.join(' ')
    const keyboard = command.isTyped ? createKeyboard() : undefined
    const context = contextOf(command, output, cluster, keyboard)
    let cause = 0
    const result = cluster.control.act('kubectl', { line }, () => {
      cause = cluster.trace.count()
      return runKubectl(command.argv, context)
    })
    if (typeof result === 'number') return ended(result)
    const isActing = actsWhileItWaits(command.argv)
    return followings.add(result, { input, cause, isActing }, keyboard, {
      stopped() {
        if (isActing) log({ do: 'interrupt', input })
      },
      typed: (text, isEnd) => log({ do: 'type', input, text, ...(isEnd && { isEnd }) }),
    })
  }

  return {
    cluster: () => cluster,
    now,
    end: () => end,
    advanceTo,
    step() {
      const next = Math.min(cluster.control.nextAt() ?? Infinity, inputs[done]?.at ?? Infinity)
      if (next === Infinity) return
      if (next > now()) advanceTo(next)
      else advanceTo(now() + instantMs)
    },
    seek,
    startAgain,
    kubectl(command, output) {
      // looking around in the past is no part of the run: what came after it stays
      if (isPast() && onlyLooks(command.argv)) return lookedAt(command, output)
      if (isPast() && onlyTries(command.argv)) return tried(command, output)
      const files: Record<string, string> = {}
      const view = command.files ?? noFiles
      const readFile = (path: string): string | undefined => {
        const text = view.readFile(path)
        if (text !== undefined) files[path] = text // only what it read is part of the run
        return text
      }
      const running = start({ ...command, files: { ...view, readFile } }, output, done)
      const { argv, stdin, isTyped, user } = command
      log({
        do: 'kubectl',
        argv,
        ...(stdin !== undefined && { stdin }),
        ...(isTyped && { isTyped }),
        files,
        ...(user && { user }),
      })
      return running
    },
    look,
    fault(fault) {
      try {
        return cluster.control.act('fault', { fault }, () => cluster.control.fault(fault))
      } finally {
        log({ do: 'fault', fault }) // a refused one left its record too
      }
    },
    request(request) {
      if (request.method === 'GET') return cluster.http(request) // reading leaves no trace
      const answer = cluster.control.act('request', {}, () => cluster.http(request))
      log({ do: 'request', request })
      return answer
    },
    inputs: () => inputs,
    branches: () => others,
    branch: () => ({ ...branch, inputs, end }),
    switchTo(id) {
      const next = others.find((other) => other.id === id)
      if (next === undefined) return
      others = [...others.filter((other) => other !== next), { ...branch, inputs, end }]
      const fork = Math.min(next.from, firstDifference(inputs, next.inputs))
      branch = next
      checkpoints = checkpoints.filter((checkpoint) => checkpoint.at <= fork)
      inputs = next.inputs
      rewind(fork)
      end = next.end
      advanceTo(next.end)
    },
    attend: (attendant) => void attendants.push(attendant),
    onReplace: (listener) => void listeners.push(listener),
  }
}

/** How far a step goes when something is still to happen at this very instant. */
const instantMs = 0.001

const wakeAt = (attendant: Attendant): number => attendant.wakeAt() ?? Infinity
const nothing = (): undefined => undefined
const noFiles = viewOf({})
const silent: Output = { out: nothing, err: nothing }

function stepsOf({ cluster }: Saved): number {
  return cluster.world.clock.nextSeq
}

function weightOf(checkpoints: readonly Checkpoint<Saved>[]): number {
  return checkpoints.reduce((sum, { world }) => sum + world.cluster.weight, 0)
}
