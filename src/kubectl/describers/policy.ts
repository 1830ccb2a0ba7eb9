import type { PodDisruptionBudget, PriorityClass } from '../engine.ts'
import { defineDescriber } from './defineDescriber.ts'
import { eventLines, selectorText } from './parts.ts'

/** One disruption budget: how many pods may go now. */
export const podDisruptionBudgetDescriber = defineDescriber<PodDisruptionBudget>({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  describe({ object, sheet, events, now }) {
    const { metadata, spec, status } = object
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Namespace:', metadata.namespace)
    if (spec.minAvailable !== undefined) sheet.line(0, 'Min available:', String(spec.minAvailable))
    else if (spec.maxUnavailable !== undefined) sheet.line(0, 'Max unavailable:', String(spec.maxUnavailable))
    sheet.line(0, 'Selector:', spec.selector ? selectorText(spec.selector) : '<unset>')
    sheet.line(0, 'Status:')
    sheet.line(2, 'Allowed disruptions:', status?.disruptionsAllowed ?? 0)
    sheet.line(2, 'Current:', status?.currentHealthy ?? 0)
    sheet.line(2, 'Desired:', status?.desiredHealthy ?? 0)
    sheet.line(2, 'Total:', status?.expectedPods ?? 0)
    eventLines(sheet, events(), now)
  },
})

/** One priority class. */
export const priorityClassDescriber = defineDescriber<PriorityClass>({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  describe({ object, sheet, events, now }) {
    const { annotations } = object.metadata
    const keys = Object.keys(annotations ?? {}).sort()
    sheet.line(0, 'Name:', object.metadata.name)
    sheet.line(0, 'Value:', object.value)
    sheet.line(0, 'GlobalDefault:', object.globalDefault ?? false)
    sheet.line(0, 'PreemptionPolicy:', object.preemptionPolicy ?? 'PreemptLowerPriority')
    sheet.line(0, 'Description:', object.description ?? '')
    sheet.line(
      0,
      'Annotations:',
      keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${annotations![key]}`).join(','),
    )
    eventLines(sheet, events(), now)
  },
})
