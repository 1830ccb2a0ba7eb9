import {
  each,
  invalidValue,
  isLabel,
  notAllowed,
  notNegative,
  parseQuantity,
  required,
  unsupported,
  type FieldError,
  type HorizontalPodAutoscaler,
} from '../../api/index.ts'
import { containerNameErrors } from '../core/pod/resources.ts'
import { isPathSegment } from '../networking/pathSegment.ts'
import { describedRule, refErrors, targetRule, type VersionRule } from './reference.ts'

// upstream: pkg/apis/autoscaling/validation/validation.go

type Spec = HorizontalPodAutoscaler['spec']
type Metric = NonNullable<Spec['metrics']>[number]
type Rules = NonNullable<NonNullable<Spec['behavior']>['scaleUp']>

const windowSecondsMax = 3600
const periodSecondsMax = 1800

/** What is wrong with an autoscaler's spec, new or in place of an old one. */
export function autoscalerErrors(spec: Spec, old?: Spec): readonly FieldError[] {
  const { minReplicas, maxReplicas = 0, metrics = [] } = spec
  const least = old?.minReplicas === 0 ? 0 : 1
  const errors: FieldError[] = []
  if (minReplicas !== undefined && minReplicas < least)
    errors.push(invalidValue('spec.minReplicas', minReplicas, `must be greater than or equal to ${least}`))
  if (maxReplicas === 0) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'))
  if (maxReplicas < 0) errors.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than 0'))
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'))
  errors.push(...refErrors('spec.scaleTargetRef', spec.scaleTargetRef ?? {}, targetRule(spec, old)))
  const rule = describedRule(old)
  metrics.forEach((metric, index) => metricErrors(errors, `spec.metrics[${index}]`, metric, rule))
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External'))
    errors.push(
      notAllowed(
        'spec.metrics',
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    )
  for (const side of ['scaleUp', 'scaleDown'] as const)
    if (spec.behavior?.[side] !== undefined) ruleErrors(errors, `spec.behavior.${side}`, spec.behavior[side])
  return errors
}

/** What a report of an autoscaler's state may not say. */
export function autoscalerStatusErrors(status: HorizontalPodAutoscaler['status']): readonly FieldError[] {
  return [
    ...notNegative('status.currentReplicas', status.currentReplicas),
    ...notNegative('status.desiredReplicas', status.desiredReplicas),
  ]
}

const selectPolicies = ['Disabled', 'Max', 'Min']
const policyTypes = ['Percent', 'Pods']

function ruleErrors(errors: FieldError[], path: string, rules: Rules): void {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules
  const at = `${path}.stabilizationWindowSeconds`
  if (window !== undefined && window < 0) errors.push(invalidValue(at, window, 'must be greater than or equal to zero'))
  if (window !== undefined && window > windowSecondsMax)
    errors.push(invalidValue(at, window, `must be less than or equal to ${windowSecondsMax}`))
  if (selectPolicy !== undefined && !selectPolicies.includes(selectPolicy))
    errors.push(unsupported(`${path}.selectPolicy`, selectPolicy, selectPolicies))
  if (policies.length === 0) errors.push(required(`${path}.policies`, 'must specify at least one Policy'))
  policies.forEach(({ type = '', value = 0, periodSeconds = 0 }, index) => {
    const here = `${path}.policies[${index}]`
    if (!policyTypes.includes(type)) errors.push(unsupported(`${here}.type`, type, policyTypes))
    if (value <= 0) errors.push(invalidValue(`${here}.value`, value, 'must be greater than zero'))
    if (periodSeconds <= 0)
      errors.push(invalidValue(`${here}.periodSeconds`, periodSeconds, 'must be greater than zero'))
    if (periodSeconds > periodSecondsMax)
      errors.push(
        invalidValue(`${here}.periodSeconds`, periodSeconds, `must be less than or equal to ${periodSecondsMax}`),
      )
  })
  if (tolerance !== undefined && parseQuantity(tolerance) < 0)
    errors.push(invalidValue(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0'))
}

/** The sources in the order upstream looks for them, with the metric type that goes with each. */
const sources = [
  ['object', 'Object'],
  ['external', 'External'],
  ['pods', 'Pods'],
  ['resource', 'Resource'],
  ['containerResource', 'ContainerResource'],
] as const
const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']

function metricErrors(errors: FieldError[], path: string, metric: Metric, rule: VersionRule): void {
  const { type = '' } = metric
  if (type === '') errors.push(required(`${path}.type`, 'must specify a metric source type'))
  if (!types.includes(type)) errors.push(unsupported(`${path}.type`, type, types))
  const present = sources.filter(([field]) => metric[field] !== undefined)
  const first = present[0]?.[0]
  if (first !== undefined) sourceErrors(errors, `${path}.${first}`, metric, first, rule)
  const expected = sources.find(([, name]) => name === type)?.[0]
  if (expected === undefined) errors.push(unsupported(`${path}.type`, type, types))
  else if (metric[expected] === undefined)
    errors.push(required(`${path}.${expected}`, 'must populate information for the given metric source'))
  if (present.length === 1) return
  for (const [field] of present)
    if (field !== expected) errors.push(notAllowed(`${path}.${field}`, 'must populate the given metric source only'))
}

function sourceErrors(
  errors: FieldError[],
  path: string,
  metric: Metric,
  field: (typeof sources)[number][0],
  rule: VersionRule,
): void {
  const { object, external, pods, resource, containerResource } = metric
  if (field === 'object') {
    errors.push(...refErrors(`${path}.describedObject`, object!.describedObject ?? {}, rule))
    identifierErrors(errors, `${path}.metric`, object!.metric)
    const target = targetErrors(errors, `${path}.target`, object!.target)
    if (target.value === undefined && target.averageValue === undefined)
      errors.push(required(`${path}.target.averageValue`, 'must set either a target value or averageValue'))
  } else if (field === 'external') {
    identifierErrors(errors, `${path}.metric`, external!.metric)
    externalTargetErrors(errors, path, targetErrors(errors, `${path}.target`, external!.target))
  } else if (field === 'pods') {
    identifierErrors(errors, `${path}.metric`, pods!.metric)
    if (targetErrors(errors, `${path}.target`, pods!.target).averageValue === undefined)
      errors.push(required(`${path}.target.averageValue`, 'must specify a positive target averageValue'))
  } else if (field === 'resource') resourceErrors(errors, path, resource!)
  else containerErrors(errors, path, containerResource!)
}

function externalTargetErrors(errors: FieldError[], path: string, { value, averageValue }: Target): void {
  if (value === undefined && averageValue === undefined)
    errors.push(
      required(`${path}.target.averageValue`, 'must set either a target value for metric or a per-pod target'),
    )
  if (value !== undefined && averageValue !== undefined)
    errors.push(notAllowed(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target'))
}

function resourceErrors(errors: FieldError[], path: string, source: NonNullable<Metric['resource']>): void {
  if (!source.name) errors.push(required(`${path}.name`, 'must specify a resource name'))
  usageErrors(errors, path, targetErrors(errors, `${path}.target`, source.target))
}

function containerErrors(errors: FieldError[], path: string, source: NonNullable<Metric['containerResource']>): void {
  if (!source.name) errors.push(required(`${path}.name`, 'must specify a resource name'))
  else containerNameErrors(errors, `${path}.name`, source.name)
  if (!source.container) errors.push(required(`${path}.container`, 'must specify a container'))
  else errors.push(...each(`${path}.container`, source.container, isLabel(source.container)))
  usageErrors(errors, path, targetErrors(errors, `${path}.target`, source.target))
}

function usageErrors(errors: FieldError[], path: string, { averageUtilization, averageValue }: Target): void {
  if (averageUtilization === undefined && averageValue === undefined)
    errors.push(
      required(`${path}.target.averageUtilization`, 'must set either a target raw value or a target utilization'),
    )
  if (averageUtilization !== undefined && averageValue !== undefined)
    errors.push(
      notAllowed(`${path}.target.averageValue`, 'may not set both a target raw value and a target utilization'),
    )
}

interface Identifier {
  readonly name?: string
}

function identifierErrors(errors: FieldError[], path: string, { name }: Identifier = {}): void {
  if (!name) errors.push(required(`${path}.name`, 'must specify a metric name'))
  else errors.push(...each(`${path}.name`, name, isPathSegment(name)))
}

interface Target {
  readonly type?: string
  readonly value?: string
  readonly averageValue?: string
  readonly averageUtilization?: number
}

function targetErrors(errors: FieldError[], path: string, target: Target = {}): Target {
  const { type, value, averageValue, averageUtilization } = target
  if (!type) errors.push(required(`${path}.type`, 'must specify a metric target type'))
  if (type !== 'Utilization' && type !== 'Value' && type !== 'AverageValue')
    errors.push(invalidValue(`${path}.type`, type ?? '', 'must be either Utilization, Value, or AverageValue'))
  if (value !== undefined && parseQuantity(value) <= 0)
    errors.push(invalidValue(`${path}.value`, value, 'must be positive'))
  if (averageValue !== undefined && parseQuantity(averageValue) <= 0)
    errors.push(invalidValue(`${path}.averageValue`, averageValue, 'must be positive'))
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(invalidValue(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'))
  return target
}
