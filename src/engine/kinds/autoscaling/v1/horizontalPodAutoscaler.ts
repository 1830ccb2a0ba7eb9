import { copyOf, type Draft, type HorizontalPodAutoscaler, type KubeObject } from '../../../api/index.ts'
import { ageColumn, nameColumn } from '../../columns.ts'
import type { Kind } from '../../defineKind.ts'
import { defineKind } from '../../defineKind.ts'
import { horizontalPodAutoscaler as stored } from '../horizontalPodAutoscaler.ts'
import { fromV1, sparse, toV1, type Metric } from './metrics.ts'

/** The first version of an autoscaler: one target for CPU, all else in annotations. */
export interface HorizontalPodAutoscalerV1 extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string; readonly apiVersion?: string }
    readonly minReplicas?: number
    readonly maxReplicas: number
    readonly targetCPUUtilizationPercentage?: number
  }
  readonly status: Readonly<Record<string, unknown>>
}

const prefix = 'autoscaling.alpha.kubernetes.io/'
const kept = ['metrics', 'behavior', 'current-metrics', 'conditions'] as const

type Loose = Readonly<Record<string, unknown>>

/** Served beside v2, in which it is stored. */
export const horizontalPodAutoscalerV1: Kind<HorizontalPodAutoscalerV1> = defineKind<HorizontalPodAutoscalerV1>({
  ...(stored as unknown as Kind<HorizontalPodAutoscalerV1>),
  version: 'v1',
  defaults(draft) {
    draft.spec.minReplicas ??= 1
  },
  validate: (object) => kindOfStore.validate?.(toStored(object)) ?? [],
  validateUpdate: (next, old, meta) => kindOfStore.validateUpdate?.(toStored(next), toStored(old), meta) ?? [],
  validateStatusUpdate: (next, old) => kindOfStore.validateStatusUpdate?.(toStored(next), toStored(old)) ?? [],
  prepareForCreate(draft) {
    draft.status = { currentReplicas: 0, desiredReplicas: 0 }
  },
  prepareForUpdate: () => undefined,
  prepareForStatusUpdate: () => undefined,
  warnings: () => [],
  columns: [
    nameColumn,
    { name: 'Reference', cell: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}` },
    { name: 'Targets', cell: targetText },
    { name: 'MinPods', cell: ({ spec }) => String(spec.minReplicas ?? '<unset>') },
    { name: 'MaxPods', cell: ({ spec }) => spec.maxReplicas },
    { name: 'Replicas', cell: ({ status }) => (status['currentReplicas'] as number) ?? 0 },
    ageColumn,
  ],
  storedAs: { kind: stored as unknown as Kind, toStored, fromStored },
})

const kindOfStore = stored as unknown as Kind

function targetText({ spec, status }: HorizontalPodAutoscalerV1): string {
  const { targetCPUUtilizationPercentage: target } = spec
  const current = status['currentCPUUtilizationPercentage']
  return target === undefined
    ? '<none>'
    : `cpu: ${current === undefined ? '<unknown>' : `${String(current)}%`}/${target}%`
}

const isCpu = (metric: Metric): boolean =>
  metric.type === 'Resource' && (metric['resource'] as { name?: string } | undefined)?.name === 'cpu'

function fromStored(object: KubeObject): HorizontalPodAutoscalerV1 {
  const { metadata, spec, status = {} } = object as unknown as HorizontalPodAutoscaler & { status?: Loose }
  const metrics = (spec.metrics ?? []) as readonly Metric[]
  const cpu = metrics.find((metric) => isCpu(metric) && utilization(metric, 'target') !== undefined)
  const others = metrics.filter((metric) => metric !== cpu)
  const { currentMetrics, conditions, ...rest } = status as Loose
  const current = (currentMetrics ?? []) as readonly Metric[]
  const currentCpu = current.find((metric) => isCpu(metric) && utilization(metric, 'current') !== undefined)
  const notes: Record<string, string> = {}
  const note = (name: (typeof kept)[number], value: unknown): void =>
    void (notes[prefix + name] = JSON.stringify(value))
  if (others.length > 0)
    note(
      'metrics',
      others.map((metric) => toV1(metric, 'target')),
    )
  if (current.length > 0)
    note(
      'current-metrics',
      current.map((metric) => toV1(metric, 'current')),
    )
  if (Array.isArray(conditions) && conditions.length > 0) note('conditions', conditions)
  if (spec.behavior !== undefined) note('behavior', spec.behavior)
  const { behavior: _behavior, metrics: _metrics, ...own } = spec
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: withNotes(metadata as KubeObject['metadata'], notes),
    spec: sparse({ ...own, targetCPUUtilizationPercentage: cpu && utilization(cpu, 'target') }),
    status: sparse({ ...rest, currentCPUUtilizationPercentage: currentCpu && utilization(currentCpu, 'current') }),
  } as unknown as HorizontalPodAutoscalerV1
}

function withNotes(metadata: KubeObject['metadata'], notes: Readonly<Record<string, string>>): KubeObject['metadata'] {
  if (Object.keys(notes).length === 0) return metadata
  return { ...metadata, annotations: { ...metadata.annotations, ...notes } }
}

function utilization(metric: Metric, side: 'target' | 'current'): number | undefined {
  const part = metric['resource'] as Readonly<Record<string, { averageUtilization?: number } | undefined>> | undefined
  return part?.[side]?.averageUtilization
}

function toStored(object: HorizontalPodAutoscalerV1): KubeObject {
  const { metadata, spec, status = {} } = object as HorizontalPodAutoscalerV1 & { status?: Loose }
  const { targetCPUUtilizationPercentage: percent, ...own } = spec
  const { currentCPUUtilizationPercentage: currentPercent, ...rest } = status as Loose
  const noted = (name: (typeof kept)[number]): unknown => read(metadata.annotations?.[prefix + name])
  const listed = (name: 'metrics' | 'current-metrics', side: 'target' | 'current'): readonly Metric[] | undefined =>
    (noted(name) as readonly Metric[] | undefined)?.map((metric) => fromV1(metric, side))
  const cpu = percent === undefined ? [] : [cpuMetric('target', { type: 'Utilization', averageUtilization: percent })]
  const metrics = [...(listed('metrics', 'target') ?? []), ...cpu]
  const current =
    listed('current-metrics', 'current') ??
    (currentPercent === undefined ? undefined : [cpuMetric('current', { averageUtilization: currentPercent })])
  const draft = copyOf({
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: withoutNotes(metadata),
    spec: sparse({ ...own, metrics: metrics.length > 0 ? metrics : undefined, behavior: noted('behavior') }),
    status: sparse({ ...rest, currentMetrics: current, conditions: noted('conditions') }),
  } as unknown as KubeObject) as Draft<KubeObject>
  kindOfStore.defaults?.(draft)
  return draft as KubeObject
}

const cpuMetric = (side: string, amounts: Loose): Metric => ({
  type: 'Resource',
  resource: { name: 'cpu', [side]: amounts },
})

function withoutNotes(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const { annotations, ...rest } = metadata
  if (annotations === undefined) return metadata
  const others = Object.entries(annotations).filter(([key]) => !kept.some((name) => key === prefix + name))
  return others.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(others) }
}

/** What was noted, if it can be read. */
function read(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
