import type { Pod } from '../../api/index.ts'
import { changeOf, type Resize } from './resize.ts'
import { isSidecar, restartsAll, retriesInit, shouldStart } from './restartPolicy.ts'
import {
  newestOf,
  type Container,
  type ContainerRecord,
  type Plan,
  type ProbeResult,
  type RuntimePod,
} from './state.ts'

/** What a sync decides from. */
export interface ActionView {
  readonly pod: Pod
  readonly seen: RuntimePod
  /** what a probe says of a container's present run; undefined where there is no such probe or no result */
  readonly result: (record: ContainerRecord, kind: 'liveness' | 'startup') => ProbeResult | undefined
  readonly resize: Resize | undefined
}

interface Draft {
  kills: { name: string; message: string; graceSeconds?: number }[]
  starts: string[]
  updates: string[]
  killsPod: boolean
}

/** What is to be done so that the pod runs as its spec says. upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions */
export function planOf(view: ActionView): Plan {
  const { sandbox, containers } = view.seen
  if (sandbox === undefined || !sandbox.isReady) return fromTheStart(view, containers.length > 0)
  if (asksForRestartOfAll(view.pod, view.seen)) return renewal(view)
  const draft: Draft = { kills: [], starts: [], updates: [], killsPod: false }
  for (const { name } of view.pod.spec.ephemeralContainers ?? [])
    if (!newestOf(view.seen, name)) draft.starts.push(name)
  if (!planInit(view, draft) || draft.killsPod) return frozen(draft)
  planRegular(view, draft)
  return frozen(draft)
}

function frozen({ kills, starts, updates, killsPod }: Draft): Plan {
  return Object.freeze({
    killsPod,
    makesSandbox: false,
    removesAll: false,
    kills: Object.freeze(kills),
    starts: Object.freeze(starts),
    updates: Object.freeze(updates),
  })
}

const none: readonly string[] = Object.freeze([])

/** Whether a container ended in a way that a restart rule answers by beginning the whole pod anew. */
export function asksForRestartOfAll(pod: Pod, seen: RuntimePod): boolean {
  return [...((pod.spec.initContainers ?? []) as readonly Container[]), ...pod.spec.containers].some((container) => {
    if (container.restartPolicyRules === undefined) return false
    const newest = newestOf(seen, container.name)
    return newest?.state === 'exited' && restartsAll(container, newest.exitCode ?? 0)
  })
}

/** All that runs is killed, all runs are removed; what comes then is decided when that is done. */
function renewal({ pod, seen }: ActionView): Plan {
  const names = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name)
  const kills = names
    .filter((name) => newestOf(seen, name)?.state === 'running')
    .map((name) => ({ name, message: 'killing' }))
  return Object.freeze({
    killsPod: false,
    makesSandbox: false,
    removesAll: true,
    kills: Object.freeze(kills),
    starts: none,
    updates: none,
  })
}

/** No sandbox, or a dead one: all containers begin anew, init containers first. */
function fromTheStart({ pod, seen }: ActionView, hasRun: boolean): Plan {
  const over = Object.freeze({
    killsPod: true,
    makesSandbox: false,
    removesAll: false,
    kills: [],
    starts: none,
    updates: none,
  })
  if (pod.spec.restartPolicy === 'Never' && seen.sandbox !== undefined && hasRun) return over
  const wanted = pod.spec.containers.filter(({ name }) => {
    const newest = newestOf(seen, name)
    return !(pod.spec.restartPolicy === 'OnFailure' && newest?.state === 'exited' && newest.exitCode === 0)
  })
  if (wanted.length === 0) return over
  const first = pod.spec.initContainers?.[0]
  const starts = first ? [first.name] : wanted.map(({ name }) => name)
  return Object.freeze({
    killsPod: true,
    makesSandbox: true,
    removesAll: false,
    kills: [],
    starts: Object.freeze(starts),
    updates: none,
  })
}

