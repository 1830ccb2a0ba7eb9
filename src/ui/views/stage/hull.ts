import { clock, shortWait } from '../../format.ts'
import type { NodeRow } from '../../protocol.ts'
import { isLost } from './phases.ts'

/** What a hull says beside its name. */
export function conditionWord(node: NodeRow): string {
  if (isLost(node)) return 'NotReady'
  return node.isCordoned ? 'Ready, SchedulingDisabled' : 'Ready'
}

/** A taint as its node's card shows it. */
export interface TaintBadge {
  readonly text: string
  /** whole, and what it does */
  readonly words: string
}

const effects: Readonly<Record<string, string>> = {
  NoSchedule: 'no new Pod comes here unless it tolerates this',
  PreferNoSchedule: 'new Pods that do not tolerate this rather go elsewhere',
  NoExecute: 'Pods that do not tolerate this are evicted, and no new one comes',
}

/** The taints of a node as badges; that of a cordon is told by the cordon itself. */
export function taintBadges(node: NodeRow): readonly TaintBadge[] {
  return node.taints
    .filter((taint) => !(node.isCordoned && taint.startsWith('node.kubernetes.io/unschedulable')))
    .map((taint) => {
      const effect = taint.slice(taint.lastIndexOf(':') + 1)
      const key = taint.slice(0, taint.lastIndexOf(':')).replace(/=$/, '')
      return {
        text: `${key.slice(key.lastIndexOf('/') + 1)}:${effect}`,
        words: `taint ${key}:${effect}${effects[effect] ? `, ${effects[effect]}` : ''}`,
      }
    })
}

/** All of a node's head in words, for those who do not see its badges. */
export function nodeWords(node: NodeRow, podCount: number): string {
  const taints = taintBadges(node).map(({ words }) => words)
  const cordon = node.isCordoned ? ['cordoned: no new Pods'] : []
  const pods = `${podCount} ${podCount === 1 ? 'pod' : 'pods'}`
  return [`Node ${node.name}`, conditionWord(node), ...cordon, ...taints, pods].join(', ')
}

/** Zone and number of pods. */
export function metaOf(node: NodeRow, podCount: number): string {
  const pods = `${podCount} ${podCount === 1 ? 'pod' : 'pods'}`
  const zone = node.zone && `zone ${node.zone.replace(/^.*[-_](?=[a-z0-9]+$)/, '')}`
  return [zone, isLost(node) ? '' : pods].filter(Boolean).join(' · ')
}

/** The truth about a node that the cluster may not know yet, and what follows from it. */
export function footNote(node: NodeRow): string | undefined {
  const since = node.silentSince === undefined ? '' : ` Silent since ${clock(node.silentSince)}.`
  if (!node.isPowered) {
    return isLost(node)
      ? `Powered off.${since} Pods marked for deletion stay until a kubelet confirms that they stopped.`
      : `Powered off. The cluster does not know yet: it waits for the node’s lease to run out.`
  }
  if (!node.isConnected) {
    return isLost(node)
      ? `Network cut.${since} Its containers run on, unseen; nobody can confirm what they do.`
      : `Network cut. Its Pods run on; the cluster does not know yet.`
  }
  if (!node.isKubeletRunning) {
    return isLost(node)
      ? `Kubelet stopped.${since} Containers run on, but nobody starts, stops or reports them.`
      : `Kubelet stopped. Containers run on; the cluster does not know yet.`
  }
  return undefined
}

/** A node that nobody needs: what becomes of it, and when. */
export function removalWords(removalAt: number, now: number): string {
  if (removalAt <= now) return 'Its Pods would fit elsewhere: the cluster autoscaler may remove it at its next look.'
  return `Its Pods would fit elsewhere: the cluster autoscaler removes it in ${shortWait(removalAt - now)}, if that stays so.`
}
