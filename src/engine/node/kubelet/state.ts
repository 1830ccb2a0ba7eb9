import type { Pod } from '../../api/index.ts'
import { freeze, type ChartState } from '../../sim/index.ts'
import type { Backoff, PullBackoff } from './backoff.ts'
import type { Resize } from './resize.ts'

/** A pod's status as the API has it. */
export type PodStatus = Pod['status']
/** One entry of `spec.containers`; init and ephemeral containers are read through it too. */
export type Container = Pod['spec']['containers'][number]

/** What the runtime knows of one run of a container. A change makes a new one. */
export interface ContainerRecord {
  readonly id: string
  readonly name: string
  /** how often the container was made before */
  readonly attempt: number
  readonly state: 'created' | 'running' | 'exited'
  /** as the spec had it when it was made: another one means that the definition changed */
  readonly image: string
  /** the image's full name and digest */
  readonly reference: string
  readonly digest: string
  readonly startedAt: number | undefined
  readonly finishedAt: number | undefined
  readonly exitCode: number | undefined
  readonly reason: string | undefined
  readonly message: string | undefined
}

/** How a run ended. */
export type End = Pick<ContainerRecord, 'finishedAt' | 'exitCode' | 'reason' | 'message'>

/** A pod as the runtime sees it: the sandbox, and each container's two latest runs, newest first. Frozen. */
export interface RuntimePod {
  readonly sandbox: Sandbox | undefined
  readonly containers: readonly ContainerRecord[]
}

/** The pod's own network and namespaces. */
export interface Sandbox {
  readonly attempt: number
  readonly isReady: boolean
  readonly ip: string
}

/** Why a container waits, as the last sync found. */
export interface WaitReason {
  readonly reason: string
  readonly message: string
}

/** One container's chart, and what a stop under way must know. */
export interface ContainerRun {
  chart: ChartState<object>
  id: string | undefined
  /** when the grace of a stop under way ends, and when it began */
  stop: Stop | undefined
  /** a hook that still runs */
  hook: 'postStart' | 'preStop' | undefined
  /** the error that a failed start leaves behind */
  failure: WaitReason | undefined
}

/** A stop of a container: who asked, and for how long it may take. */
export interface Stop {
  readonly message: string
  readonly graceMs: number
  readonly beganAt: number
  /** sidecars wait until all others are gone */
  readonly waitsForTurn: boolean
}

export type ProbeKind = 'liveness' | 'readiness' | 'startup'
export type ProbeResult = 'success' | 'failure' | 'unknown'

/** One probe of one container, over all its restarts. */
export interface ProbeState {
  readonly container: string
  readonly kind: ProbeKind
  chart: ChartState<object>
  /** the run the result is about */
  id: string | undefined
  result: ProbeResult
  /** equal answers in a row */
  last: ProbeResult
  inARow: number
  /** number of the question asked last: late answers are told apart by it */
  asked: number
  /** number of the rhythm: ticks of an older one are ignored */
  rhythm: number
  /** redirects followed for the question that is open */
  hops: number
  /** the open question was refused: a gRPC client tries on until its timeout */
  isRefused: boolean
  timeout: number | undefined
  /** asked for again while a question is open */
  isWanted: boolean
  /** when a tick found it on hold: the rhythm rests there */
  pausedAt: number | undefined
  /** when its rhythm asks next */
  dueAt: number
}

/** What a sync is going to do, decided once from what it sees; what is done is struck out. */
export interface Plan {
  killsPod: boolean
  makesSandbox: boolean
  /** a restart rule has the whole pod begin anew in its sandbox: all runs are removed */
  removesAll: boolean
  kills: readonly Kill[]
  starts: readonly string[]
  /** running containers whose resources change under them */
  updates: readonly string[]
}

/** A container that must go. */
export interface Kill {
  readonly name: string
  readonly message: string
  readonly graceSeconds?: number
}

/** How the last sync ended. */
export interface SyncError {
  readonly kind: 'failed' | 'backOff' | 'network'
  /** what is left of a restart back-off */
  readonly restMs?: number
}

