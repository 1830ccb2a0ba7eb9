import { hierarchy, linkHorizontal, tree } from 'd3'
import type { PodRow } from '../../protocol.ts'

/** A thing in the tree: a namespace, an owner, or a pod. */
export interface Branch {
  readonly id: string
  readonly kind: 'root' | 'namespace' | 'owner' | 'pod' | 'more'
  readonly label: string
  readonly detail: string
  readonly pod?: PodRow
  readonly owner?: string
  readonly children?: readonly Branch[]
}

export interface TreeMark {
  readonly branch: Branch
  readonly x: number
  readonly y: number
}

/** Where everything stands and how it is joined. */
export interface TreeLayout {
  readonly marks: readonly TreeMark[]
  readonly links: readonly { readonly id: string; readonly d: string; readonly owner: string }[]
  readonly height: number
}

const podsShown = 12
const rowHeight = 34

/** Namespaces, their owners, and each owner's pods; `wanted` says how many pods an owner asks for, where that is known. */
export function growTree(pods: readonly PodRow[], wanted: Readonly<Record<string, number>> = {}): Branch {
  const namespaces = groups(pods, (pod) => pod.namespace)
  return {
    id: 'root',
    kind: 'root',
    label: 'cluster',
    detail: '',
    children: [...namespaces].map(([namespace, inside]) => ({
      id: namespace,
      kind: 'namespace',
      label: namespace,
      detail: `${inside.length} pods`,
      children: [...groups(inside, (pod) => pod.owner)].map(([owner, own]) => ownerBranch(owner, own, wanted[owner])),
    })),
  }
}

function ownerBranch(owner: string, pods: readonly PodRow[], wanted: number | undefined): Branch {
  const shown = pods.slice(0, podsShown)
  const rest = pods.length - shown.length
  const more: readonly Branch[] =
    rest > 0 ? [{ id: `${owner} more`, kind: 'more', label: `+${rest}`, detail: 'more pods', owner }] : []
  const leaves = shown.map((pod): Branch => ({
    id: pod.key,
    kind: 'pod',
    label: pod.suffix || pod.name,
    detail: '',
    pod,
    owner,
  }))
  return {
    id: owner,
    kind: 'owner',
    label: pods[0]?.ownerName ?? owner,
    detail: `${owner.slice(0, owner.indexOf('/'))} · ${readyWords(pods, wanted)}`,
    owner,
    children: [...leaves, ...more],
  }
}

/** Ready of wanted, as the owner counts: what is leaving counts no more, and what is too many is said beside. */
function readyWords(pods: readonly PodRow[], wanted: number | undefined): string {
  const ready = pods.filter(({ isReady, look }) => isReady && look !== 'terminating').length
  if (wanted === undefined || wanted === pods.length) return `${ready} of ${pods.length} ready`
  return `${ready} of ${wanted} ready, ${pods.length} ${pods.length === 1 ? 'Pod' : 'Pods'}`
}

/** Lays the tree out from left to right; the root itself is not drawn. */
export function layTree(root: Branch, width: number): TreeLayout {
  const laid = tree<Branch>().nodeSize([rowHeight, 1])(hierarchy(root, ({ children }) => children as Branch[]))
  const nodes = laid.descendants().filter(({ depth }) => depth > 0)
  const top = Math.min(...nodes.map(({ x }) => x), 0)
  const columns = [0, 0, Math.max(150, width * 0.24), Math.max(360, width * 0.58)]
  const place = (node: { depth: number; x: number }) => ({
    x: columns[node.depth] ?? 0,
    y: node.x - top + rowHeight / 2,
  })
  const curve = linkHorizontal<unknown, { x: number; y: number }>()
    .x(({ x }) => x)
    .y(({ y }) => y)
  const links = nodes.flatMap((node) => {
    if (!node.parent || node.parent.depth === 0) return []
    const from = place(node.parent)
    const d = curve({ source: { x: from.x + (node.depth === 2 ? 120 : 176), y: from.y }, target: place(node) })
    return d ? [{ id: node.data.id, d, owner: node.data.owner ?? '' }] : []
  })
  const marks = nodes.map((node) => ({ branch: node.data, ...place(node) }))
  return { marks, links, height: Math.max(0, ...marks.map(({ y }) => y)) + rowHeight }
}

function groups(pods: readonly PodRow[], by: (pod: PodRow) => string): Map<string, PodRow[]> {
  const found = new Map<string, PodRow[]>()
  for (const pod of pods) found.set(by(pod), [...(found.get(by(pod)) ?? []), pod])
  return found
}
