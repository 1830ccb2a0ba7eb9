import { invalidValue, isEqual, notAllowed, type FieldError, type Pod } from '../../../api/index.ts'
import { isPodLevel } from './aggregate.ts'
import { wholeErrors } from './whole.ts'
import { qosClassOf } from './qos.ts'
import { isSidecar, type Container, type PodSpec, type Resources } from './types.ts'

type Amounts = Readonly<Record<string, string>>

const onlyCpuAndMemory = 'only cpu and memory resources are mutable'

/** What a resize of a pod may not do; next and old differ in nothing but resources and resize policies. */
// upstream: pkg/apis/core/validation/validation.go ValidatePodResize
export function validatePodResize(next: Pod, old: Pod): readonly FieldError[] {
  const refused = refusal(old)
  if (refused !== undefined) return [notAllowed('', refused)]
  const errors: FieldError[] = [...wholeErrors(next)]
  if ((old.status.qosClass ?? qosClassOf(old.spec)) !== qosClassOf(next.spec))
    errors.push(
      invalidValue('spec', next.status.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'),
    )
  if (!canResize(old)) errors.push(notAllowed('spec', 'Pod running on node without support for resize'))
  if (next.spec.containers.length !== old.spec.containers.length)
    return [...errors, notAllowed('spec', onlyCpuAndMemory)]
  if (next.spec.initContainers?.length !== old.spec.initContainers?.length)
    return [...errors, notAllowed('spec', onlyCpuAndMemory)]
  removalErrors(errors, 'spec.resources', next.spec.resources, old.spec.resources)
  old.spec.initContainers?.forEach((before, index) => {
    if (isSidecar(before))
      removalErrors(
        errors,
        `spec.initContainers[${index}].resources`,
        next.spec.initContainers![index]!.resources,
        before.resources,
      )
  })
  old.spec.containers.forEach((before, index) =>
    removalErrors(
      errors,
      `spec.containers[${index}].resources`,
      next.spec.containers[index]!.resources,
      before.resources,
    ),
  )
  containerErrors(errors, next.spec, old.spec)
  if (errors.length === 0 && !isEqual(withResourcesOf(next.spec, old.spec), old.spec))
    errors.push(notAllowed('spec', onlyCpuAndMemory))
  return errors
}

function refusal({ metadata, spec }: Pod): string | undefined {
  if (metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return 'static pods cannot be resized'
  return spec.os?.name === 'windows' ? 'windows pods cannot be resized' : undefined
}

/** A node that does not tell what a running container really got cannot change it. */
function canResize({ status }: Pod): boolean {
  const running = status.containerStatuses?.find(({ state }) => state?.running !== undefined)
  return running === undefined || running.resources !== undefined
}

function removalErrors(errors: FieldError[], path: string, next: Resources = {}, old: Resources = {}): void {
  if (isRemoved(next.requests, old.requests))
    errors.push(notAllowed(`${path}.requests`, 'resource requests cannot be removed'))
  if (isRemoved(next.limits, old.limits)) errors.push(notAllowed(`${path}.limits`, 'resource limits cannot be removed'))
}

function isRemoved(next: Amounts = {}, old: Amounts = {}): boolean {
  for (const name in old) if (next[name] === undefined) return true
  return false
}

function containerErrors(errors: FieldError[], next: PodSpec, old: PodSpec): void {
  next.containers.forEach((container, index) => {
    if (!isEqual(withoutResources(container), withoutResources(old.containers[index]!)))
      errors.push(notAllowed('spec', onlyCpuAndMemory))
  })
  next.initContainers?.forEach((container, index) => {
    const before = old.initContainers![index]!
    if (isSidecar(container)) {
      if (!isEqual(withoutResources(container), withoutResources(before)))
        errors.push(notAllowed('spec', 'only cpu and memory resources for sidecar containers are mutable'))
    } else if (!isEqual(container, before))
      errors.push(notAllowed('spec', 'resources for non-sidecar init containers are immutable'))
  })
}

/** A container without what a resize may change: the amounts of CPU and memory, and how it takes a change. */
function withoutResources({ resources = {}, resizePolicy: _policy, ...rest }: Container): unknown {
  const others = (amounts: Amounts = {}): Amounts =>
    Object.fromEntries(Object.entries(amounts).filter(([name]) => name !== 'cpu' && name !== 'memory'))
  return { ...rest, claims: resources.claims, limits: others(resources.limits), requests: others(resources.requests) }
}

function withResourcesOf(next: PodSpec, old: PodSpec): PodSpec {
  const whole: Record<string, unknown> = { ...next, containers: old.containers }
  if (old.initContainers === undefined) delete whole['initContainers']
  else whole['initContainers'] = old.initContainers
  const names = Object.keys({ ...next.resources?.requests, ...next.resources?.limits })
  if (names.every(isPodLevel))
    if (old.resources === undefined) delete whole['resources']
    else whole['resources'] = old.resources
  return whole as unknown as PodSpec
}
