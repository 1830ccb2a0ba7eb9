import type { Pod } from '../../api/index.ts'
import { mapList } from '../../sim/index.ts'
import { resultOf, type Probes } from './probeSays.ts'
import { changeOf, type Resize } from './resize.ts'
import { isSidecar, restartsAll, retriesInit, shouldStart } from './restartPolicy.ts'
import {
  newestOf,
  noItems,
  withItem,
  type Container,
  type ContainerRecord,
  type Plan,
  type RuntimePod,
} from './state.ts'

/** What a sync decides from. */
export interface ActionView {
  readonly pod: Pod
  readonly seen: RuntimePod
  readonly probes: Probes
  readonly resize: Resize | undefined
}

/** What is to be done so that the pod runs as its spec says. upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go computePodActions */
export function planOf(view: ActionView): Plan {
  const { sandbox, containers } = view.seen
  if (sandbox === undefined || !sandbox.isReady) return fromTheStart(view, containers.length > 0)
  if (asksForRestartOfAll(view.pod, view.seen)) return renewal(view)
  const plan = newPlan()
  const { ephemeralContainers } = view.pod.spec
  if (ephemeralContainers !== undefined)
    for (const { name } of ephemeralContainers)
      if (!newestOf(view.seen, name)) plan.starts = withItem(plan.starts, name)
  if (planInit(view, plan) && !plan.killsPod) planRegular(view, plan)
  return plan
}

const newPlan = (): Plan => ({
  killsPod: false,
  makesSandbox: false,
  removesAll: false,
  kills: noItems,
  starts: noItems,
  updates: noItems,
})

/** Whether there is nothing to be done. */
export function isEmptyPlan({ killsPod, makesSandbox, removesAll, kills, starts, updates }: Plan): boolean {
  return !killsPod && !makesSandbox && !removesAll && kills.length + starts.length + updates.length === 0
}

/** Whether a container ended in a way that a restart rule answers by beginning the whole pod anew. */
export function asksForRestartOfAll(pod: Pod, seen: RuntimePod): boolean {
  const init = pod.spec.initContainers as readonly Container[] | undefined
  return (init !== undefined && anyAsks(init, seen)) || anyAsks(pod.spec.containers, seen)
}

function anyAsks(containers: readonly Container[], seen: RuntimePod): boolean {
  for (const container of containers) {
    if (container.restartPolicyRules === undefined) continue
    const newest = newestOf(seen, container.name)
    if (newest?.state === 'exited' && restartsAll(container, newest.exitCode ?? 0)) return true
  }
  return false
}

/** All that runs is killed, all runs are removed; what comes then is decided when that is done. */
function renewal({ pod, seen }: ActionView): Plan {
  const names = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name)
  const plan = newPlan()
  plan.removesAll = true
  plan.kills = names
    .filter((name) => newestOf(seen, name)?.state === 'running')
    .map((name) => ({ name, message: 'killing' }))
  return plan
}

/** No sandbox, or a dead one: all containers begin anew, init containers first. */
function fromTheStart({ pod, seen }: ActionView, hasRun: boolean): Plan {
  const { containers, initContainers, restartPolicy } = pod.spec
  const plan = newPlan()
  plan.killsPod = true
  if (restartPolicy === 'Never' && seen.sandbox !== undefined && hasRun) return plan
  const due = restartPolicy === 'OnFailure' ? containers.filter(({ name }) => !isDone(seen, name)) : containers
  plan.starts = mapList(due, ({ name }) => name)
  if (plan.starts.length === 0) return plan
  plan.makesSandbox = true
  const first = initContainers?.[0]
  if (first) plan.starts = [first.name]
  return plan
}

function isDone(seen: RuntimePod, name: string): boolean {
  const newest = newestOf(seen, name)
  return newest?.state === 'exited' && newest.exitCode === 0
}

