import { bool, duration, int, text } from '../args/flags.ts'
import { dryRun, selector } from '../args/shared.ts'
import { nameOf, type Cluster, type Target } from '../cluster.ts'
import { defineCommand, type Call, type Waiting } from '../defineCommand.ts'
import { CommandError, throwAll } from '../errors.ts'
import { ApiError, controllerOf, parseLabelSelector, type KubeObject, type Pod } from '../engine.ts'
import { goDuration } from '../duration.ts'
import { readDryRun, type DryRun } from '../printers/output.ts'
import { nodesOf, setUnschedulable } from './cordon.ts'

const retryMs = 5000

const flags = {
  ...selector,
  ...dryRun,
  'chunk-size': int('Objects asked for at a time', 500),
  'delete-emptydir-data': bool('Go on although pods have emptyDir volumes'),
  'disable-eviction': bool('Delete instead of evicting: disruption budgets are not asked'),
  force: bool('Go on although pods have no controller'),
  'grace-period': int('Seconds to end in; negative: as the pod says', -1),
  'ignore-daemonsets': bool('Leave pods of DaemonSets where they are'),
  'pod-selector': text('Only pods with these labels'),
  'skip-wait-for-delete-timeout': int('Do not wait for pods that have been ending for longer', 0),
  timeout: duration('How long to go on; 0: as long as it takes', 0),
}

type DrainCall = Call<typeof flags>

/** Drain node in preparation for maintenance. */
export const drain = defineCommand({
  name: 'drain',
  usage: 'drain NODE',
  summary: 'Drain node in preparation for maintenance',
  examples: ['kubectl drain node-1 --ignore-daemonsets'],
  completes: 'nodes',
  flags,
  *run(call): Waiting {
    const { cluster, io, args, flags } = call
    const dry = readDryRun(flags['dry-run'])
    refuseSelector(flags['pod-selector'])
    const nodes = nodesOf('drain', cluster, io, args, flags.selector)
    throwAll(nodes.errors)
    for (const node of nodes.targets) setUnschedulable(cluster, io, node, true, dry)
    const pending: Target[] = []
    const failures: string[] = []
    for (const node of nodes.targets) {
      const failure = yield* drainNode(call, node, dry)
      if (failure === undefined) io.out(`${nameOf(node)} drained${suffixOf(dry)}\n`)
      else {
        pending.push(node)
        failures.push(...failure)
      }
    }
    if (pending.length === 0) return 0
    io.err(`There are pending nodes to be drained:\n${pending.map(({ name }) => ` ${name}\n`).join('')}`)
    for (const failure of failures) io.err(`${failure}\n`)
    return 1
  },
})

function refuseSelector(selector: string): void {
  try {
    parseLabelSelector(selector)
  } catch {
    throw new CommandError('--pod-selector=<pod_selector> must be a valid label selector')
  }
}

const suffixOf = (dry: DryRun): string =>
  dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : ''

/** Empties one node: what kept it from being emptied, or nothing. */
function* drainNode(call: DrainCall, node: Target, dry: DryRun): Generator<undefined, readonly string[] | undefined> {
  const { io } = call
  const pods = podsOn(call, node.name)
  const { refusals, warnings, doomed } = sortOut(call, pods)
  if (refusals.length > 0) {
    io.err(`error: unable to drain node "${node.name}" due to error: ${bracketed(refusals)}, continuing command...\n`)
    return refusals
  }
  if (warnings.length > 0) io.err(`Warning: ${warnings.join('; ')}\n`)
  if (dry !== 'none') {
    for (const pod of doomed) io.out(`evicting pod ${keyOf(pod)}${suffixOf(dry)}\n`)
    return undefined
  }
  return yield* removeAll(call, node, doomed)
}

const bracketed = (texts: readonly string[]): string => (texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`)
const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`

function podsOn({ cluster, flags: given }: DrainCall, node: string): readonly Pod[] {
  const labels = given['pod-selector'] === '' ? {} : { labelSelector: given['pod-selector'] }
  return cluster.list<Pod>(cluster.kind('pods'), undefined, { fieldSelector: `spec.nodeName=${node}`, ...labels })
}

interface Verdict {
  readonly refusals: readonly string[]
  readonly warnings: readonly string[]
  readonly doomed: readonly Pod[]
}

// upstream: kubectl/pkg/drain/filters.go: DaemonSets, mirror pods, local storage, pods without a controller
function sortOut({ cluster, flags: given }: DrainCall, pods: readonly Pod[]): Verdict {
  const refusals = new Map<string, string[]>()
  const warnings = new Map<string, string[]>()
  const doomed: Pod[] = []
  const note = (notes: Map<string, string[]>, reason: string, pod: Pod): void =>
    void notes.set(reason, [...(notes.get(reason) ?? []), keyOf(pod)])
  for (const pod of pods) {
    const isDone = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
    const owner = controllerOf(pod)
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) continue
    if (owner?.kind === 'DaemonSet' && !isDone && isServed(cluster, pod, owner.name)) {
      if (given['ignore-daemonsets']) note(warnings, 'ignoring DaemonSet-managed Pods', pod)
      else note(refusals, 'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)', pod)
      continue
    }
    const isLocal = !isDone && (pod.spec.volumes ?? []).some((volume) => volume.emptyDir !== undefined)
    if (isLocal && !given['delete-emptydir-data']) {
      note(refusals, 'cannot delete Pods with local storage (use --delete-emptydir-data to override)', pod)
      continue
    }
    if (owner === undefined && !isDone) {
      if (!given.force) {
        note(refusals, 'cannot delete Pods that declare no controller (use --force to override)', pod)
        continue
      }
      note(warnings, 'deleting Pods that declare no controller', pod)
    }
    doomed.push(pod)
  }
  return { refusals: textsOf(refusals).sort(), warnings: textsOf(warnings).sort().reverse(), doomed }
}

