import { copyOf, createCluster, restore, type Cluster, type ClusterOptions, type Fault, type SavedCluster, type User } from '#engine'
import { createSession as createKubeconfig, run as runKubectl, type DescriptionProvider, type Follow, type Session as KubeconfigSession } from '#kubectl'
import { viewOf, type FileView } from './files.ts'
import { checkpointFor, thinned, type Action, type Branch, type Checkpoint, type Input } from './history.ts'

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

/** A command that was started: done at once, or followed while time goes on. */
export interface Running {
  readonly isDone: () => boolean
  readonly code: () => number
  /** Ctrl-C */
  readonly stop: () => void
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
  readonly kubectl: (command: Command, output: Output) => Running
  readonly fault: (fault: Fault) => void
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
  readonly files?: FileView
  readonly user?: User
}

/** Virtual ms between checkpoints; fewer when little happens. */
const checkpointEveryMs = 5_000
const checkpointsMax = 48
const recordsBetweenMax = 20_000

/** What a checkpoint holds: the cluster's world, and the kubeconfig that commands have changed. */
interface Saved {
  readonly cluster: SavedCluster
  readonly kubeconfig: KubeconfigSession
}

interface Following {
  readonly follow: Follow
  readonly finish: (code: number) => void
  dueAt: number
}

