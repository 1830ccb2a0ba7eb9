import type { Node, Pod } from '../../api/index.ts'
import { isReady } from '../pods.ts'
import { surgeOf } from './bounds.ts'
import { byAge, isAvailable, isFresh, noWork, type Sight, type Work } from './sight.ts'

/** Which nodes lack a pod, and which pods are too many or in the wrong place. upstream: manage in pkg/controller/daemon/daemon_controller.go */
export function manage(sight: Sight): Work {
  const work = noWork()
  for (const node of sight.nodes) look(node, sight, work)
  dropStranded(sight, work)
  return work
}

// upstream: podsShouldBeOnNode
function look(node: Node, sight: Sight, work: Work): void {
  const { name } = node.metadata
  const { shouldRun, mayStay } = sight.judge(node)
  const pods = sight.podsOn.get(name)
  if (shouldRun && pods === undefined) work.births.push(name)
  else if (mayStay) prune(name, shouldRun, pods ?? [], sight, work)
  else for (const pod of pods ?? []) if (!pod.metadata.deletionTimestamp) work.deaths.push(pod)
}

function prune(node: string, shouldRun: boolean, pods: readonly Pod[], sight: Sight, work: Work): void {
  const running: Pod[] = []
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue
    if (pod.status.phase === 'Failed') dropFailed(node, pod, sight, work)
    else if (pod.status.phase === 'Succeeded') dropSucceeded(node, pod, work)
    else running.push(pod)
  }
  const maySurge = surgeOf(sight.set, 1) > 0
  if (running.length > 1) {
    running.sort(byAge)
    work.deaths.push(...(maySurge ? superfluous(running, sight) : running.slice(1)))
  } else if (maySurge && running.length === 0 && shouldRun) work.births.push(node)
}

/** With surge, an old and a new pod may share a node until the new one is available or the old one fails. */
function superfluous(running: readonly Pod[], sight: Sight): readonly Pod[] {
  const fresh = running.find((pod) => isFresh(pod, sight))
  const stale = running.find((pod) => !isFresh(pod, sight))
  const others = running.filter((pod) => pod !== fresh && pod !== stale)
  if (fresh === undefined || stale === undefined) return others
  return !isReady(stale) || isAvailable(fresh, sight) ? [...others, stale] : others
}

const backoffMsMin = 1000
const backoffMsMax = 900_000

/** A pod that fails again and again is left alone for longer each time, lest the controller fights with a kubelet. */
function dropFailed(node: string, pod: Pod, { set, now, backoffs }: Sight, work: Work): void {
  const key = `${set.metadata.uid}/${set.status?.observedGeneration ?? 0}/${node}`
  const known = backoffs.get(key)
  const isExpired = known === undefined || now - known.since > 2 * backoffMsMax
  if (!isExpired && now - known.since < known.ms) {
    work.againMs = Math.min(work.againMs ?? Infinity, known.ms)
    return
  }
  backoffs.set(key, { ms: isExpired ? backoffMsMin : Math.min(known.ms * 2, backoffMsMax), since: now })
  const message = `Found failed daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}, will try to kill it`
  work.events.push({ type: 'Warning', reason: 'FailedDaemonPod', message })
  work.deaths.push(pod)
}

function dropSucceeded(node: string, pod: Pod, work: Work): void {
  const message = `Found succeeded daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}, will try to delete it`
  work.events.push({ type: 'Normal', reason: 'SucceededDaemonPod', message })
  work.deaths.push(pod)
}

/** A pod that was meant for a node that is gone would wait for ever. upstream: getUnscheduledPodsWithoutNode */
function dropStranded({ nodes, podsOn }: Sight, work: Work): void {
  const known = new Set(nodes.map(({ metadata }) => metadata.name))
  for (const [node, pods] of podsOn)
    if (!known.has(node)) for (const pod of pods) if (!pod.spec.nodeName) work.deaths.push(pod)
}
