import {
  each,
  duplicate,
  invalidValue,
  isLabel1035,
  isSubdomain,
  required,
  unsupported,
  type Draft,
  type FieldError,
  type KubeObject,
  type MutatingWebhookConfiguration,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import type { Column } from '../column.ts'
import { selectorErrors } from '../rules/labelSelector.ts'
import { clientErrors } from '../rules/webhookClient.ts'
import { conditionErrors } from './conditions.ts'
import { failurePolicies, matchPolicies, ruleErrors, type Rule } from './rules.ts'

// upstream: pkg/apis/admissionregistration/validation/validation.go, v1/defaults.go

type Webhook = NonNullable<MutatingWebhookConfiguration['webhooks']>[number]

/** A configuration of webhooks of either sort. */
export interface Configuration extends KubeObject {
  readonly webhooks?: readonly Webhook[]
}

/** What goes without saying of a webhook. */
export function defaultWebhook(webhook: Draft<Webhook>): void {
  webhook.failurePolicy ??= 'Fail'
  webhook.matchPolicy ??= 'Equivalent'
  webhook.namespaceSelector ??= {}
  webhook.objectSelector ??= {}
  webhook.timeoutSeconds ??= 10
  for (const rule of webhook.rules ?? []) rule.scope ??= '*'
  const { service } = webhook.clientConfig ?? {}
  if (service) service.port ??= 443
}

const reviewVersions = ['v1', 'v1beta1']
const sideEffects = ['None', 'NoneOnDryRun']
const allSideEffects = ['None', 'NoneOnDryRun', 'Some', 'Unknown']
const reinvocations = ['IfNeeded', 'Never']

/** What is wrong with webhooks; what was accepted once is not held against `old`. */
export function webhookErrors({ webhooks = [] }: Configuration, old?: Configuration): readonly FieldError[] {
  const errors: FieldError[] = []
  const before = old?.webhooks ?? []
  const isPure = before.every((one) => sideEffects.includes(one.sideEffects ?? ''))
  const isKnown = before.every(
    ({ admissionReviewVersions: versions = [] }) =>
      versions.length === 0 || versions.some((version) => reviewVersions.includes(version)),
  )
  const isUnique = new Set(before.map(({ name }) => name)).size === before.length
  const names = new Set<string>()
  webhooks.forEach((webhook, index) => {
    const path = `webhooks[${index}]`
    oneErrors(errors, path, webhook, isPure ? sideEffects : allSideEffects)
    versionErrors(errors, `${path}.admissionReviewVersions`, webhook.admissionReviewVersions ?? [], isKnown)
    if (!isUnique || !webhook.name) return
    if (names.has(webhook.name)) errors.push(duplicate(`${path}.name`, webhook.name))
    names.add(webhook.name)
  })
  return errors
}

function oneErrors(errors: FieldError[], path: string, webhook: Webhook, effects: readonly string[]): void {
  const { failurePolicy, matchPolicy, timeoutSeconds: timeout, reinvocationPolicy, matchConditions = [] } = webhook
  errors.push(...fullNameErrors(`${path}.name`, webhook.name))
  webhook.rules?.forEach((rule, index) => ruleErrors(errors, `${path}.rules[${index}]`, rule as Rule))
  const known = (field: string, value: string | undefined, values: readonly string[]): void => {
    if (value !== undefined && !values.includes(value)) errors.push(unsupported(`${path}.${field}`, value, values))
  }
  known('failurePolicy', failurePolicy, failurePolicies)
  known('matchPolicy', matchPolicy, matchPolicies)
  if ((webhook.sideEffects as string | undefined) === undefined)
    errors.push(required(`${path}.sideEffects`, `must specify one of ${effects.join(', ')}`))
  known('sideEffects', webhook.sideEffects, effects)
  if (timeout !== undefined && (timeout > 30 || timeout < 1))
    errors.push(invalidValue(`${path}.timeoutSeconds`, timeout, 'the timeout value must be between 1 and 30 seconds'))
  errors.push(...selectorErrors(`${path}.namespaceSelector`, webhook.namespaceSelector))
  errors.push(...selectorErrors(`${path}.objectSelector`, webhook.objectSelector))
  known('reinvocationPolicy', reinvocationPolicy, reinvocations)
  errors.push(...clientErrors(`${path}.clientConfig`, webhook.clientConfig ?? {}))
  errors.push(...conditionErrors(`${path}.matchConditions`, matchConditions, false))
}

/** A name of at least three parts. */
// upstream: apimachinery/pkg/util/validation IsFullyQualifiedName
function fullNameErrors(path: string, name: string | undefined): readonly FieldError[] {
  if (!name) return [required(path)]
  const bad = isSubdomain(name)
  if (bad.length > 0) return [invalidValue(path, name, bad.join(','))]
  if (name.split('.').length >= 3) return []
  return [invalidValue(path, name, 'should be a domain with at least three segments separated by dots')]
}

function versionErrors(errors: FieldError[], path: string, versions: readonly string[], needsKnown: boolean): void {
  if (versions.length === 0) return void errors.push(required(path, `must specify one of ${reviewVersions.join(', ')}`))
  versions.forEach((version, index) => {
    const at = `${path}[${index}]`
    if (versions.indexOf(version) < index) errors.push(invalidValue(at, version, 'duplicate version'))
    else errors.push(...each(at, version, isLabel1035(version)))
  })
  if (needsKnown && !versions.some((version) => reviewVersions.includes(version)))
    errors.push(invalidValue(path, versions, `must include at least one of ${reviewVersions.join(', ')}`))
}

/** How both configurations are shown. */
export const webhookColumns: readonly Column<Configuration>[] = Object.freeze([
  nameColumn,
  { name: 'Webhooks', type: 'integer', cell: ({ webhooks }: Configuration) => webhooks?.length ?? 0 },
  ageColumn,
])
