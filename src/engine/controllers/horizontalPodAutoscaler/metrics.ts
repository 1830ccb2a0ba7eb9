import { formatQuantity, type HorizontalPodAutoscaler, type Pod } from '../../api/index.ts'
import type { See } from '../controller.ts'
import { replicasByUtilization, replicasByValue, type Answer, type Tolerances } from './calculator.ts'
import { inactive, type Finding, type Status } from './conditions.ts'
import { usageOf } from './podMetrics.ts'
import { milliOf } from './requests.ts'

type Metric = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number]
type MetricStatus = NonNullable<Status['currentMetrics']>[number]

/** Why a metric could not be read: for an Event and a condition, and, with more words, for the error of the whole. */
export interface Refusal {
  readonly reason: string
  readonly message: string
  readonly error: string
}

/** What one metric asks for. */
export interface Proposal {
  readonly replicas: number
  /** the metric in the words of conditions and Events */
  readonly metric: string
  readonly status: MetricStatus
}

/** The pods of a target, and how to find out about them. */
export interface Sight {
  readonly pods: readonly Pod[]
  readonly namespace: string
  readonly currentReplicas: number
  readonly tolerances: Tolerances
  readonly now: number
  readonly see: Pick<See, 'find' | 'isServed'>
}

const notServed = 'the server could not find the requested resource'
const noCustomApi = `unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered`

/** How many pods a metric asks for, or why it could not be read. */
// upstream: computeReplicasForMetric in pkg/controller/podautoscaler/horizontal.go
// differs: nothing serves metrics of pods, objects or the world outside: no adapter can be installed
export function proposalOf(metric: Metric, sight: Sight): Proposal | Refusal {
  const { namespace } = sight
  switch (metric.type) {
    case 'Resource': {
      const { name = '', target } = metric.resource ?? {}
      return ofResource({ name, target, container: undefined, source: 'Resource' }, sight)
    }
    case 'ContainerResource': {
      const { name = '', target, container } = metric.containerResource ?? {}
      return ofResource({ name, target, container, source: 'ContainerResource' }, sight)
    }
    case 'Pods':
      return plain('pods', `unable to get metric ${metric.pods?.metric.name}: ${noCustomApi}`, 'FailedGetPodsMetric')
    case 'Object': {
      const { kind, name } = metric.object?.describedObject ?? {}
      const about = `unable to get metric ${metric.object?.metric.name}: ${kind} on ${namespace} ${name}/${noCustomApi}`
      return plain('object', about, 'FailedGetObjectMetric')
    }
    case 'External':
      return plain('external', ofExternal(metric, namespace), 'FailedGetExternalMetric')
    default: {
      const message = `unknown metric source type "${metric.type}"`
      return { reason: 'InvalidMetricSourceType', message, error: message }
    }
  }
}

interface ResourceMetric {
  readonly name: string
  readonly container: string | undefined
  readonly source: 'Resource' | 'ContainerResource'
  readonly target: { readonly averageUtilization?: number; readonly averageValue?: string } | undefined
}

// upstream: computeStatusForResourceMetricGeneric
function ofResource(metric: ResourceMetric, sight: Sight): Proposal | Refusal {
  const { name, container, source, target } = metric
  const { averageUtilization, averageValue } = target ?? {}
  const kind = averageValue === undefined ? 'utilization' : 'usage'
  const isPlain = averageValue !== undefined
  if (!isPlain && averageUtilization === undefined) return refusal(metric, noTarget)
  const usage = usageOf(sight.pods, name, container, sight.see)
  if (typeof usage === 'string')
    return refusal(metric, `failed to get ${name} ${kind}: unable to get metrics for resource ${name}: ${usage}`)
  const { pods, currentReplicas, tolerances, now } = sight
  const question = { pods, usage, resource: name, container, currentReplicas, tolerances, now }
  const answer = isPlain
    ? replicasByValue(question, milliOf(averageValue))
    : replicasByUtilization(question, averageUtilization!)
  if (typeof answer === 'string') return refusal(metric, `failed to get ${name} ${kind}: ${answer}`)
  const what = source === 'ContainerResource' ? 'container resource' : 'resource'
  const words = isPlain ? `${name} resource` : `${name} ${what} utilization (percentage of request)`
  return { replicas: answer.replicas, metric: words, status: statusOf(metric, answer) }
}

const noTarget =
  'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set'

function refusal({ name, source }: ResourceMetric, message: string): Refusal {
  const what = source === 'Resource' ? 'resource' : 'container'
  const error = `failed to get ${name} ${what} metric value: ${message}`
  return { reason: `FailedGet${source}Metric`, message, error }
}

function statusOf({ name, container, source }: ResourceMetric, { averageMilli, utilization }: Answer): MetricStatus {
  const current = {
    averageValue: quantityOf(name, averageMilli),
    ...(utilization !== undefined && { averageUtilization: utilization }),
  }
  return source === 'Resource'
    ? { type: 'Resource', resource: { name, current } }
    : { type: 'ContainerResource', containerResource: { name, container: container ?? '', current } }
}

const binaryUnits = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi']

/** So much of a resource as the API writes it: memory in powers of two where it is whole. */
function quantityOf(resource: string, milli: number): string {
  if (resource !== 'memory' || milli % 1000 !== 0) return formatQuantity(`${milli}m`)
  let bytes = milli / 1000
  let unit = 0
  for (; bytes >= 1024 && bytes % 1024 === 0 && unit < binaryUnits.length - 1; unit++) bytes /= 1024
  return `${bytes}${binaryUnits[unit]}`
}

function ofExternal({ external }: Metric, namespace: string): string {
  const name = external?.metric.name ?? ''
  const fetched = `unable to fetch metrics from external metrics API: ${notServed} (get ${name}.external.metrics.k8s.io)`
  return `unable to get external metric ${namespace}/${name}/${selectorText(external?.metric.selector)}: ${fetched}`
}

type Selector =
  | {
      readonly matchLabels?: Readonly<Record<string, string>>
      readonly matchExpressions?: readonly {
        readonly key: string
        readonly operator: string
        readonly values?: readonly string[]
      }[]
    }
  | undefined

/** A selector as Go prints it. */
function selectorText(selector: Selector): string {
  if (selector === undefined) return 'nil'
  const { matchLabels = {}, matchExpressions = [] } = selector
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key]},`)
  const terms = matchExpressions.map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],}`,
  )
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${terms.map((term) => `${term},`).join('')}},}`
}

function plain(source: string, message: string, reason: string): Refusal {
  return { reason, message, error: `failed to get ${source} metric value: ${message}` }
}

/** The condition that the first unreadable metric leaves. upstream: getUnableComputeReplicaCountCondition */
export function findingOf({ reason, message }: Refusal): Finding {
  return inactive(reason, `the HPA was unable to compute the replica count: ${message}`)
}
