import { clock } from '../../format.ts'
import type { NodeRow } from '../../protocol.ts'
import { isLost } from './phases.ts'

/** What a hull says beside its name. */
export function conditionWord(node: NodeRow): string {
  if (isLost(node)) return 'NotReady'
  return node.isCordoned ? 'Ready, SchedulingDisabled' : 'Ready'
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
