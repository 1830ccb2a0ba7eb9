import { cpuMilli, formatQuantity, wholeUnits, type Node } from '../../../api/index.ts'
import type { NodeFacts } from '../../nodeInfo.ts'
import type { PodInfo } from '../../podInfo.ts'
import type { Finder } from '../question.ts'
import type { MachineOrder, Remedy } from '../remedy.ts'

const hostname = 'kubernetes.io/hostname'
const zone = 'topology.kubernetes.io/zone'
const shapesMax = 4

/** Puts up one more machine like one that is there, empty; or a larger one, where no machine of the cluster is large enough. */
export const addNode: Finder = ({ sandbox, pod, refusal }) => {
  if (refusal !== undefined) return []
  const name = freshName(sandbox.snapshot)
  const remedies: Remedy[] = []
  const shapes = shapesOf(sandbox.snapshot.nodes().map(({ facts }) => facts))
  const attempt = (node: Node, sentence: string, size: number): boolean => {
    const isFitting = sandbox.withNode(node, () => sandbox.placeOf(pod, [sandbox.snapshot.node(name)!]) !== undefined)
    if (isFitting) remedies.push({ kind: 'addNode', sentence, node: name, size, apply: [{ machine: orderOf(node) }] })
    return isFitting
  }
  for (const facts of shapes) {
    if (remedies.length >= 2) break
    const twin = twinOf(facts, name)
    if (attempt(twin, `Add a machine like ${facts.name}.`, 10)) continue
    const larger = enlarged(twin, pod)
    if (larger !== undefined) attempt(larger, `Add a machine like ${facts.name}, with ${sizeText(larger, twin)}.`, 12)
  }
  if (shapes.length === 0) attempt(enlarged(plainNode(name), pod) ?? plainNode(name), 'Add a machine.', 10)
  return remedies
}

function freshName({ nodes, node }: { nodes: () => readonly unknown[]; node: (name: string) => unknown }): string {
  for (let number = nodes().length + 1; ; number++) if (node(`node-${number}`) === undefined) return `node-${number}`
}

/** One node of each shape: what it has, its taints, its zone, its labels but its own name. */
function shapesOf(all: readonly NodeFacts[]): readonly NodeFacts[] {
  const shapes = new Map<string, NodeFacts>()
  for (const facts of all) {
    const { labels, node, hardTaints } = facts
    const key = JSON.stringify([node.status?.allocatable, hardTaints, { ...labels, [hostname]: '' }])
    if (!shapes.has(key)) shapes.set(key, facts)
    if (shapes.size >= shapesMax) break
  }
  return [...shapes.values()]
}

function twinOf({ node }: NodeFacts, name: string): Node {
  const { unschedulable: _, ...spec } = node.spec ?? {}
  const taints = spec.taints?.filter(({ key }) => !key.startsWith('node.kubernetes.io/'))
  const labels = { ...node.metadata.labels, [hostname]: name }
  return {
    ...node,
    metadata: { ...node.metadata, name, uid: name, labels },
    spec: { ...spec, ...(taints && { taints }) },
    status: { ...node.status, images: [] },
  } as Node
}

function plainNode(name: string): Node {
  const allocatable = { cpu: '4', memory: '8Gi', pods: '110' }
  const metadata = { name, uid: name, labels: { [hostname]: name } }
  return { apiVersion: 'v1', kind: 'Node', metadata, spec: {}, status: { allocatable } } as unknown as Node
}

type Quantities = Record<string, string>

/** The node with room for the pod: the next power of two of what is short; undefined when it has room enough. */
function enlarged(node: Node, { requests }: PodInfo): Node | undefined {
  const allocatable = { ...(node.status.allocatable as Quantities) }
  let isLarger = false
  const need = (name: string, wanted: number, has: number, text: (amount: number) => string): void => {
    if (wanted <= has) return
    isLarger = true
    allocatable[name] = text(2 ** Math.ceil(Math.log2(wanted)))
  }
  need('cpu', requests.cpuMilli / 1000, cpuMilli(allocatable['cpu']) / 1000, (cpus) => String(Math.max(1, cpus)))
  need('memory', requests.memoryBytes + reserved, wholeUnits(allocatable['memory']), bytesText)
  for (const [name, wanted] of requests.scalars) need(name, wanted, wholeUnits(allocatable[name]), String)
  return isLarger ? ({ ...node, status: { ...node.status, allocatable } } as Node) : undefined
}

/** What a kubelet keeps from pods. */
const reserved = 100 * 2 ** 20

function bytesText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${bytes / 2 ** 30}Gi` : formatQuantity(`${bytes / 2 ** 20}Mi`)
}

function sizeText(larger: Node, twin: Node): string {
  const [now, was] = [larger.status.allocatable as Quantities, twin.status.allocatable as Quantities]
  const changed = Object.keys(now).filter((name) => now[name] !== was[name])
  return changed.map((name) => `${now[name]} ${name === 'cpu' ? 'CPU' : name}`).join(' and ')
}

function orderOf({ metadata, spec, status }: Node): MachineOrder {
  const { [zone]: place, [hostname]: _, ...labels } = (metadata.labels ?? {}) as Quantities
  const allocatable = status.allocatable as Quantities
  const capacity = (status.capacity ?? allocatable) as Quantities
  const most = (name: string): string =>
    (wholeUnits(allocatable[name]) > wholeUnits(capacity[name]) ? allocatable : capacity)[name] ?? '0'
  const extended = Object.entries(allocatable).filter(([name]) => name.includes('/'))
  return {
    name: metadata.name,
    cpu: most('cpu'),
    memory: most('memory'),
    pods: Number(allocatable['pods'] ?? 110),
    labels,
    taints: spec.taints ?? [],
    extended: Object.fromEntries(extended),
    ...(capacity['ephemeral-storage'] !== undefined && { ephemeralStorage: most('ephemeral-storage') }),
    ...(place !== undefined && { zone: place }),
  }
}
