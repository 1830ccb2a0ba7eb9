import type { Draft, HorizontalPodAutoscaler } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { autoscalerErrors, autoscalerStatusErrors } from './autoscalerRules.ts'
import { targetsText } from './targets.ts'

/** Changes the number of a workload's pods so that what is measured stays near a target. */
export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  defaults: fillIn,
  prepareForCreate(draft) {
    draft.status = noStatus()
  },
  validate: ({ spec }) => autoscalerErrors(spec),
  validateUpdate: ({ spec }, old) => autoscalerErrors(spec, old.spec),
  validateStatusUpdate: ({ status }) => autoscalerStatusErrors(status),
  columns: [
    nameColumn,
    { name: 'Reference', cell: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}` },
    { name: 'Targets', cell: ({ spec, status }) => targetsText(spec.metrics ?? [], status.currentMetrics ?? []) },
    { name: 'MinPods', cell: ({ spec }) => (spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas)) },
    { name: 'MaxPods', cell: ({ spec }) => spec.maxReplicas ?? 0 },
    { name: 'Replicas', cell: ({ status }) => status.currentReplicas ?? 0 },
    ageColumn,
  ],
})

function noStatus(): Draft<HorizontalPodAutoscaler['status']> {
  return { desiredReplicas: 0, currentMetrics: null as unknown as [] } // upstream writes the list even when it is nil
}

// upstream: pkg/apis/autoscaling/v2/defaults.go
function fillIn(draft: Draft<HorizontalPodAutoscaler>): void {
  const spec = (draft.spec ??= {} as typeof draft.spec)
  draft.status ??= noStatus()
  draft.status.desiredReplicas ??= 0
  if (draft.status.currentMetrics === undefined) draft.status.currentMetrics = null as unknown as []
  spec.minReplicas ??= 1
  if (!spec.metrics?.length)
    spec.metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ]
  const { behavior } = spec
  if (behavior === undefined) return
  const up = (behavior.scaleUp ??= {})
  up.stabilizationWindowSeconds ??= 0
  up.selectPolicy ??= 'Max'
  up.policies ??= [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ]
  const down = (behavior.scaleDown ??= {})
  down.selectPolicy ??= 'Max'
  down.policies ??= [{ type: 'Percent', value: 100, periodSeconds: 15 }]
}
