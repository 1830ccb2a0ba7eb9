import { notAllowed, type Draft, type FieldError, type Pod } from '../../../api/index.ts'
import { defineKind } from '../../defineKind.ts'
import { matchingAnnotationErrors, podAnnotationUpdateErrors } from './annotations.ts'
import { appArmorWarnings, applyAppArmor } from './appArmor.ts'
import { podColumns } from './columns.ts'
import { defaultPod } from './defaults.ts'
import { applyLabelKeys } from './labelKeys.ts'
import { qosClassOf } from './qos.ts'
import { podSpecUpdateErrors } from './update.ts'
import { podStatusErrors, preparePodStatus } from './updateStatus.ts'
import { nameWarnings, podWarnings } from './warnings.ts'
import { wholeErrors } from './whole.ts'

const noWarnings: readonly string[] = Object.freeze([])

/** One or more containers that live, move and die together on one node. */
export const pod = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  answersWithDeleted: true,
  subresources: [
    'attach',
    'binding',
    'ephemeralcontainers',
    'eviction',
    'exec',
    'log',
    'portforward',
    'proxy',
    'resize',
    'status',
  ],
  hasGeneration: true,
  defaults: defaultPod,
  prepareForCreate(draft, context) {
    draft.status = { phase: 'Pending', qosClass: qosClassOf(draft.spec as Pod['spec']) }
    if (draft.spec.schedulingGates?.length) draft.status.conditions = [gatedSince(context.now)]
    delete draft.spec.schedulingGroup // its feature gate is off
    applyLabelKeys(draft)
  },
  // differs: upstream does it before validation, so that policies see the fields, too
  beforeStorage: applyAppArmor,
  prepareForUpdate(draft, old) {
    draft.status = old.status as Draft<Pod['status']>
    delete draft.spec.schedulingGroup
  },
  prepareForStatusUpdate: preparePodStatus,
  validate(object) {
    const whole = wholeErrors(object)
    const more = createErrors(object)
    return more.length === 0 ? whole : [...whole, ...more]
  },
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...wholeErrors(next),
    ...podAnnotationUpdateErrors(
      'metadata.annotations',
      next.metadata.annotations,
      old.metadata.annotations,
      next.spec,
    ),
    ...podSpecUpdateErrors(next, old),
  ],
  validateStatusUpdate: podStatusErrors,
  warnings: (next, old) =>
    old === undefined
      ? [...appArmorWarnings(next), ...nameWarnings(next.metadata.name, "the Pod's hostname"), ...podWarnings(next, '')]
      : noWarnings,
  // upstream: pkg/registry/core/pod/strategy.go CheckGracefulDelete
  gracePeriodSeconds({ spec, status }, asked) {
    if (!spec.nodeName || status.phase === 'Failed' || status.phase === 'Succeeded') return 0
    const seconds = asked ?? spec.terminationGracePeriodSeconds ?? 30
    return seconds < 0 ? 1 : seconds
  },
  columns: podColumns,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
    'status.phase': ({ status }) => status.phase ?? '',
    'status.podIP': ({ status }) => status.podIP ?? '',
    'status.podIPs': ({ status }) => status.podIPs?.[0]?.ip ?? '',
    'status.nominatedNodeName': ({ status }) => status.nominatedNodeName ?? '',
  },
})

function gatedSince(now: string) {
  return {
    type: 'PodScheduled',
    status: 'False',
    lastProbeTime: null as unknown as string, // upstream always writes it, and nobody fills it in
    lastTransitionTime: now,
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  }
}

function createErrors({ metadata, spec }: Pod): readonly FieldError[] {
  const errors: FieldError[] = []
  if (spec.ephemeralContainers?.length) errors.push(notAllowed('spec.ephemeralContainers', 'cannot be set on create'))
  if (spec.nodeName && spec.schedulingGates?.length)
    errors.push(notAllowed('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  if (metadata.annotations !== undefined)
    errors.push(...matchingAnnotationErrors(metadata.annotations, spec, 'spec', true))
  return errors
}
