import { formatTime, parseTime, type KubeObject, type Lease, type Node, type Pod } from './api/index.ts'
import type { Cluster } from './cluster.ts'

type Condition = NonNullable<NonNullable<Node['status']>['conditions']>[number]

const graceSeconds = 50 // --node-monitor-grace-period
const unreachable = 'node.kubernetes.io/unreachable'
const notReady = 'node.kubernetes.io/not-ready'

/**
 * Why a node is as it is, and what follows from it: sentences, the nearest reason first. It knows the machine's truth, too, which the
 * cluster may have yet to find out. None for a node that is not there.
 */
export function nodeStanding(cluster: Cluster, name: string): readonly string[] {
  const node = cluster.api.find<Node>('Node', name)
  if (node === undefined) return []
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready')
  const cordon = node.spec?.unschedulable ? [`It is cordoned: no new Pods are placed on it.`] : []
  return [...readiness(cluster, node, ready), ...evictions(cluster, node), ...cordon]
}

function readiness(cluster: Cluster, { metadata }: Node, ready: Condition | undefined): readonly string[] {
  const { name } = metadata
  const trouble = troubleOf(cluster, name)
  const renewed = renewedAt(cluster, name)
  const since = ready?.lastTransitionTime ? `, since ${timeOf(ready.lastTransitionTime)}` : ''
  if (ready?.status === 'Unknown')
    return [
      `${name} is NotReady${since}: its kubelet has fallen silent. ${renewed}A node that is not heard of for ${graceSeconds} s is marked Unknown by the node-controller; kubectl calls that NotReady.`,
      trouble ?? 'The machine is well again: with the next sign of life the node becomes Ready.',
    ]
  if (ready?.status === 'False') return [`${name} is NotReady${since}, as its kubelet says: ${ready.message ?? ''}`]
  if (ready === undefined) return [`${name} has not reported yet: its kubelet has still to post its first status.`]
  if (trouble === undefined) return [`${name} is Ready${since}: its kubelet renews its Lease every 10 s.`]
  return [
    `${name} still counts as Ready: the cluster has not noticed yet. ${renewed}After ${graceSeconds} s without a renewal the node-controller marks it NotReady.`,
    trouble,
  ]
}

function renewedAt({ api }: Cluster, name: string): string {
  const lease = api.find<Lease>('Lease', name, { namespace: 'kube-node-lease' })
  const at = lease?.spec?.renewTime
  return at === undefined ? '' : `Its Lease was last renewed at ${timeOf(String(at))}. `
}

/** What is wrong with the machine, in truth; undefined where nothing is. */
function troubleOf({ nodes }: Cluster, name: string): string | undefined {
  const { isPowered, isConnected, isKubeletRunning } = nodes.machine(name)
  if (!isPowered) return 'In truth its machine has no power.'
  if (!isConnected) return 'In truth its network is cut: its containers run on, and nobody hears of them.'
  return isKubeletRunning
    ? undefined
    : 'In truth its kubelet is stopped: its containers run on, and nobody reports them.'
}

/** Whom the node's NoExecute taint drives away, and when. */
function evictions({ api }: Cluster, { metadata, spec }: Node): readonly string[] {
  const taint = spec?.taints?.find(
    ({ key, effect }) => effect === 'NoExecute' && (key === unreachable || key === notReady),
  )
  if (taint === undefined) return []
  const pods = api.list<Pod>('Pod', {}, { fieldSelector: `spec.nodeName=${metadata.name}` })
  const since = taint.timeAdded === undefined ? undefined : parseTime(String(taint.timeAdded))
  const limits = pods.flatMap((pod) =>
    pod.metadata.deletionTimestamp === undefined ? [toleranceOf(pod, taint.key)] : [],
  )
  const limited = limits.filter((seconds) => seconds !== Infinity)
  const going = pods.filter(({ metadata: { deletionTimestamp } }) => deletionTimestamp !== undefined).length
  const told = `It has the taint ${taint.key}:NoExecute${since === undefined ? '' : ` since ${timeOf(formatTime(since))}`}.`
  const next =
    limited.length === 0 || since === undefined
      ? ''
      : ` ${count(limited.length, 'Pod')} on it ${limited.length === 1 ? 'tolerates' : 'tolerate'} that for a while, the first until ${timeOf(formatTime(since + Math.min(...limited) * 1000))}, and ${limited.length === 1 ? 'is' : 'are'} evicted then.`
  const stuck =
    going === 0
      ? ''
      : ` ${count(going, 'Pod')} ${going === 1 ? 'was' : 'were'} told to go and ${going === 1 ? 'stays' : 'stay'} Terminating until its kubelet answers.`
  return [`${told}${next}${stuck}`]
}

/** How many seconds a pod bears a taint. */
function toleranceOf({ spec }: Pod, key: string): number {
  const own = (spec.tolerations ?? []).filter(
    (one) => (one.key === key || (one.key ?? '') === '') && (one.effect === undefined || one.effect === 'NoExecute'),
  )
  if (own.length === 0) return 0
  return Math.min(...own.map(({ tolerationSeconds }) => tolerationSeconds ?? Infinity))
}

/**
 * Why a pod that was told to go is still there: sentences, none where nobody told it to go.
 */
export function leavingOf(cluster: Cluster, { metadata, spec, status }: Pod): readonly string[] {
  const {
    deletionTimestamp,
    deletionGracePeriodSeconds = 0,
    finalizers = [],
  } = metadata as KubeObject['metadata'] & {
    deletionGracePeriodSeconds?: number
  }
  if (deletionTimestamp === undefined) return []
  const until = parseTime(deletionTimestamp)
  const asked = timeOf(formatTime(until - deletionGracePeriodSeconds * 1000))
  const told = `It was told to go at ${asked} and has ${deletionGracePeriodSeconds} s to end by itself, until ${timeOf(deletionTimestamp)}.`
  const node = spec.nodeName
  const trouble = node === undefined || node === '' ? undefined : troubleOf(cluster, node)
  const reasons = [
    ...(trouble === undefined
      ? []
      : [
          `${trouble} Only ${node}'s kubelet can say that its containers have ended, so it stays Terminating until the node answers, the node is deleted, or somebody deletes the Pod with --force.`,
        ]),
    ...(finalizers.length === 0 || status.phase === 'Running'
      ? []
      : [
          `${finalizers.join(', ')} ${finalizers.length === 1 ? 'holds' : 'hold'} it: it goes when whoever set that finalizer takes it off.`,
        ]),
  ]
  const now = cluster.control.now()
  const rest =
    reasons.length > 0
      ? reasons
      : [
          now < until
            ? 'Its containers got SIGTERM; what still runs then gets SIGKILL.'
            : 'Its containers were killed; its kubelet removes it.',
        ]
  return [told, ...rest]
}

const count = (many: number, word: string): string => `${many} ${word}${many === 1 ? '' : 's'}`

/** A time stamp as the clock of the run shows it: `00:50`, from an hour on `1:00:50`. */
function timeOf(text: string): string {
  const seconds = Math.floor(parseTime(text) / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest}`
}
