import {
  commandOf,
  controllerOf,
  leavingOf,
  nodeStanding,
  say,
  whyText,
  type Cluster,
  type KubeObject,
  type NodeVerdict,
  type Pod,
  type Why,
} from '#engine'
import { run } from '#kubectl'
import { notSimulatedIn } from '#session'
import { answered } from './reading.ts'
import type { Inspection, ProbeRow, Selection, WhyView } from '../protocol.ts'

/** Everything the Inspector shows of one object. Reads only: looking leaves no trace. */
export function inspectionOf(cluster: Cluster, selection: Selection): Inspection {
  const { kind, namespace, name } = selection
  const place = namespace === '' ? {} : { namespace }
  const known = answered(() => ({ object: cluster.api.find<KubeObject>(kind, name, place) }))
  if (known === undefined && cluster.api.findKind(kind)) return unread(cluster, selection)
  const object = cluster.api.findKind(kind) && known?.object
  if (object === undefined) return { selection, isGone: true, yaml: '', describe: '', facts: [] }
  const at = [kind.toLowerCase(), name, ...(namespace === '' ? [] : ['-n', namespace])]
  const why = kind === 'Pod' ? knownWhy(cluster, `${namespace}/${name}`) : undefined
  const probes = kind === 'Pod' ? probeRows(cluster, object as Pod) : []
  const standing = standingOf(cluster, object)
  const blind = notSimulatedIn(object)
  return {
    selection,
    isGone: false,
    yaml: textOf(cluster, ['get', ...at, '-o', 'yaml']),
    describe: textOf(cluster, ['describe', ...at]),
    facts: factsOf(cluster, object),
    ...(standing.length > 0 && { standing }),
    ...(why && { why }),
    ...(probes.length > 0 && { probes }),
    ...(blind.length > 0 && { notSimulated: blind }),
  }
}

function standingOf(cluster: Cluster, object: KubeObject): readonly string[] {
  if (object.kind === 'Node') return nodeStanding(cluster, object.metadata.name)
  return object.kind === 'Pod' ? leavingOf(cluster, object as Pod) : []
}

/** Nobody answers: what kubectl says of that. */
function unread(cluster: Cluster, selection: Selection): Inspection {
  const { kind, name, namespace } = selection
  const at = [kind.toLowerCase(), name, ...(namespace === '' ? [] : ['-n', namespace])]
  const words = textOf(cluster, ['get', ...at])
  return {
    selection,
    isGone: false,
    yaml: words,
    describe: words,
    facts: [{ label: 'Cannot be read', value: words.trim() }],
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

function probeRows({ nodes }: Cluster, pod: Pod): readonly ProbeRow[] {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  return nodes.probes(pod).map((probe) => {
    const spec = containers.find((one) => one.name === probe.container)?.[`${probe.kind}Probe`]
    const { successThreshold = 1, failureThreshold = 3 } = spec ?? {}
    return { ...probe, successThreshold, failureThreshold }
  })
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

function whyOf(why: Why | undefined): WhyView | undefined {
  const decision = why?.decision
  if (why === undefined || decision === undefined) return undefined
  const { result, nodes, filters, scorers, candidates, draw } = decision
  const weights = new Map(scorers.map(({ plugin, weight }) => [plugin, weight]))
  return {
    sentence: why.sentence,
    message: 'message' in result ? (result.message ?? '') : '',
    node: 'node' in result ? (result.node ?? '') : '',
    rows: Object.entries(nodes).map(([name, verdict]) => rowOf(name, verdict, weights)),
    order: filters,
    remedies: why.remedies.map(({ sentence, node, apply }) => ({ sentence, node, commands: apply.map(commandOf) })),
    ...(candidates.length > 1 && { tied: candidates }),
    ...(draw !== undefined && { draw }),
    text: whyText(why),
  }
}

function rowOf(
  node: string,
  { filters, scores, raw, normalized, total, passed }: NodeVerdict,
  weights: ReadonlyMap<string, number>,
): WhyView['rows'][number] {
  return {
    node,
    filters: Object.entries(filters).map(([plugin, message]) => ({ plugin, message })),
    scores: Object.entries(scores).map(([plugin, score]) => ({
      plugin,
      score,
      raw: raw[plugin] ?? score,
      normalized: normalized[plugin] ?? score,
      weight: weights.get(plugin) ?? 1,
    })),
    ...(total !== undefined && { total }),
    passed,
  }
}

/** The sandbox behind the remedies costs more than a look: the same question is answered once. */
const whys = new WeakMap<Cluster, { key: string; why: WhyView | undefined }>()

function knownWhy(cluster: Cluster, pod: string): WhyView | undefined {
  const key = `${pod} ${cluster.revision()} ${cluster.explain(pod)?.at ?? ''}`
  const known = whys.get(cluster)
  if (known?.key === key) return known.why
  const why = whyOf(cluster.why(pod))
  whys.set(cluster, { key, why })
  return why
}
