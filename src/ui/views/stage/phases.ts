import type { NodeRow, PodLook, PodRow } from '../../protocol.ts'
import { middled } from './bridge.ts'

/** The names of glyphs and colours: `#ph-ready`, `--ph-ready`. */
export type Phase =
  | 'pending'
  | 'init'
  | 'creating'
  | 'notready'
  | 'ready'
  | 'terminating'
  | 'crash'
  | 'imagepull'
  | 'error'
  | 'completed'
  | 'evicted'
  | 'unknown'

const phases: Record<PodLook, Phase> = {
  pending: 'pending',
  gated: 'pending',
  unschedulable: 'pending',
  init: 'init',
  creating: 'creating',
  notReady: 'notready',
  ready: 'ready',
  terminating: 'terminating',
  crashLoop: 'crash',
  imagePull: 'imagepull',
  error: 'error',
  completed: 'completed',
  evicted: 'evicted',
  lost: 'unknown',
}

/** The glyph and colours of a pod. */
export function phaseOf(look: PodLook): Phase {
  return phases[look]
}

/** The word in a tile's third row: kubectl's STATUS, unless the stage knows something more telling. */
export function wordOf(pod: PodRow): string {
  if (pod.look === 'unschedulable') return 'Unschedulable'
  if (pod.look === 'lost') return `${pod.status}?`
  const pulling = pod.look === 'creating' && pod.containers.find(({ state }) => state === 'pulling')
  if (pulling && pulling.progress !== undefined) return `Pulling ${Math.round(pulling.progress * 100)}%`
  return pod.status
}

/** letters of a word that leave room for READY beside it, that stand in full size, and that stand at all */
const [besideMost, plainMost, tileMost] = [11, 13, 17]

/** A word as a tile has room for it: `isLong` asks for smaller type, and READY stands only where `hasReady`. Words that would not fit are shortened. */
export function fitted(word: string): { readonly text: string; readonly isLong: boolean; readonly hasReady: boolean } {
  const short = word.length > tileMost ? word.replace('Container', 'Ctr').replace('Config', 'Cfg') : word
  return {
    text: middled(short, tileMost),
    isLong: short.length > plainMost,
    hasReady: short.length <= besideMost,
  }
}

/** The second line of a tile: the part of the name that is the Pod's own. A Pod that nobody owns has said its name above. */
export function detailOf({ name, ownerName, suffix }: Pick<PodRow, 'name' | 'ownerName' | 'suffix'>): string {
  return suffix || (ownerName === name ? 'bare' : name)
}

/** Everything a tile says, for those who do not see it. */
export function labelOf(pod: PodRow): string {
  const where = pod.node ? `node ${pod.node}` : 'no node'
  return `Pod ${pod.name}, ${wordOf(pod)}, ready ${pod.ready}, restarts ${pod.restarts}, ${where}`
}

/** Whether a look wants attention: drawn last and larger where pods are dots. */
export function isTrouble(look: PodLook): boolean {
  return look === 'crashLoop' || look === 'imagePull' || look === 'error' || look === 'evicted' || look === 'lost'
}

/** A node that cannot be reached, or whose silence the cluster has noticed. */
export function isLost(node: NodeRow): boolean {
  return node.condition !== 'Ready'
}
