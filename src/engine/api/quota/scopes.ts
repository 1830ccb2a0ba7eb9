import type { KubeObject, PersistentVolumeClaim, Pod, ResourceQuota } from '../types.ts'

interface Term {
  readonly scopeName: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** The scopes of a quota, both ways to write them. */
export function termsOf({ spec }: ResourceQuota): readonly Term[] {
  const plain = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }))
  return [...plain, ...((spec.scopeSelector?.matchExpressions ?? []) as readonly Term[])]
}

/** Whether a quota looks at an object of a kind that it counts. */
// upstream: pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc, persistent_volume_claims.go
export function isInScope(
  quota: ResourceQuota,
  kind: { readonly kind: string; readonly group: string },
  object: KubeObject,
): boolean {
  const terms = termsOf(quota)
  if (terms.length === 0) return true
  if (kind.group === '' && kind.kind === 'Pod') return terms.every((term) => matchesPod(term, object as Pod))
  if (kind.group === '' && kind.kind === 'PersistentVolumeClaim')
    return terms.every((term) => matchesClaim(term, object as PersistentVolumeClaim))
  return false
}

function matchesPod(term: Term, pod: Pod): boolean {
  const { spec } = pod
  switch (term.scopeName) {
    case 'Terminating':
      return (spec.activeDeadlineSeconds ?? -1) >= 0
    case 'NotTerminating':
      return (spec.activeDeadlineSeconds ?? -1) < 0
    case 'BestEffort':
      return isBestEffort(pod)
    case 'NotBestEffort':
      return !isBestEffort(pod)
    case 'PriorityClass':
      return selects(term, spec.priorityClassName ?? '')
    case 'CrossNamespacePodAffinity':
      return hasForeignTerms(pod)
    default:
      return false
  }
}

function matchesClaim(term: Term, { spec, status }: PersistentVolumeClaim): boolean {
  if (term.scopeName !== 'VolumeAttributesClass') return false
  const names = new Set([
    spec.volumeAttributesClassName ?? '',
    status?.currentVolumeAttributesClassName ?? '',
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName ?? '',
  ])
  return [...names].some((name) => selects(term, name))
}

function selects({ operator, values = [] }: Term, name: string): boolean {
  if (operator === 'Exists') return name !== ''
  if (operator === 'DoesNotExist') return name === ''
  return operator === 'In' ? values.includes(name) : !values.includes(name)
}

function isBestEffort({ spec }: Pod): boolean {
  const asks = (resources: { readonly requests?: object; readonly limits?: object } | undefined): boolean =>
    [resources?.requests, resources?.limits].some((list) => list !== undefined && ('cpu' in list || 'memory' in list))
  return (
    !asks(spec.resources) &&
    ![...(spec.containers ?? []), ...(spec.initContainers ?? [])].some((one) => asks(one.resources))
  )
}

interface AffinityTerm {
  readonly namespaces?: readonly string[]
  readonly namespaceSelector?: object
}

function hasForeignTerms({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {}
  return [podAffinity, podAntiAffinity].some((affinity) => {
    const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    const terms = [...required, ...preferred.map(({ podAffinityTerm }) => podAffinityTerm)] as readonly AffinityTerm[]
    return terms.some(
      ({ namespaces, namespaceSelector }) => namespaceSelector !== undefined || (namespaces?.length ?? 0) > 0,
    )
  })
}