/** A pod's volumes: which are there, and which could not be mounted. By lists: keys that no other pod has would make hidden classes. */
export interface VolumeWait {
  mounted: readonly string[]
  failed: readonly FailedMount[]
  /** the pod as it was when all was there that it mounts */
  pod: Pod | undefined
  /** when this sync began to wait */
  since: number
  /** number of the wait: timers of an older one are ignored */
  wait: number
}

/** A volume that could not be mounted at once, and how often it was tried again. */
export interface FailedMount {
  readonly name: string
  tries: number
}

/** All a kubelet remembers of one pod. Gone when the kubelet stops. */
export interface Worker {
  /** the pod as the kubelet works on it: changed by what is news to it, and as far as resizes were granted */
  pod: Pod
  /** its object as it was last heard of */
  latest: Pod
  /** the API object is gone */
  isGone: boolean
  /** the pod is to be stopped: deleted, or over */
  isDoomed: boolean
  /** everything is stopped and cleaned up */
  isFinished: boolean
  /** its status waits to be written */
  isDirty: boolean
  /** its place among the pods that the next look at the runtime is for; -1 where it is none of them */
  place: number
  chart: ChartState<object>
  /** the runtime's view as of the last look: syncs and statuses are made from it */
  seen: RuntimePod
  /** what the runtime would answer now */
  truth: RuntimePod
  /** what the kubelet says of the pod, before it is merged into what the API has */
  status: PodStatus | undefined
  /** what the status was made from, where nothing else went into it: made from the same it would be the same */
  toldPod: Pod | undefined
  toldSeen: RuntimePod | undefined
  reasons: Readonly<Record<string, WaitReason>>
  backoffs: Readonly<Record<string, Backoff>>
  pullBackoffs: Readonly<Record<string, PullBackoff>>
  runs: Record<string, ContainerRun>
  probes: Readonly<Record<string, ProbeState>>
  volumes: VolumeWait
  /** of the sync under way */
  plan: Plan | undefined
  /** containers that the sync under way made or tried to make */
  tried: readonly string[]
  error: SyncError | undefined
  hasChanged: boolean
  /** the runtime was looked at while a sync was under way: the next one sees what it found */
  isLookDue: boolean
  /** a sync was asked for while one was under way */
  isSyncWanted: boolean
  /** the next sync's timer and time */
  next: { readonly timer: number; readonly at: number } | undefined
  /** when the last sync ended, and whether its outcome was looked at right away */
  endedAt: number
  isFresh: boolean
  /** the restart back-off that the last start ran into */
  backedOff: WaitReason | undefined
  /** the sandbox goes when the containers that are being stopped are gone */
  takesDown: boolean
  /** a fault that answers for a probe */
  forced: Readonly<Partial<Record<ProbeKind, boolean>>>
  /** when the kubelet first heard of the pod, or what its status says */
  startedAt: number
  /** what it asks of the node; undefined when it holds nothing any more */
  requests: Readonly<Record<string, number>> | undefined
}

/** A pull somebody waits for. Pulls of a node go one at a time. */
export interface PullRequest {
  readonly uid: string
  readonly container: string
  readonly image: string
  readonly askedAt: number
}

/** A kubelet's state: what it remembers, and, as `truth`, what its machine's runtime remembers for it: with each worker, or here. */
export interface KubeletState {
  chart: ChartState<object>
  /** counts the starts: timers of an earlier life are ignored */
  epoch: number
  /** where in a second the kubelet looks at the runtime, and where it looks at its queue */
  relistPhase: number
  tickPhase: number
  workers: Map<string, Worker>
  /** uids of the pods that the next look at the runtime is for; empty where one was struck out */
  changed: string[]
  isRelisting: boolean
  /** uids of the pods whose statuses wait to be written */
  dirty: string[]
  isFlushing: boolean
  /** somebody looks after the lease soon */
  isLeaseDue: boolean
  pulls: PullRequest[]
  /** of the pods that no worker looks after: the kubelet is stopped, or they were deleted while it was */
  truth: Map<string, RuntimePod>
  /** names of images by reference, for the node's status */
  images: Record<string, { readonly names: readonly string[]; readonly sizeBytes: number }>
  pullChart: ChartState<object>
  isNetworkReady: boolean
  /** requests of all pods that were taken, and how many */
  used: Record<string, number>
  podCount: number
  /** pods that were resized, by uid: survives a restart of the kubelet, as upstream's checkpoint does */
  resizes: Map<string, Resize>
  /** uids of pods that ask for other resources than they have */
  pendingResizes: string[]
  /** some pod has asked for the variables of Services: from then on they are watched */
  watchesServices?: boolean
}