/** Says whether initialization is done, and plans the init containers and sidecars. upstream: computeInitContainerActions */
function planInit(view: ActionView, draft: Draft): boolean {
  const containers = (view.pod.spec.initContainers ?? []) as readonly Container[]
  if (containers.length === 0) return true
  if (view.pod.spec.containers.some(({ name }) => newestOf(view.seen, name)?.state === 'running')) {
    for (const container of containers) if (isSidecar(container)) keepSidecar(view, container, draft)
    return true
  }
  for (let index = containers.length - 1; index >= 0; index--) {
    const newest = newestOf(view.seen, containers[index]!.name)
    if (newest === undefined) continue
    const isDone = stepInit(view, containers, index, newest, draft)
    for (const earlier of containers.slice(0, index)) if (isSidecar(earlier)) keepSidecar(view, earlier, draft)
    draft.starts.sort((a, b) => placeOf(containers, a) - placeOf(containers, b))
    return isDone
  }
  draft.starts.push(containers[0]!.name)
  return false
}

const placeOf = (containers: readonly Container[], name: string): number =>
  containers.findIndex((one) => one.name === name)

/** The latest init container that ever ran: go on from there. True when it was the last and is done. */
function stepInit(
  view: ActionView,
  all: readonly Container[],
  index: number,
  newest: ContainerRecord,
  draft: Draft,
): boolean {
  const container = all[index]!
  const next = all[index + 1]
  const goOn = (): boolean => {
    if (next) draft.starts.push(next.name)
    return next === undefined
  }
  if (isSidecar(container)) {
    keepSidecar(view, container, draft)
    return newest.state === 'running' && hasStarted(view, container, newest) ? goOn() : false
  }
  if (newest.state === 'running') return false
  if (newest.state === 'exited' && newest.exitCode === 0) return goOn()
  if (newest.state === 'exited' && !retriesInit(view.pod, container)) draft.killsPod = true
  else draft.starts.push(container.name)
  return false
}

function hasStarted(view: ActionView, container: Container, record: ContainerRecord): boolean {
  return container.startupProbe === undefined || view.result(record, 'startup') === 'success'
}

function keepSidecar(view: ActionView, container: Container, draft: Draft): void {
  const newest = newestOf(view.seen, container.name)
  if (newest === undefined) return
  if (newest.state === 'running') {
    const flaw = flawOf(view, container, newest, 'Init container')
    if (flaw === undefined && !planResize(view, container, draft)) return
    if (flaw !== undefined)
      draft.kills.push({ name: container.name, ...flaw, message: `${flaw.message}, will be restarted` })
  }
  draft.starts.push(container.name)
}

function planRegular(view: ActionView, draft: Draft): void {
  let kept = 0
  for (const container of view.pod.spec.containers) {
    const newest = newestOf(view.seen, container.name)
    if (newest?.state !== 'running') {
      if (shouldStart(view.pod, container, newest)) draft.starts.push(container.name)
      continue
    }
    const flaw = flawOf(view, container, newest, 'Container')
    if (flaw === undefined) {
      if (planResize(view, container, draft)) draft.starts.push(container.name)
      else kept++
      continue
    }
    const comesBack = flaw.always || (container.restartPolicy ?? view.pod.spec.restartPolicy) !== 'Never'
    draft.kills.push({
      name: container.name,
      ...flaw,
      message: comesBack ? `${flaw.message}, will be restarted` : flaw.message,
    })
    if (comesBack) draft.starts.push(container.name)
  }
  const begins = draft.starts.some((name) => view.pod.spec.containers.some((container) => container.name === name))
  if (kept === 0 && !begins && draft.kills.length === 0) {
    draft.killsPod = true
    draft.starts = []
  }
}

/** A running container gets its new resources as it is, or, which is what this answers with, by a restart. */
function planResize({ resize }: ActionView, container: Container, draft: Draft): boolean {
  const change = resize && changeOf(container, resize)
  if (change === 'update') draft.updates.push(container.name)
  if (change !== 'restart') return false
  draft.kills.push({ name: container.name, message: `Container ${container.name} resize requires restart` })
  return true
}

interface Flaw {
  readonly message: string
  readonly graceSeconds?: number
  /** restarted whatever the policy */
  readonly always?: boolean
}

/** Why a running container must go. */
function flawOf(view: ActionView, container: Container, record: ContainerRecord, what: string): Flaw | undefined {
  if (record.image !== container.image) return { message: `${what} ${record.name} definition changed`, always: true }
  for (const kind of ['liveness', 'startup'] as const) {
    if (view.result(record, kind) !== 'failure') continue
    const graceSeconds = container[`${kind}Probe`]?.terminationGracePeriodSeconds
    return {
      message: `${what} ${record.name} failed ${kind} probe`,
      ...(graceSeconds !== undefined && { graceSeconds }),
    }
  }
  return undefined
}
