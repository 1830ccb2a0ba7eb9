import { invalidValue, required, type FieldError, type ResourceQuota } from '../../api/index.ts'
import { goStruct } from '../rules/goStruct.ts'
import { quantityErrors, resourceNameErrors } from './pod/resources.ts'

// upstream: pkg/apis/core/validation/validation.go ValidateResourceQuota

type Spec = ResourceQuota['spec']
type Amounts = Readonly<Record<string, string>>

const podCounts = ['pods']
const podCompute = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']
const claimCounts = ['persistentvolumeclaims', 'requests.storage']

const standard: ReadonlySet<string> = new Set([
  ...podCounts,
  ...podCompute,
  ...claimCounts,
  'ephemeral-storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
])

function isStandard(name: string): boolean {
  return standard.has(name) || name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')
}

/** What each scope can count. */
const scopes: Readonly<Record<string, readonly string[]>> = {
  Terminating: [...podCounts, ...podCompute],
  NotTerminating: [...podCounts, ...podCompute],
  BestEffort: podCounts,
  NotBestEffort: [...podCounts, ...podCompute],
  PriorityClass: [...podCounts, ...podCompute],
  CrossNamespacePodAffinity: [...podCounts, ...podCompute],
  VolumeAttributesClass: claimCounts,
}

const yesOrNo = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']
const existsText =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
  'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity'

/** What is wrong with a quota's spec. */
export function quotaErrors(spec: Spec): readonly FieldError[] {
  const errors: FieldError[] = []
  amountErrors(errors, 'spec.hard', spec.hard)
  const names = Object.keys(spec.hard ?? {}).sort()
  if (spec.scopes?.length) scopeErrors(errors, 'spec.scopes', spec.scopes, names)
  if (spec.scopeSelector !== undefined)
    selectorErrors(errors, 'spec.scopeSelector.matchExpressions', spec, spec.scopeSelector, names)
  return errors
}

function amountErrors(errors: FieldError[], path: string, amounts: Amounts | undefined): void {
  for (const name of Object.keys(amounts ?? {}).sort()) {
    const at = `${path}[${name}]`
    resourceNameErrors(errors, at, name)
    if (!name.includes('/') && !isStandard(name))
      errors.push(invalidValue(at, name, 'must be a standard resource for quota'))
    quantityErrors(errors, at, name, amounts![name]!)
  }
}

function scopeErrors(errors: FieldError[], path: string, given: readonly string[], names: readonly string[]): void {
  for (const scope of given) {
    if (scopes[scope] === undefined) errors.push(invalidValue(path, given, 'unsupported scope'))
    for (const name of names)
      if (!isCounted(scope, name)) errors.push(invalidValue(path, given, 'unsupported scope applied to resource'))
  }
  conflictErrors(errors, path, given, given)
}

function isCounted(scope: string, name: string): boolean {
  return !isStandard(name) || scopes[scope] === undefined || scopes[scope].includes(name)
}

const pairs = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const

function conflictErrors(errors: FieldError[], path: string, given: readonly string[], shown: unknown): void {
  for (const [one, other] of pairs)
    if (given.includes(one) && given.includes(other)) errors.push(invalidValue(path, shown, 'conflicting scopes'))
}

type ScopeSelector = NonNullable<Spec['scopeSelector']>

function selectorErrors(
  errors: FieldError[],
  path: string,
  spec: Spec,
  selector: ScopeSelector,
  names: readonly string[],
): void {
  const given: string[] = []
  for (const { scopeName = '', operator = '', values = [] } of selector.matchExpressions ?? []) {
    if (scopes[scopeName] === undefined) errors.push(invalidValue(`${path}.scopeName`, scopeName, 'unsupported scope'))
    for (const name of names)
      if (!isCounted(scopeName, name))
        errors.push(invalidValue(path, goStruct('ScopeSelector', selector), 'unsupported scope applied to resource'))
    if (yesOrNo.includes(scopeName) && operator !== 'Exists')
      errors.push(invalidValue(`${path}.operator`, operator, existsText))
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0)
        errors.push(
          required(
            `${path}.values`,
            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
          ),
        )
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0)
        errors.push(
          invalidValue(
            `${path}.values`,
            values,
            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
          ),
        )
    } else errors.push(invalidValue(`${path}.operator`, operator, 'not a valid selector operator'))
    given.push(scopeName)
  }
  conflictErrors(errors, path, given, spec.scopes)
}

/** What an update of a quota may not do. */
export function quotaUpdateErrors({ spec }: ResourceQuota, { spec: old }: ResourceQuota): readonly FieldError[] {
  const errors = [...quotaErrors(spec)]
  const next = new Set(spec.scopes)
  const before = new Set(old.scopes)
  if (next.size !== before.size || [...next].some((scope) => !before.has(scope)))
    errors.push(invalidValue('spec.scopes', spec.scopes, 'field is immutable'))
  return errors
}

/** What a report of a quota's use may not say. */
export function quotaStatusErrors({ status }: ResourceQuota): readonly FieldError[] {
  const errors: FieldError[] = []
  amountErrors(errors, 'status.hard', status.hard)
  amountErrors(errors, 'status.used', status.used)
  return errors
}
