import type { DaemonSet, Pod } from '../../api/index.ts'
import { isEqual } from '../../api/index.ts'

/** The label that tells which template a pod is from. */
export const revisionHashLabel = 'controller-revision-hash'
const templateGenerationLabel = 'pod-template-generation'
const generationAnnotation = 'deprecated.daemonset.template.generation'

type Toleration = NonNullable<Pod['spec']['tolerations']>[number]
type Template = DaemonSet['spec']['template']

const exists = (name: string, effect: string): Toleration =>
  Object.freeze({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect })

// upstream: AddOrUpdateDaemonPodTolerations in pkg/controller/daemon/util/daemonset_util.go
const usual: readonly Toleration[] = [
  exists('not-ready', 'NoExecute'),
  exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'),
  exists('memory-pressure', 'NoSchedule'),
  exists('pid-pressure', 'NoSchedule'),
  exists('unschedulable', 'NoSchedule'),
]
const withoutNetwork = exists('network-unavailable', 'NoSchedule')

/** What a daemon pod tolerates: what its template says, and whatever may be wrong with a node. */
export function tolerationsFor({ tolerations = [], hostNetwork }: Pod['spec']): readonly Toleration[] {
  const all = [...tolerations]
  for (const each of hostNetwork ? [...usual, withoutNetwork] : usual) {
    const at = all.findIndex((one) => isSameMatch(one, each))
    if (at < 0) all.push(each)
    else if (!isEqual(all[at], each)) all[at] = each
  }
  return all
}

/** upstream: Toleration.MatchToleration: for how long does not matter */
function isSameMatch(a: Toleration, b: Toleration): boolean {
  return a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? '') === (b.value ?? '')
}

/** The template for one node's pod: the scheduler is left no choice. upstream: CreatePodTemplate, ReplaceDaemonSetPodNodeNameNodeAffinity */
export function templateFor(set: DaemonSet, hash: string, node: string): Template {
  const { template } = set.spec
  const spec = template.spec as Pod['spec']
  const generation = templateGenerationOf(set)
  const labels = {
    ...template.metadata?.labels,
    ...(generation !== undefined && { [templateGenerationLabel]: generation }),
    [revisionHashLabel]: hash,
  }
  const onlyThere = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
  }
  const nodeAffinity = { ...spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: onlyThere }
  return {
    ...template,
    metadata: { ...template.metadata, labels },
    spec: { ...spec, tolerations: tolerationsFor(spec), affinity: { ...spec.affinity, nodeAffinity } },
  } as unknown as Template
}

/** How often the template has changed; undefined where nobody counted. upstream: GetTemplateGeneration */
export function templateGenerationOf({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[generationAnnotation]
  return text === undefined || !Number.isInteger(Number(text)) ? undefined : text
}

/** Whether a pod is of the newest template. upstream: IsPodUpdated */
export function isUpdated({ metadata: { labels } }: Pod, hash: string, generation: string | undefined): boolean {
  if (labels?.[revisionHashLabel] === hash) return true
  return generation !== undefined && labels?.[templateGenerationLabel] === generation
}

/** The node a daemon pod is, or will be, on; undefined where it cannot be told. upstream: GetTargetNodeName */
export function targetOf({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  for (const { matchFields } of terms)
    for (const { key, operator, values } of matchFields ?? [])
      if (key === 'metadata.name' && operator === 'In' && values?.length === 1) return values[0]
  return undefined
}
