import { isLabel, type Draft, type StatefulSet } from '../../api/index.ts'
import { ageColumn, containerImages, containerNames, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { defaultTemplate } from '../core/pod/defaults.ts'
import type { PodSpecDraft, PodTemplate } from '../core/pod/types.ts'
import { podWarnings } from '../core/pod/warnings.ts'
import { claimWarnings } from '../rules/claimTemplate.ts'
import { statefulSetErrors, statefulSetStatusErrors, statefulSetUpdateErrors } from './statefulSetRules.ts'

/** Pods with names, numbers and volumes of their own, made and replaced in order. */
export const statefulSet = defineKind<StatefulSet>({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  shortNames: ['sts'],
  categories: ['all'],
  namespaced: true,
  subresources: ['scale', 'status'],
  hasGeneration: true,
  validateName: isLabel,
  defaults: fillIn,
  prepareForCreate(draft) {
    draft.status = { replicas: 0, availableReplicas: 0 }
    dropMaxUnavailable(draft, undefined)
  },
  prepareForUpdate: dropMaxUnavailable,
  validate: (object) => statefulSetErrors(object.spec, { isOld: false }),
  validateUpdate: (next, old) => statefulSetUpdateErrors(next, old),
  validateStatusUpdate: statefulSetStatusErrors,
  warnings(next, old) {
    if (old !== undefined && next.metadata.generation === old.metadata.generation) return []
    const template = next.spec.template as PodTemplate
    const warnings = template.spec ? [...podWarnings(template, 'spec.template')] : []
    next.spec.volumeClaimTemplates?.forEach((claim, index) =>
      warnings.push(...claimWarnings(`spec.volumeClaimTemplates[${index}].Spec`, claim.spec ?? {})),
    )
    if ((next.spec.revisionHistoryLimit ?? 0) < 0)
      warnings.push(
        'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
      )
    return warnings
  },
  columns: [
    nameColumn,
    { name: 'Ready', cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
    ageColumn,
    { name: 'Containers', priority: 1, cell: containerNames },
    { name: 'Images', priority: 1, cell: containerImages },
  ],
})

// upstream: pkg/apis/apps/v1/defaults.go SetDefaults_StatefulSet
function fillIn(draft: Draft<StatefulSet>): void {
  const spec = (draft.spec ??= {} as typeof draft.spec)
  draft.status ??= { replicas: 0 }
  draft.status.replicas ??= 0
  draft.status.availableReplicas ??= 0
  spec.template ??= {}
  defaultTemplate(spec.template as { spec?: PodSpecDraft })
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion ??= 'v1'
    claim.kind ??= 'PersistentVolumeClaim'
    claim.metadata ??= {}
    claim.spec ??= {}
    claim.spec.volumeMode ??= 'Filesystem'
    claim.status ??= {}
    claim.status.phase ??= 'Pending'
  }
  spec.serviceName ??= ''
  spec.podManagementPolicy ??= 'OrderedReady'
  const strategy = (spec.updateStrategy ??= {})
  if (!strategy.type) {
    strategy.type = 'RollingUpdate'
    strategy.rollingUpdate ??= {}
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0
  const policy = (spec.persistentVolumeClaimRetentionPolicy ??= {})
  policy.whenDeleted ||= 'Retain'
  policy.whenScaled ||= 'Retain'
  spec.replicas ??= 1
  spec.revisionHistoryLimit ??= 10
}

/** Its feature gate is off: the field stays away unless it is there already. */
function dropMaxUnavailable(draft: Draft<StatefulSet>, old: StatefulSet | undefined): void {
  if (old?.spec.updateStrategy?.rollingUpdate?.maxUnavailable !== undefined) return
  if (draft.spec.updateStrategy?.rollingUpdate) delete draft.spec.updateStrategy.rollingUpdate.maxUnavailable
}