const textsOf = (notes: ReadonlyMap<string, readonly string[]>): string[] =>
  [...notes].map(([reason, names]) => `${reason}: ${names.join(', ')}`)

function isServed(cluster: Cluster, pod: Pod, name: string): boolean {
  const kind = cluster.api.findKind('daemonsets')
  return kind === undefined || cluster.find({ kind, namespace: pod.metadata.namespace, name }) !== undefined
}

/** Evicts pods, again and again where a budget says no, and waits until they are gone. */
function* removeAll(
  call: DrainCall,
  node: Target,
  doomed: readonly Pod[],
): Generator<undefined, readonly string[] | undefined> {
  const { cluster, io, now, flags: given } = call
  const deadline = given.timeout > 0 ? now() + given.timeout : Infinity
  const kind = cluster.kind('pods')
  const targetOf = ({ metadata }: Pod): Target => ({ kind, namespace: metadata.namespace, name: metadata.name })
  let waiting = doomed.map((pod) => ({ pod, nextAt: now(), isAsked: false }))
  while (waiting.length > 0) {
    for (const one of waiting) {
      if (one.isAsked || now() < one.nextAt) continue
      if (!given['disable-eviction']) io.out(`evicting pod ${keyOf(one.pod)}\n`)
      const refusal = evict(call, targetOf(one.pod))
      if (refusal === undefined) one.isAsked = true
      else {
        one.nextAt = now() + retryMs
        io.err(
          `error when evicting pods/"${one.pod.metadata.name}" -n "${one.pod.metadata.namespace}" (will retry after 5s): ${refusal}\n`,
        )
      }
    }
    waiting = waiting.filter((one) => {
      const found = one.isAsked ? cluster.find<Pod>(targetOf(one.pod)) : one.pod
      const isGone = found === undefined || found.metadata.uid !== one.pod.metadata.uid
      if (isGone) io.out(`pod/${one.pod.metadata.name} ${given['disable-eviction'] ? 'deleted' : 'evicted'}\n`)
      return !isGone
    })
    if (waiting.length === 0) break
    if (now() >= deadline) return [timeoutText(call, node, waiting[0]!)]
    yield
  }
  return undefined
}

function timeoutText(
  { io, flags: given }: DrainCall,
  node: Target,
  { pod, isAsked }: { pod: Pod; isAsked: boolean },
): string {
  const reason = isAsked
    ? `error when waiting for pod "${pod.metadata.name}" in namespace "${pod.metadata.namespace}" to terminate: global timeout reached: ${goDuration(given.timeout)}`
    : `error when evicting pods/"${pod.metadata.name}" -n "${pod.metadata.namespace}": global timeout reached: ${goDuration(given.timeout)}`
  io.err(`There are pending pods in node "${node.name}" when an error occurred: ${reason}\npod/${pod.metadata.name}\n`)
  io.err(`error: unable to drain node "${node.name}" due to error: ${reason}, continuing command...\n`)
  return reason
}

/** Asks for one pod to go; the refusal, if its budget does not allow it. */
function evict({ cluster, flags: given }: DrainCall, target: Target): string | undefined {
  const grace = given['grace-period'] < 0 ? {} : { gracePeriodSeconds: given['grace-period'] }
  try {
    if (given['disable-eviction']) cluster.delete(target, grace)
    else
      cluster.send({
        verb: 'create',
        group: '',
        version: 'v1',
        resource: 'pods',
        namespace: target.namespace!,
        name: target.name,
        subresource: 'eviction',
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: target.name, namespace: target.namespace },
          deleteOptions: grace,
        },
      })
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 404) return undefined
    if (error.code === 429) return error.message
    throw new CommandError(`error when evicting pods/"${target.name}" -n "${target.namespace}": ${error.message}`)
  }
}
