import { controllerOf, say, type Cluster, type DecisionRecord, type KubeObject, type Pod } from '#engine'
import { run } from '#kubectl'
import type { Inspection, Selection, WhyView } from '../protocol.ts'

/** Everything the Inspector shows of one object. Reads only: looking leaves no trace. */
export function inspectionOf(cluster: Cluster, selection: Selection): Inspection {
  const { kind, namespace, name } = selection
  const place = namespace === '' ? {} : { namespace }
  const object = cluster.api.findKind(kind) && cluster.api.find<KubeObject>(kind, name, place)
  if (object === undefined) return { selection, isGone: true, yaml: '', describe: '', facts: [] }
  const at = [kind.toLowerCase(), name, ...(namespace === '' ? [] : ['-n', namespace])]
  const why = kind === 'Pod' ? whyOf(object as Pod, cluster.explain(`${namespace}/${name}`)) : undefined
  return {
    selection,
    isGone: false,
    yaml: textOf(cluster, ['get', ...at, '-o', 'yaml']),
    describe: textOf(cluster, ['describe', ...at]),
    facts: factsOf(cluster, object),
    ...(why && { why }),
  }
}

/** What a kubectl command that only reads would print. */
export function textOf(cluster: Cluster, argv: readonly string[]): string {
  let text = ''
  const add = (more: string): void => void (text += more)
  const io = { readFile: () => undefined, listFiles: () => undefined, out: add, err: add }
  run(argv, { api: cluster.api, now: cluster.control.now, io, nodes: cluster.nodes })
  return text
}

function factsOf(cluster: Cluster, object: KubeObject): Inspection['facts'] {
  const facts: { label: string; value: string; link?: Selection }[] = []
  const { namespace = '' } = object.metadata
  const owner = controllerOf(object)
  if (owner)
    facts.push({
      label: 'Controlled by',
      value: `${owner.kind}/${owner.name}`,
      link: { kind: owner.kind, namespace, name: owner.name },
    })
  if (object.kind === 'Pod') {
    const { nodeName } = (object as Pod).spec
    if (nodeName) facts.push({ label: 'Node', value: nodeName, link: { kind: 'Node', namespace: '', name: nodeName } })
    const { podIP, qosClass } = (object as Pod).status
    if (podIP) facts.push({ label: 'IP', value: podIP })
    if (qosClass) facts.push({ label: 'QoS class', value: qosClass })
  }
  const last = lastRecordOf(cluster, object)
  if (last) facts.push({ label: 'Last change', value: last })
  return facts
}

function lastRecordOf({ trace }: Cluster, object: KubeObject): string | undefined {
  const { namespace, name } = object.metadata
  const ref = namespace === undefined ? `${object.kind}/${name}` : `${object.kind}/${namespace}/${name}`
  const lookBack = 20_000
  for (let seq = trace.count(); seq > Math.max(0, trace.count() - lookBack); seq--) {
    const record = trace.at(seq)
    if (record?.object === ref) return say(record)
  }
  return undefined
}

function whyOf(pod: Pod, record: DecisionRecord | undefined): WhyView | undefined {
  if (record === undefined) return undefined
  const { result, nodes } = record
  const node = 'node' in result ? (result.node ?? '') : ''
  const message = 'message' in result ? (result.message ?? '') : ''
  return {
    sentence: sentenceOf(pod, node, Object.keys(nodes).length),
    message,
    node,
    rows: Object.entries(nodes).map(([name, { filters, scores, total }]) => ({
      node: name,
      filters: Object.entries(filters ?? {}).map(([plugin, text]) => ({ plugin, message: text })),
      scores: Object.entries(scores ?? {}).map(([plugin, score]) => ({ plugin, score })),
      ...(total !== undefined && { total }),
    })),
  }
}

function sentenceOf(pod: Pod, node: string, count: number): string {
  const { name } = pod.metadata
  if (node !== '') return `${name} was placed on ${node}, the best of ${count} nodes by score.`
  return `${name} is Pending: none of ${count} nodes passes all filters.`
}
