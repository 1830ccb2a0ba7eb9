import { forbidden, type Draft, type LimitRange, type PersistentVolumeClaim, type Pod } from '../../api/index.ts'
import { amountOf, amountText, amountsOf, type Amount, type Amounts } from '../../api/quota/amount.ts'
import { podTotals } from '../../api/quota/podTotals.ts'
import { defineAdmission, type AdmissionRequest } from './admission.ts'

type Limit = LimitRange['spec']['limits'][number]
type Container = Draft<Pod>['spec']['containers'][number]

const annotation = 'kubernetes.io/limit-ranger'

/** Fills in what a namespace's LimitRanges say of containers that say nothing, and refuses what is out of their bounds. */
// upstream: plugin/pkg/admission/limitranger/admission.go
export const limitRanger = defineAdmission({
  name: 'LimitRanger',
  kinds: ['Pod', 'PersistentVolumeClaim'],
  verbs: ['create', 'update'],
  subresources: ['', 'resize'],
  mutate({ verb, kind, subresource, draft, namespace, context }) {
    if (verb !== 'create' || kind.kind !== 'Pod' || subresource !== '') return
    for (const { spec } of context.list<LimitRange>('LimitRange', namespace))
      fill(draft as Draft<Pod>, spec.limits ?? [])
  },
  validate(request) {
    const { kind, namespace, draft, context } = request
    if (draft === undefined || !isChecked(request)) return
    for (const { spec } of context.list<LimitRange>('LimitRange', namespace)) {
      const errors = (spec.limits ?? []).flatMap((limit) =>
        kind.kind === 'Pod'
          ? podErrors(limit, draft as unknown as Pod)
          : claimErrors(limit, draft as unknown as PersistentVolumeClaim),
      )
      if (errors.length > 0) throw forbidden({ group: kind.group, resource: kind.plural }, request.name, joined(errors))
    }
  },
})

/** A pod's resources change by their own door alone. */
function isChecked({ verb, kind, subresource }: AdmissionRequest): boolean {
  if (kind.group !== '') return false
  if (kind.kind === 'Pod')
    return (verb === 'create' && subresource === '') || (verb === 'update' && subresource === 'resize')
  return kind.kind === 'PersistentVolumeClaim' && subresource === '' && (verb === 'create' || verb === 'update')
}

function joined(errors: readonly string[]): string {
  const distinct = [...new Set(errors)]
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`
}

function fill({ metadata, spec }: Draft<Pod>, limits: readonly Limit[]): void {
  const requests: Record<string, string> = {}
  const bounds: Record<string, string> = {}
  for (const limit of limits) {
    if (limit.type !== 'Container') continue
    Object.assign(requests, limit.defaultRequest)
    Object.assign(bounds, limit.default)
  }
  const notes = [
    ...(spec.containers ?? []).flatMap((one) => fillContainer(one, 'container', requests, bounds)),
    ...(spec.initContainers ?? []).flatMap((one) => fillContainer(one, 'init container', requests, bounds)),
  ]
  if (notes.length === 0) return
  metadata.annotations = { ...metadata.annotations, [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` }
}

type Texts = Readonly<Record<string, string>>

function fillContainer(container: Container, word: string, requests: Texts, limits: Texts): readonly string[] {
  const resources = (container.resources ??= {})
  const own = { requests: resources.requests, limits: resources.limits }
  const missing = (texts: Texts, given: Texts | undefined): string[] =>
    Object.keys(texts)
      .filter((name) => given?.[name] === undefined)
      .sort()
  const [newRequests, newLimits] = [missing(requests, own.requests), missing(limits, own.limits)]
  if (newLimits.length > 0) resources.limits = { ...pick(limits, newLimits), ...own.limits }
  if (newRequests.length > 0) resources.requests = { ...pick(requests, newRequests), ...own.requests }
  return [
    ...(newRequests.length > 0 ? [`${newRequests.join(', ')} request for ${word} ${container.name}`] : []),
    ...(newLimits.length > 0 ? [`${newLimits.join(', ')} limit for ${word} ${container.name}`] : []),
  ]
}

const pick = (texts: Texts, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, texts[name]!]))

function podErrors(limit: Limit, { spec }: Pod): readonly string[] {
  if (limit.type === 'Pod') return boundErrors(limit, podTotals(spec, 'requests'), podTotals(spec, 'limits'))
  if (limit.type !== 'Container') return []
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    boundErrors(limit, amountsOf(resources?.requests), amountsOf(resources?.limits)),
  )
}

function boundErrors(limit: Limit, requests: Amounts, limits: Amounts): readonly string[] {
  const each = (list: Texts | undefined, find: (name: string, bound: Amount) => string | undefined): string[] =>
    Object.keys(list ?? {})
      .sort()
      .flatMap((name) => find(name, amountOf(list![name]!)) ?? [])
  return [
    ...each(limit.min, (name, min) => minError(limit.type, name, min, requests[name], limits[name])),
    ...each(limit.max, (name, max) => maxError(limit.type, name, max, requests[name], limits[name])),
    ...each(limit.maxLimitRequestRatio, (name, ratio) =>
      ratioError(limit.type, name, ratio, requests[name], limits[name]),
    ),
  ]
}

function minError(type: string, name: string, min: Amount, request?: Amount, limit?: Amount): string | undefined {
  const head = `minimum ${name} usage per ${type} is ${amountText(min)}`
  if (request === undefined) return `${head}.  No request is specified`
  if (request.milli < min.milli) return `${head}, but request is ${amountText(request)}`
  return limit !== undefined && limit.milli < min.milli ? `${head}, but limit is ${amountText(limit)}` : undefined
}

function maxError(type: string, name: string, max: Amount, request?: Amount, limit?: Amount): string | undefined {
  const head = `maximum ${name} usage per ${type} is ${amountText(max)}`
  if (limit === undefined) return `${head}.  No limit is specified`
  if (limit.milli > max.milli) return `${head}, but limit is ${amountText(limit)}`
  return request !== undefined && request.milli > max.milli
    ? `${head}, but request is ${amountText(request)}`
    : undefined
}

function ratioError(type: string, name: string, ratio: Amount, request?: Amount, limit?: Amount): string | undefined {
  const head = `${name} max limit to request ratio per ${type} is ${amountText(ratio)}`
  if (!request?.milli) return `${head}, but no request is specified or request is 0`
  if (!limit?.milli) return `${head}, but no limit is specified or limit is 0`
  const observed = Number(limit.milli) / Number(request.milli)
  return observed * 1000 > Number(ratio.milli) ? `${head}, but provided ratio is ${observed.toFixed(6)}` : undefined
}

function claimErrors(limit: Limit, { spec }: PersistentVolumeClaim): readonly string[] {
  if (limit.type !== 'PersistentVolumeClaim') return []
  const requests = amountsOf(spec.resources?.requests)
  const max = (name: string, bound: Amount): string | undefined => {
    const head = `maximum ${name} usage per ${limit.type} is ${amountText(bound)}`
    const request = requests[name]
    if (request === undefined) return `${head}.  No request is specified`
    return request.milli > bound.milli ? `${head}, but request is ${amountText(request)}` : undefined
  }
  return [
    ...Object.entries(limit.min ?? {}).flatMap(
      ([name, text]) => minError(limit.type, name, amountOf(text), requests[name]) ?? [],
    ),
    ...Object.entries(limit.max ?? {}).flatMap(([name, text]) => max(name, amountOf(text)) ?? []),
  ]
}