/** What most pods never put anything into is one and the same for all of them; whoever puts something in makes a new one. */
export const noEntries: Readonly<Record<string, never>> = Object.freeze({})
export const noItems: readonly never[] = Object.freeze([])

/** A list with one more item at its end. */
export function withItem<T>(list: readonly T[], item: T): readonly T[] {
  return list.length === 0 ? [item] : [...list, item]
}

/** A pod of which the runtime knows nothing. */
export const unseen: RuntimePod = Object.freeze({ sandbox: undefined, containers: noItems })

/** What the runtime knows of the pod of that uid, whether or not a worker looks after it. */
export function runtimePodOf({ workers, truth }: KubeletState, uid: string): RuntimePod {
  return workers.get(uid)?.truth ?? truth.get(uid) ?? unseen
}

/** A container's newest run. */
export function newestOf(pod: RuntimePod, name: string): ContainerRecord | undefined {
  for (const record of pod.containers) if (record.name === name) return record
  return undefined
}

/** The run of that id. */
export function recordOf(pod: RuntimePod, id: string): ContainerRecord | undefined {
  for (const record of pod.containers) if (record.id === id) return record
  return undefined
}

/** A pod with one run added or replaced; of each container the two latest are kept, as the kubelet's own collector does. */
export function withRecord(pod: RuntimePod, record: ContainerRecord): RuntimePod {
  const { sandbox, containers } = pod
  const before = recordOf(pod, record.id)
  const isOnly = containers.length === (before === undefined ? 0 : 1)
  if (isOnly) return freeze({ sandbox, containers: [record] })
  if (before === undefined) return freeze({ sandbox, containers: [record, ...withoutOldest(containers, record.name)] })
  return freeze({ sandbox, containers: containers.with(containers.indexOf(before), record) })
}

const unended: End = Object.freeze({
  finishedAt: undefined,
  exitCode: undefined,
  reason: undefined,
  message: undefined,
})

/** A record whose run begins. */
export function begun(record: ContainerRecord, now: number): ContainerRecord {
  return recordWith(record, 'running', now, unended)
}

/** A record whose run is over. */
export function ended(record: ContainerRecord, startedAt: number | undefined, end: End): ContainerRecord {
  return recordWith(record, 'exited', startedAt, end)
}

function recordWith(
  { id, name, attempt, image, reference, digest }: ContainerRecord,
  state: ContainerRecord['state'],
  startedAt: number | undefined,
  { finishedAt, exitCode, reason, message }: End,
): ContainerRecord {
  return { id, name, attempt, state, image, reference, digest, startedAt, finishedAt, exitCode, reason, message }
}

/** A pod with another sandbox. */
export function withSandbox(pod: RuntimePod, sandbox: Sandbox): RuntimePod {
  return freeze({ sandbox, containers: pod.containers })
}

function withoutOldest(records: readonly ContainerRecord[], name: string): readonly ContainerRecord[] {
  if (records.length < 2) return records
  const runs = records.filter((one) => one.name === name)
  return runs.length < 2 ? records : records.filter((one) => one.name !== name || one === runs[0])
}

/** The machine lost power: what ran is gone, what the disk holds stays. */
export function losePower(truth: KubeletState['truth'], now: number): void {
  for (const [uid, { sandbox, containers }] of truth) {
    const cut: End = { finishedAt: now, exitCode: 255, reason: 'Unknown', message: undefined }
    const left = containers.map((record) =>
      record.state === 'running' ? ended(record, record.startedAt, cut) : record,
    )
    truth.set(uid, freeze({ sandbox: sandbox && { ...sandbox, isReady: false }, containers: left }))
  }
}