/** Begins a run. The same options and the same actions at the same times give the same trace, byte for byte. */
export function createSession(options: SessionOptions): Session {
  let cluster = createCluster(options.cluster)
  let inputs: readonly Input[] = options.inputs ?? []
  let done = 0
  let end = 0
  let kubeconfig = createKubeconfig()
  let checkpoints: readonly Checkpoint<Saved>[] = [{ at: 0, inputCount: 0, world: save() }]
  let followings: Following[] = []
  let branch: Branch = { id: 'main', name: 'main', from: 0, inputs, end: 0 }
  let others: readonly Branch[] = []
  const listeners: (() => void)[] = []
  const attendants: Attendant[] = []

  const now = (): number => cluster.control.now()

  function save(): Saved {
    return { cluster: cluster.control.save(), kubeconfig: copyOf(kubeconfig) }
  }

  function advanceTo(at: number): void {
    for (;;) {
      const stop = Math.min(at, inputs[done]?.at ?? Infinity, ...followings.map(({ dueAt }) => dueAt), ...attendants.map(wakeAt))
      cluster.control.advanceTo(Math.max(stop, now()))
      serve()
      for (const attendant of attendants) if (wakeAt(attendant) <= now()) attendant.wake()
      while (done < inputs.length && inputs[done]!.at <= now()) perform(inputs[done++]!, silent)
      if (now() >= at) break
    }
    end = Math.max(end, now())
    remember()
  }

  /** Asks every command that is due whether it is done; in the order they were started. */
  function serve(): void {
    for (const following of [...followings]) {
      if (following.dueAt > now()) continue
      const code = following.follow.poll()
      if (code === undefined) following.dueAt = now() + following.follow.pollMs
      else finish(following, code)
    }
  }

  function finish(following: Following, code: number): void {
    followings = followings.filter((other) => other !== following)
    following.finish(code)
  }

  function remember(): void {
    const last = checkpoints[checkpoints.length - 1]!
    const records = cluster.trace.count() - traceLengthOf(last.world)
    if (now() <= last.at || records === 0) return
    if (now() - last.at < checkpointEveryMs && records < recordsBetweenMax) return
    checkpoints = thinned([...checkpoints, { at: now(), inputCount: done, world: save() }], checkpointsMax)
  }

  function seek(at: number): void {
    if (at < now()) rewind(at)
    advanceTo(at)
  }

  function rewind(at: number): void {
    const from = checkpointFor(checkpoints, at) ?? checkpoints[0]!
    for (const { finish: stopped } of followings.splice(0)) stopped(130)
    checkpoints = checkpoints.filter((checkpoint) => checkpoint.at <= from.at)
    done = from.inputCount
    cluster = restore(from.world.cluster)
    kubeconfig = copyOf(from.world.kubeconfig)
    for (const listener of listeners) listener()
  }

  /** Logs an action now. In the past, this leaves the old future behind as a branch of its own. */
  function log(action: Action): void {
    if (done < inputs.length || end > now()) leaveFuture(action)
    inputs = [...inputs.slice(0, done), { ...action, at: now() }]
    done = inputs.length
    end = Math.max(end, now())
  }

  function leaveFuture(action: Action): void {
    if (done < inputs.length) {
      others = [...others, { ...branch, inputs, end }]
      branch = { id: `branch-${others.length}`, name: titleOf(action), from: now(), inputs: [], end: now() }
    }
    end = now()
  }

  function perform(action: Action, output: Output): Running {
    if (action.do === 'fault') return at('fault', { fault: action.fault }, () => void cluster.control.fault(action.fault as Fault))
    if (action.do === 'request') return at('request', {}, () => void cluster.http(action.request as never))
    const { argv, stdin, files = {}, user } = action
    const command = { argv, files: viewOf(files) }
    return start({ ...command, ...(stdin !== undefined && { stdin }), ...(user && { user }) }, output)
  }

  function at(what: string, detail: Readonly<Record<string, unknown>>, act: () => void): Running {
    cluster.control.act(what, detail, act)
    return { isDone: () => true, code: () => 0, stop: () => {} }
  }

  function start(command: Command, output: Output): Running {
    let code: number | undefined
    const { stdin, files = noFiles } = command
    const io = { ...files, ...(stdin !== undefined && { stdin }), ...output }
    const api = command.user ? cluster.api.as(command.user) : cluster.api
    const line = command.argv.join(' ')
    const { descriptions } = options
    const context = { api, now, io, nodes: cluster.nodes, session: kubeconfig, ...(descriptions && { descriptions }) }
    const result = cluster.control.act('kubectl', { line }, () => runKubectl(command.argv, context))
    if (typeof result === 'number') return { isDone: () => true, code: () => result, stop: () => {} }
    const following: Following = { follow: result, finish: (last) => (code = last), dueAt: now() + result.pollMs }
    followings.push(following)
    return {
      isDone: () => code !== undefined,
      code: () => code ?? 0,
      stop: () => {
        if (code === undefined) finish(following, result.stop())
      },
    }
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
      else cluster.control.step()
    },
    seek,
    kubectl(command, output) {
      const files: Record<string, string> = {}
      const view = command.files ?? noFiles
      const readFile = (path: string): string | undefined => {
        const text = view.readFile(path)
        if (text !== undefined) files[path] = text // only what it read is part of the run
        return text
      }
      const running = start({ ...command, files: { ...view, readFile } }, output)
      const { argv, stdin, user } = command
      log({ do: 'kubectl', argv, ...(stdin !== undefined && { stdin }), files, ...(user && { user }) })
      return running
    },
    fault(fault) {
      perform({ do: 'fault', fault }, silent)
      log({ do: 'fault', fault })
    },
    request(request) {
      const answer = cluster.control.act('request', {}, () => cluster.http(request))
      if (request.method !== 'GET') log({ do: 'request', request })
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

const wakeAt = (attendant: Attendant): number => attendant.wakeAt() ?? Infinity
const nothing = (): undefined => undefined
const noFiles = viewOf({})
const silent: Output = { out: nothing, err: nothing }

function traceLengthOf({ cluster }: Saved): number {
  return cluster.world.trace.nextSeq - 1
}

function titleOf(action: Action): string {
  if (action.do === 'kubectl') return `kubectl ${action.argv.join(' ')}`
  return action.do === 'fault' ? `fault ${(action.fault as Fault).kind}` : 'request'
}

/** The moment at which two runs part. */
function firstDifference(ours: readonly Input[], theirs: readonly Input[]): number {
  const index = ours.findIndex((input, position) => JSON.stringify(input) !== JSON.stringify(theirs[position]))
  return Math.min(ours[index]?.at ?? Infinity, theirs[index < 0 ? ours.length : index]?.at ?? Infinity)
}
