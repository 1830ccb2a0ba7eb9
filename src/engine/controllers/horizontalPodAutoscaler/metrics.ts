import type { HorizontalPodAutoscaler } from '../../api/index.ts'
import type { Finding } from './conditions.ts'

type Metric = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number]

/** Why a metric could not be read: for an Event and a condition, and, with more words, for the error of the whole. */
export interface Refusal {
  readonly reason: string
  readonly message: string
  readonly error: string
}

const notServed = 'the server could not find the requested resource'
const noCustomApi = `unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered`

/**
 * What asking for a metric comes to where no metrics API is served.
 * upstream: computeReplicasForMetric in pkg/controller/podautoscaler/horizontal.go, GetResourceMetric in metrics/client.go
 */
export function refusalOf(metric: Metric, namespace: string): Refusal {
  switch (metric.type) {
    case 'Resource':
      return ofResource(metric.resource?.name ?? '', metric.resource?.target, 'resource', 'FailedGetResourceMetric')
    case 'ContainerResource': {
      const { name = '', target } = metric.containerResource ?? {}
      return ofResource(name, target, 'container', 'FailedGetContainerResourceMetric')
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

type Target = { readonly averageUtilization?: number; readonly averageValue?: string } | undefined

function ofResource(name: string, target: Target, source: string, reason: string): Refusal {
  const kind = target?.averageValue === undefined ? 'utilization' : 'usage'
  const asked = `unable to get metrics for resource ${name}: unable to fetch metrics from resource metrics API`
  const message = `failed to get ${name} ${kind}: ${asked}: ${notServed} (get pods.metrics.k8s.io)`
  return { reason, message, error: `failed to get ${name} ${source} metric value: ${message}` }
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
  const text = `the HPA was unable to compute the replica count: ${message}`
  return { type: 'ScalingActive', status: 'False', reason, message: text }
}
