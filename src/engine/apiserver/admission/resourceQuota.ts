import { forbidden, type KubeObject, type Pod, type ResourceQuota } from '../../api/index.ts'
import {
  addTo,
  amountOf,
  amountText,
  amountsOf,
  plus,
  textsOf,
  type Amount,
  type Amounts,
} from '../../api/quota/amount.ts'
import { computeNames, isCountedBy, usageOf } from '../../api/quota/usage.ts'
import { isInScope } from '../../api/quota/scopes.ts'
import { defineAdmission, type AdmissionRequest } from './admission.ts'

/** Refuses what a namespace's quotas have no room for, and notes at once what is taken of them. */
// upstream: staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go
export const resourceQuota = defineAdmission({
  name: 'ResourceQuota',
  verbs: ['create', 'update'],
  subresources: ['', 'resize'],
  validate(request) {
    const { kind, draft, namespace, context } = request
    if (draft === undefined || namespace === '' || !isCharged(request)) return
    const quotas = context.list<ResourceQuota>('ResourceQuota', namespace)
    if (quotas.length === 0 || kind.isVirtual) return
    charge(request, draft as unknown as KubeObject, quotas)
  },
})

/** Pods are charged at birth and when they are resized, Services and claims at each write, all else at birth. */
function isCharged({ verb, kind, subresource }: AdmissionRequest): boolean {
  if (subresource !== '') return kind.kind === 'Pod' && verb === 'update'
  return verb === 'create' || (kind.group === '' && (kind.kind === 'Service' || kind.kind === 'PersistentVolumeClaim'))
}

function charge(request: AdmissionRequest, object: KubeObject, quotas: readonly ResourceQuota[]): void {
  const { kind, old, context, dryRun, putStatus } = request
  const concerned = quotas.filter((quota) => isConcerned(request, quota, object))
  if (concerned.length === 0) return
  const delta = changeOf(usageOf(kind, object, context.now), old && usageOf(kind, old, context.now))
  if (Object.keys(delta).length === 0) return
  const next = concerned.map((quota) => ({ quota, used: usedBy(request, quota, delta) }))
  if (dryRun) return
  for (const { quota, used } of next)
    if (used !== undefined) putStatus({ ...quota, status: { ...quota.status, used } } as ResourceQuota)
}

/** Whether a quota counts the object; refuses what it cannot count. */
function isConcerned(request: AdmissionRequest, quota: ResourceQuota, object: KubeObject): boolean {
  const { kind } = request
  if (!isInScope(quota, kind, object)) return false
  const names = Object.keys(quota.status?.hard ?? {})
    .filter((name) => isCountedBy(kind, name))
    .sort()
  if (names.length === 0) return false
  const { name } = quota.metadata
  const missing = kind.kind === 'Pod' ? missingIn(object as Pod, names) : ''
  if (missing !== '') throw refusal(request, `failed quota: ${name}: must specify ${missing}`)
  if (names.some((one) => quota.status.used?.[one] === undefined))
    throw refusal(request, `status unknown for quota: ${name}, resources: ${names.join(',')}`)
  return true
}

const compute: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
])

/** Where cpu or memory is counted, every container has to say how much. */
// upstream: pkg/quota/v1/evaluator/core/pods.go Constraints
function missingIn({ spec }: Pod, names: readonly string[]): string {
  const required = names.filter((name) => compute.has(name))
  if (required.length === 0) return ''
  const whole = computeNames(amountsOf(spec.resources?.requests), amountsOf(spec.resources?.limits))
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
  const said = containers.map(({ resources }) =>
    computeNames(amountsOf(resources?.requests), amountsOf(resources?.limits)),
  )
  return required
    .filter((name) => whole[name] === undefined)
    .flatMap((name) => {
      const silent = containers.filter((_, index) => said[index]![name] === undefined).map((one) => one.name)
      return silent.length === 0 ? [] : [`${name} for: ${[...new Set(silent)].sort().join(',')}`]
    })
    .join('; ')
}

function changeOf(now: Amounts, before: Amounts | undefined): Record<string, Amount> {
  const delta: Record<string, Amount> = { ...now }
  for (const name in before) {
    const { milli, isBinary } = before[name]!
    addTo(delta, { [name]: { milli: -milli, isBinary } })
  }
  for (const name in delta) if (delta[name]!.milli === 0n) delete delta[name]
  return delta
}

/** What is used of a quota from now on; undefined where it stays as it is. Throws when that is more than there is. */
function usedBy(
  request: AdmissionRequest,
  { metadata, status }: ResourceQuota,
  delta: Amounts,
): Readonly<Record<string, string>> | undefined {
  const { hard = {}, used = {} } = status
  const asked = Object.keys(delta).filter((name) => hard[name] !== undefined)
  if (asked.length === 0) return undefined
  const after: Record<string, string> = { ...used }
  const exceeded: string[] = []
  for (const name of asked.sort()) {
    const sum = plus(amountOf(used[name] ?? '0'), delta[name]!)
    after[name] = amountText(sum)
    if (sum.milli > amountOf(hard[name]!).milli && delta[name]!.milli > 0n) exceeded.push(name)
  }
  if (exceeded.length === 0) return after
  const list = (texts: Readonly<Record<string, string>>): string =>
    exceeded.map((name) => `${name}=${texts[name]}`).join(',')
  throw refusal(
    request,
    `exceeded quota: ${metadata.name}, requested: ${list(textsOf(delta))}, used: ${list(used)}, limited: ${list(hard)}`,
  )
}

function refusal({ kind, name }: AdmissionRequest, detail: string): Error {
  return forbidden({ group: kind.group, resource: kind.plural }, name, detail)
}
