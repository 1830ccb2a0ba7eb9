import {
  inRange,
  invalidValue,
  isEqual,
  notAllowed,
  required,
  unsupported,
  type FieldError,
  type Pod,
} from '../../../api/index.ts'
import { goStruct } from '../../rules/goStruct.ts'
import { jsonDiff } from '../../rules/unifiedDiff.ts'
import { addedTolerationErrors } from './scheduling.ts'
import type { Container, PodSpec } from './types.ts'

const updatable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** What an update may not change in a pod's spec. */
// upstream: pkg/apis/core/validation/validation.go ValidatePodUpdate
export function podSpecUpdateErrors({ spec: next }: Pod, { spec: old }: Pod): readonly FieldError[] {
  if (next === old) return []
  const errors: FieldError[] = []
  for (const field of ['containers', 'initContainers'] as const)
    if (!imagesMayChange(errors, `spec.${field}`, next[field], old[field])) return errors
  if (!deadlineMayChange(errors, next.activeDeadlineSeconds, old.activeDeadlineSeconds)) return errors
  errors.push(...addedTolerationErrors('spec.tolerations', next.tolerations, old.tolerations))
  gatesMayGo(errors, next, old)
  if (isEqual(next, old)) return errors
  const munged = munge(errors, next, old)
  if (!isEqual(munged, old)) errors.push(notAllowed('spec', `${updatable}\n${jsonDiff(inside(old), inside(munged))}`))
  return errors
}

function imagesMayChange(
  errors: FieldError[],
  path: string,
  next: readonly Container[] = [],
  old: readonly Container[] = [],
): boolean {
  if (next.length !== old.length) {
    errors.push(notAllowed(path, 'pod updates may not add or remove containers'))
    return false
  }
  next.forEach(({ image = '' }, index) => {
    if (image === '') errors.push(required(`${path}[${index}].image`))
    if (image.trim() !== image)
      errors.push(invalidValue(`${path}[${index}].image`, image, 'must not have leading or trailing whitespace'))
  })
  return true
}

function deadlineMayChange(errors: FieldError[], next: number | undefined, old: number | undefined): boolean {
  const path = 'spec.activeDeadlineSeconds'
  if (next === undefined) {
    if (old !== undefined) errors.push(invalidValue(path, next, 'must not update from a positive integer to nil value'))
    return true
  }
  if (next < 0 || next > 2147483647) errors.push(invalidValue(path, next, inRange(0, 2147483647)))
  else if (old !== undefined && old < next)
    errors.push(invalidValue(path, next, 'must be less than or equal to previous value'))
  else return true
  return false
}

function gatesMayGo(errors: FieldError[], next: PodSpec, old: PodSpec): void {
  next.schedulingGates?.forEach(({ name }, index) => {
    if (!old.schedulingGates?.some((gate) => gate.name === name))
      errors.push(
        notAllowed(
          `spec.schedulingGates[${index}].name`,
          `only deletion is allowed, but found new scheduling gate '${name}'`,
        ),
      )
  })
}

/** The new spec with everything that may change put back as it was. */
function munge(errors: FieldError[], next: PodSpec, old: PodSpec): PodSpec {
  const images = (list: readonly Container[] | undefined, before: readonly Container[] | undefined) =>
    list?.map((container, index) => ({ ...container, image: before![index]!.image! }))
  const munged: Record<string, unknown> = { ...next, containers: images(next.containers, old.containers) }
  const put = (field: keyof PodSpec, value: unknown): void => {
    if (value === undefined) delete munged[field]
    else munged[field] = value
  }
  put('initContainers', images(next.initContainers, old.initContainers))
  for (const field of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations'] as const) put(field, old[field])
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1)
    put('terminationGracePeriodSeconds', old.terminationGracePeriodSeconds)
  if (old.schedulingGates?.length) mungeGated(errors, put, next, old)
  return munged as unknown as PodSpec
}

/** While a pod is held back by gates, where it may go can still be narrowed. */
function mungeGated(
  errors: FieldError[],
  put: (field: keyof PodSpec, value: unknown) => void,
  next: PodSpec,
  old: PodSpec,
): void {
  if (!isEqual(next.nodeSelector, old.nodeSelector)) {
    const isKept = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => next.nodeSelector?.[key] === value)
    if (!isKept)
      errors.push(
        invalidValue(
          'spec.nodeSelector',
          sorted(next.nodeSelector),
          'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
        ),
      )
    put('nodeSelector', old.nodeSelector)
  }
  const before = old.affinity?.nodeAffinity
  const after = next.affinity?.nodeAffinity
  if (isEqual(before, after)) return
  const path = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'
  const oldTerms = before?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  const newTerms = after?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  if (oldTerms.length > 0 && oldTerms.length !== (newTerms?.length ?? 0))
    errors.push(
      invalidValue(
        path,
        newTerms?.map((term) => goStruct('NodeTerm', term)),
        'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ),
    )
  else
    oldTerms.forEach((term, index) => {
      if (!isNarrowed(newTerms![index]!, term))
        errors.push(
          invalidValue(
            `${path}[${index}]`,
            goStruct('NodeTerm', newTerms![index]!),
            'only additions are allowed (no mutations or deletions)',
          ),
        )
    })
  const { nodeAffinity: _gone, ...others } = { ...next.affinity }
  if (before !== undefined) put('affinity', { ...others, nodeAffinity: before })
  else if (old.affinity === undefined && Object.keys(others).length === 0) put('affinity', undefined)
  else put('affinity', others)
}

type NodeTerm = NonNullable<
  NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'][number]

/** Whether a term only asks for more than before; one that asked for nothing matches nothing, and has to stay so. */
// upstream: validateNodeSelectorTermHasOnlyAdditions there
function isNarrowed(next: NodeTerm, old: NodeTerm): boolean {
  const count = (term: NodeTerm): number => (term.matchExpressions?.length ?? 0) + (term.matchFields?.length ?? 0)
  if (count(old) === 0) return count(next) === 0
  return (['matchExpressions', 'matchFields'] as const).every((field) =>
    (old[field] ?? []).every((one, place) => isEqual(one, next[field]?.[place])),
  )
}

/** Go's JSON has the keys of a map in order. */
function sorted(map: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined {
  return map && Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** A spec as the API server holds it inside: there the host's namespaces are part of the security context. */
export function inside(spec: PodSpec): Readonly<Record<string, unknown>> {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers, securityContext, ...rest } = spec
  const host = { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers }
  return goStruct('PodSpec', { ...rest, securityContext: { ...securityContext, ...host } })
}

/** What a binding has to say. */
export function bindingErrors(
  target: { readonly kind?: string; readonly name?: string } | undefined,
): readonly FieldError[] {
  const errors: FieldError[] = []
  if (target?.kind && target.kind !== 'Node') errors.push(unsupported('target.kind', target.kind, ['Node', '<empty>']))
  if (!target?.name) errors.push(required('target.name'))
  return errors
}
