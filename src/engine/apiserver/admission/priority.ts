import { forbidden, type Draft, type KubeObject, type Pod } from '../../api/index.ts'
import { defineAdmission, type AdmissionRequest } from './admission.ts'

interface PriorityClass extends KubeObject {
  readonly value: number
  readonly globalDefault?: boolean
  readonly preemptionPolicy?: string
}

type Rank = Pick<PriorityClass, 'value' | 'preemptionPolicy'>

const systemClasses: Readonly<Record<string, Rank>> = {
  'system-cluster-critical': { value: 2_000_000_000 },
  'system-node-critical': { value: 2_000_001_000 },
}

/** Works out a pod's priority from the name of its class. */
// upstream: plugin/pkg/admission/priority/admission.go
export const priority = defineAdmission({
  name: 'Priority',
  kinds: ['Pod', 'PriorityClass'],
  verbs: ['create', 'update'],
  subresources: [''],
  mutate(request) {
    const { verb, kind, draft, old } = request
    if (kind.kind !== 'Pod') return
    const { spec } = draft as Draft<Pod>
    if (verb === 'update') keep(spec, (old as Pod).spec)
    else rank(request, spec)
  },
  validate(request) {
    const { verb, kind, draft, context } = request
    if (kind.kind !== 'PriorityClass') return
    const { metadata, globalDefault } = draft as unknown as PriorityClass
    if (!globalDefault) return
    const other = context.list<PriorityClass>('PriorityClass').find((one) => one.globalDefault === true)
    if (other !== undefined && (verb === 'create' || other.metadata.name !== metadata.name))
      throw refused(
        request,
        `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
      )
  },
})

type Spec = Draft<Pod>['spec']

function keep(spec: Spec, old: Pod['spec']): void {
  if (spec.priority === undefined && old.priority !== undefined) spec.priority = old.priority
  if (spec.preemptionPolicy === undefined && old.preemptionPolicy !== undefined)
    spec.preemptionPolicy = old.preemptionPolicy
}

function rank(request: AdmissionRequest, spec: Spec): void {
  const found = spec.priorityClassName ? byName(request, spec.priorityClassName) : byDefault(request, spec)
  const policy = found.preemptionPolicy ?? 'PreemptLowerPriority'
  const tail = 'from the given PriorityClass name'
  if (spec.priority !== undefined && spec.priority !== found.value)
    throw refused(
      request,
      `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${found.value} ${tail}`,
    )
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    throw refused(
      request,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} ${tail}`,
    )
  spec.priority = found.value
  spec.preemptionPolicy = policy
}

function byName(request: AdmissionRequest, name: string): Rank {
  const found = request.context.find<PriorityClass>('PriorityClass', name) ?? systemClasses[name]
  if (found === undefined) throw refused(request, `no PriorityClass with name ${name} was found`)
  return found
}

const ordinary: Rank = { value: 0 }

function byDefault({ context }: AdmissionRequest, spec: Spec): Rank {
  let found: PriorityClass | undefined
  for (const one of context.list<PriorityClass>('PriorityClass'))
    if (one.globalDefault === true && (found === undefined || one.value < found.value)) found = one
  if (found === undefined) return ordinary
  spec.priorityClassName = found.metadata.name
  return found
}

function refused({ kind, name }: AdmissionRequest, detail: string): Error {
  return forbidden({ group: kind.group, resource: kind.plural }, name, detail)
}
