import type { HorizontalPodAutoscaler } from '../engine.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, eventLines, labelLines, longTime } from './parts.ts'

type Spec = HorizontalPodAutoscaler['spec']
type Metric = NonNullable<Spec['metrics']>[number]
type Current = NonNullable<HorizontalPodAutoscaler['status']['currentMetrics']>[number]
type Behavior = NonNullable<Spec['behavior']>

const unknown = '<unknown>'

/** One autoscaler: what it watches, what it wants, and what it makes of it. */
// upstream: kubectl/pkg/describe/describe.go describeHorizontalPodAutoscalerV2
export const horizontalPodAutoscalerDescriber = defineDescriber<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  describe({ object, sheet, events, now }) {
    const { metadata, spec, status } = object
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Namespace:', metadata.namespace)
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp))
    sheet.line(0, 'Reference:', `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`)
    sheet.line(0, 'Metrics:', '( current / target )')
    spec.metrics?.forEach((metric, index) => metricLine(sheet, metric, status?.currentMetrics?.[index]))
    sheet.line(0, 'Min replicas:', spec.minReplicas ?? '<unset>')
    sheet.line(0, 'Max replicas:', spec.maxReplicas)
    if (spec.behavior) behaviorLines(sheet, spec.behavior)
    const replicas = `${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`
    sheet.line(0, `${spec.scaleTargetRef.kind} pods:`, replicas)
    conditionLines(sheet, status?.conditions)
    eventLines(sheet, events(), now)
  },
})

function conditionLines(sheet: Sheet, conditions: HorizontalPodAutoscaler['status']['conditions']): void {
  if ((conditions ?? []).length === 0) return
  sheet.line(0, 'Conditions:')
  sheet.line(1, 'Type', 'Status', 'Reason', 'Message')
  sheet.line(1, '----', '------', '------', '-------')
  for (const { type, status, reason, message } of conditions!) sheet.line(1, type, status, reason ?? '', message ?? '')
}

function metricLine(sheet: Sheet, metric: Metric, current: Current | undefined): void {
  const { type, resource, containerResource, pods, object, external } = metric
  if (type === 'Resource' && resource)
    return resourceLine(sheet, `resource ${resource.name} on pods`, resource.target, current?.resource?.current)
  if (type === 'ContainerResource' && containerResource) {
    const { name, container, target } = containerResource
    return resourceLine(
      sheet,
      `resource ${name} of container "${container}" on pods`,
      target,
      current?.containerResource?.current,
    )
  }
  if (type === 'Pods' && pods)
    return sheet.line(
      1,
      `"${pods.metric.name}" on pods:`,
      `${current?.pods?.current.averageValue ?? unknown} / ${pods.target.averageValue}`,
    )
  if (type === 'Object' && object) {
    const { kind, name } = object.describedObject
    const isAverage = object.target.type === 'AverageValue'
    const now = isAverage ? current?.object?.current.averageValue : current?.object?.current.value
    const wanted = isAverage ? object.target.averageValue : object.target.value
    const title = `"${object.metric.name}" on ${kind}/${name}${isAverage ? ' (target average value)' : ' (target value)'}`
    return sheet.line(1, `${title}:`, `${now ?? unknown} / ${wanted}`)
  }
  if (type === 'External' && external) {
    const isAverage = external.target.averageValue !== undefined
    const now = isAverage ? current?.external?.current.averageValue : current?.external?.current.value
    const wanted = isAverage ? external.target.averageValue : external.target.value
    const title = `"${external.metric.name}" (target ${isAverage ? 'average ' : ''}value)`
    return sheet.line(1, `${title}:`, `${now ?? unknown} / ${wanted}`)
  }
  sheet.line(1, `<unknown metric type "${type}">`)
}

type Target = NonNullable<Metric['resource']>['target']
type Value = NonNullable<Current['resource']>['current']

function resourceLine(sheet: Sheet, title: string, target: Target, current: Value | undefined): void {
  if (target.averageValue !== undefined)
    return sheet.line(1, `${title}:`, `${current?.averageValue ?? unknown} / ${target.averageValue}`)
  const share =
    current?.averageUtilization === undefined
      ? unknown
      : `${current.averageUtilization}% (${current.averageValue ?? ''})`
  const wanted = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`
  sheet.line(1, `${title}  (as a percentage of request):`, `${share} / ${wanted}`)
}

function behaviorLines(sheet: Sheet, { scaleUp, scaleDown }: Behavior): void {
  sheet.line(0, 'Behavior:')
  directionLines(sheet, 'Up', scaleUp)
  directionLines(sheet, 'Down', scaleDown)
}

function directionLines(sheet: Sheet, direction: string, rules: Behavior['scaleUp']): void {
  if (rules === undefined) return
  sheet.line(1, `Scale ${direction}:`)
  if (rules.stabilizationWindowSeconds !== undefined)
    sheet.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`)
  if ((rules.policies ?? []).length === 0) return
  sheet.line(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}`)
  sheet.line(2, 'Policies:')
  for (const { type, value, periodSeconds } of rules.policies!)
    sheet.line(3, `- Type: ${type}`, `Value: ${value}`, `Period: ${periodSeconds} seconds`)
}
