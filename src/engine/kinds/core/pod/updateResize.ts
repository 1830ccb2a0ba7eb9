import { invalidValue, isEqual, notAllowed, type FieldError, type Pod } from '../../../api/index.ts'
import { qosClassOf } from './qos.ts'
import { isSidecar, type Container, type PodSpec, type Resources } from './types.ts'
import { wholeErrors } from './whole.ts'

type Amounts = Readonly<Record<string, string>>

const onlyCpuAndMemory = 'only cpu and memory resources are mutable'
const onlyCpuAndMemoryFirst = 'only cpu and memory resources for init or sidecar containers are mutable'
const notByRestart = 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized'

/** What a resize of a pod may not do; next and old differ in nothing but containers and resources. */
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
  if (isSet(next.spec.resources) || isSet(old.spec.resources))
    podErrors(errors, next.spec.resources, old.spec.resources)
  if (isReordered(errors, next.spec, old.spec)) return errors
  for (const field of ['initContainers', 'containers'] as const)
    old.spec[field]?.forEach(({ resources }, index) =>
      removalErrors(errors, `spec.${field}[${index}].resources`, next.spec[field]![index]!.resources, resources),
    )
  containerErrors(errors, next.spec, old.spec)
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

function isSet(resources: Resources | undefined): boolean {
  for (const _ in resources?.requests) return true
  for (const _ in resources?.limits) return true
  return false
}

/** What is asked for by the pod as a whole may change, but not go. */
// upstream: validatePodLevelResourcesResize there
function podErrors(errors: FieldError[], next: Resources | undefined, old: Resources | undefined): void {
  if (old !== undefined && next === undefined)
    return void errors.push(notAllowed('spec.resources', 'pod-level resources cannot be removed'))
  for (const field of ['requests', 'limits'] as const)
    if (isRemoved(next?.[field], old?.[field]))
      errors.push(notAllowed(`spec.resources.${field}`, `pod-level resource ${field} cannot be removed`))
  if (!isEqual(others(next), others(old)))
    errors.push(notAllowed('spec', 'only cpu and memory resources are mutable at pod-level'))
}

/** Complains where containers are not the same ones in the same order. */
// upstream: validatePodResizeContainerOrdering there
function isReordered(errors: FieldError[], next: PodSpec, old: PodSpec): boolean {
  const before = errors.length
  for (const field of ['containers', 'initContainers'] as const) {
    const given = next[field] ?? []
    const had = old[field] ?? []
    if (given.length !== had.length)
      errors.push(notAllowed(`spec.${field}`, `${field} may not be added or removed on resize`))
    else
      given.forEach(({ name }, index) => {
        if (name !== had[index]!.name)
          errors.push(notAllowed(`spec.${field}[${index}].name`, `${field} may not be renamed or reordered on resize`))
      })
  }
  return errors.length > before
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
    if (!keepsAllElse(container, old.containers[index]!)) errors.push(notAllowed('spec', onlyCpuAndMemory))
  })
  next.initContainers?.forEach((container, index) => {
    const before = old.initContainers![index]!
    const path = `spec.initContainers[${index}]`
    if (!keepsAllElse(container, before)) errors.push(notAllowed(path, onlyCpuAndMemoryFirst))
    if (isSidecar(container) || isEqual(container, before)) return
    for (const { restartPolicy } of container.resizePolicy ?? [])
      if (restartPolicy === 'RestartContainer') errors.push(notAllowed(path, notByRestart))
  })
}

/** Whether nothing but amounts of CPU and memory is new; upstream takes a container that has claims for changed. */
function keepsAllElse({ resources: after, ...next }: Container, { resources: before, ...old }: Container): boolean {
  return !before?.claims?.length && isEqual(next, old) && isEqual(amounts(after), amounts(before))
}

const amounts = (resources: Resources | undefined): unknown => {
  const { limits, requests } = others(resources) as Resources
  return { limits, requests }
}

/** Resources without what a resize may change. */
function others(resources: Resources | undefined): object {
  const rest = (list: Amounts = {}): Amounts =>
    Object.fromEntries(Object.entries(list).filter(([name]) => name !== 'cpu' && name !== 'memory'))
  return { claims: resources?.claims ?? [], limits: rest(resources?.limits), requests: rest(resources?.requests) }
}
