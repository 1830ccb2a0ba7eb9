import { forbidden, isEqual, type Draft, type Pod, type RuntimeClass } from '../../api/index.ts'
import { defineAdmission, type AdmissionRequest } from './admission.ts'

/** Adds to a pod what its RuntimeClass costs, and where it can run. */
// upstream: plugin/pkg/admission/runtimeclass/admission.go
export const runtimeClass = defineAdmission({
  name: 'RuntimeClass',
  kinds: ['Pod'],
  verbs: ['create'],
  subresources: [''],
  mutate(request) {
    const { spec } = request.draft as Draft<Pod>
    if (spec.runtimeClassName === undefined) return
    const found = classOf(request, spec.runtimeClassName)
    addOverhead(request, spec, found)
    addScheduling(request, spec, found)
  },
  validate(request) {
    const { spec } = request.draft as Draft<Pod>
    if (spec.overhead === undefined) return
    const overhead = spec.runtimeClassName === undefined ? undefined : classOf(request, spec.runtimeClassName).overhead
    if (overhead === undefined)
      throw refusal(request, `pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead`)
  },
})

type Spec = Draft<Pod>['spec']

function classOf(request: AdmissionRequest, name: string): RuntimeClass {
  const found = request.context.find<RuntimeClass>('RuntimeClass', name)
  if (found === undefined) throw refusal(request, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`)
  return found
}

function addOverhead(request: AdmissionRequest, spec: Spec, { overhead }: RuntimeClass): void {
  if (overhead === undefined) return
  const fixed = overhead.podFixed ?? {}
  if (spec.overhead !== undefined && !isEqual(spec.overhead, fixed))
    throw refusal(request, `pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead`)
  spec.overhead = { ...fixed }
}

function addScheduling(request: AdmissionRequest, spec: Spec, { scheduling }: RuntimeClass): void {
  if (scheduling === undefined) return
  const selector: Record<string, string> = { ...spec.nodeSelector }
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    if (selector[key] !== undefined && selector[key] !== value)
      throw refusal(
        request,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${selector[key]}`,
      )
    selector[key] = value
  }
  if (Object.keys(selector).length > 0) spec.nodeSelector = selector
  const own = spec.tolerations ?? []
  const known = new Set(own.map(textOf))
  const more = (scheduling.tolerations ?? []).filter((one) => !known.has(textOf(one)))
  if (more.length > 0) spec.tolerations = [...own, ...more.map((one) => ({ ...one }))]
}

type Toleration = NonNullable<Pod['spec']['tolerations']>[number]

const textOf = ({ key, operator, value, effect, tolerationSeconds }: Toleration): string =>
  JSON.stringify([key, operator, value, effect, tolerationSeconds])

function refusal({ kind, name }: AdmissionRequest, detail: string): Error {
  return forbidden({ group: kind.group, resource: kind.plural }, name, detail)
}