/** Says whether initialization is done, and plans the init containers and sidecars. upstream: computeInitContainerActions */
function planInit(view: ActionView, plan: Plan): boolean {
  const containers = view.pod.spec.initContainers as readonly Container[] | undefined
  if (containers === undefined || containers.length === 0) return true
  if (view.pod.spec.containers.some(({ name }) => newestOf(view.seen, name)?.state === 'running')) {
    for (const container of containers) if (isSidecar(container)) keepSidecar(view, container, plan)
    return true
  }
  for (let index = containers.length - 1; index >= 0; index--) {
    const newest = newestOf(view.seen, containers[index]!.name)
    if (newest === undefined) continue
    const isDone = stepInit(view, containers, index, newest, plan)
    for (const earlier of containers.slice(0, index)) if (isSidecar(earlier)) keepSidecar(view, earlier, plan)
    plan.starts = plan.starts.toSorted((a, b) => placeOf(containers, a) - placeOf(containers, b))
    return isDone
  }
  plan.starts = withItem(plan.starts, containers[0]!.name)
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
  plan: Plan,
): boolean {
  const container = all[index]!
  const next = all[index + 1]
  const goOn = (): boolean => {
    if (next) plan.starts = withItem(plan.starts, next.name)
    return next === undefined
  }
  if (isSidecar(container)) {
    keepSidecar(view, container, plan)
    return newest.state === 'running' && hasStarted(view, container, newest) ? goOn() : false
  }
  if (newest.state === 'running') return false
  if (newest.state === 'exited' && newest.exitCode === 0) return goOn()
  if (newest.state === 'exited' && !retriesInit(view.pod, container)) plan.killsPod = true
  else plan.starts = withItem(plan.starts, container.name)
  return false
}

function hasStarted(view: ActionView, container: Container, record: ContainerRecord): boolean {
  return container.startupProbe === undefined || resultOf(view.probes, record, 'startup') === 'success'
}

function keepSidecar(view: ActionView, container: Container, plan: Plan): void {
  const newest = newestOf(view.seen, container.name)
  if (newest === undefined) return
  if (newest.state === 'running') {
    const flaw = flawOf(view, container, newest, 'Init container')
    if (flaw === undefined && !planResize(view, container, plan)) return
    if (flaw !== undefined)
      plan.kills = withItem(plan.kills, {
        name: container.name,
        ...flaw,
        message: `${flaw.message}, will be restarted`,
      })
  }
  plan.starts = withItem(plan.starts, container.name)
}

function planRegular(view: ActionView, plan: Plan): void {
  let kept = 0
  for (const container of view.pod.spec.containers) {
    const newest = newestOf(view.seen, container.name)
    if (newest?.state !== 'running') {
      if (shouldStart(view.pod, container, newest)) plan.starts = withItem(plan.starts, container.name)
      continue
    }
    const flaw = flawOf(view, container, newest, 'Container')
    if (flaw === undefined) {
      if (planResize(view, container, plan)) plan.starts = withItem(plan.starts, container.name)
      else kept++
      continue
    }
    const comesBack = flaw.always || (container.restartPolicy ?? view.pod.spec.restartPolicy) !== 'Never'
    plan.kills = withItem(plan.kills, {
      name: container.name,
      ...flaw,
      message: comesBack ? `${flaw.message}, will be restarted` : flaw.message,
    })
    if (comesBack) plan.starts = withItem(plan.starts, container.name)
  }
  if (kept > 0 || plan.kills.length > 0) return
  const begins = plan.starts.some((name) => view.pod.spec.containers.some((container) => container.name === name))
  if (begins) return
  plan.killsPod = true
  plan.starts = noItems
}

/** A running container gets its new resources as it is, or, which is what this answers with, by a restart. */
function planResize({ resize }: ActionView, container: Container, plan: Plan): boolean {
  const change = resize && changeOf(container, resize)
  if (change === 'update') plan.updates = withItem(plan.updates, container.name)
  if (change !== 'restart') return false
  plan.kills = withItem(plan.kills, {
    name: container.name,
    message: `Container ${container.name} resize requires restart`,
  })
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
  const { livenessProbe, startupProbe } = container
  if (livenessProbe !== undefined && resultOf(view.probes, record, 'liveness') === 'failure')
    return probeFlaw(`${what} ${record.name} failed liveness probe`, livenessProbe)
  if (startupProbe !== undefined && resultOf(view.probes, record, 'startup') === 'failure')
    return probeFlaw(`${what} ${record.name} failed startup probe`, startupProbe)
  return undefined
}

function probeFlaw(
  message: string,
  { terminationGracePeriodSeconds: graceSeconds }: NonNullable<Container['livenessProbe']>,
): Flaw {
  return graceSeconds === undefined ? { message } : { message, graceSeconds }
}
