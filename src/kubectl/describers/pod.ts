import { humanDuration } from '../duration.ts'
import { parseTime, type Pod } from '../engine.ts'
import { containerLines, resourceLines } from './containers.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, controllerText, eventLines, labelLines, longTime } from './parts.ts'
import { groupLines, spreadLines, tolerationLines } from './podTemplate.ts'
import { volumeLines } from './volumes.ts'

/** One pod: where it runs, what is in it, how it is. */
// upstream: kubectl/pkg/describe/describe.go describePod
export const podDescriber = defineDescriber<Pod>({
  group: '',
  kind: 'Pod',
  describe({ object: pod, sheet, events, now }) {
    const { metadata, spec, status } = pod
    placeLines(sheet, pod)
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    stateLines(sheet, pod, now)
    const controller = controllerText(metadata.ownerReferences)
    if (controller !== undefined) sheet.line(0, 'Controlled By:', controller)
    if (status.nominatedNodeName) sheet.line(0, 'NominatedNodeName:', status.nominatedNodeName)
    if (spec.resources) {
      sheet.line(0, 'Resources:')
      resourceLines(sheet, 1, spec.resources)
    }
    if ((spec.initContainers ?? []).length > 0)
      containerLines(sheet, 'Init Containers', spec.initContainers!, {
        isTemplate: false,
        statuses: status.initContainerStatuses,
        pod,
      })
    containerLines(sheet, 'Containers', spec.containers, { isTemplate: false, statuses: status.containerStatuses, pod })
    if ((spec.ephemeralContainers ?? []).length > 0)
      containerLines(sheet, 'Ephemeral Containers', spec.ephemeralContainers as Pod['spec']['containers'], {
        isTemplate: false,
        statuses: status.ephemeralContainerStatuses,
        pod,
      })
    gateLines(sheet, pod)
    conditionLines(sheet, pod)
    volumeLines(sheet, spec.volumes, false)
    sheet.line(0, 'QoS Class:', status.qosClass ?? 'BestEffort')
    labelLines(sheet, 0, 'Node-Selectors', spec.nodeSelector)
    tolerationLines(sheet, 0, spec.tolerations)
    spreadLines(sheet, 0, spec.topologySpreadConstraints)
    groupLines(sheet, 0, spec)
    eventLines(sheet, events(), now)
  },
})

function placeLines(sheet: Sheet, { metadata, spec, status }: Pod): void {
  sheet.line(0, 'Name:', metadata.name)
  sheet.line(0, 'Namespace:', metadata.namespace)
  if (spec.priority !== undefined) sheet.line(0, 'Priority:', spec.priority)
  if (spec.priorityClassName) sheet.line(0, 'Priority Class Name:', spec.priorityClassName)
  if (spec.runtimeClassName) sheet.line(0, 'Runtime Class Name:', spec.runtimeClassName)
  if (spec.serviceAccountName) sheet.line(0, 'Service Account:', spec.serviceAccountName)
  sheet.line(0, 'Node:', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>')
  if (status.startTime) sheet.line(0, 'Start Time:', longTime(status.startTime))
}

function stateLines(sheet: Sheet, { metadata, spec, status }: Pod, now: number): void {
  const isOver = status.phase === 'Succeeded' || status.phase === 'Failed'
  if (metadata.deletionTimestamp && !isOver) {
    sheet.line(0, 'Status:', `Terminating (lasts ${humanDuration(now - parseTime(metadata.deletionTimestamp))})`)
    sheet.line(0, 'Termination Grace Period:', `${metadata.deletionGracePeriodSeconds ?? 0}s`)
  } else sheet.line(0, 'Status:', status.phase ?? '')
  if (status.reason) sheet.line(0, 'Reason:', status.reason)
  if (status.message) sheet.line(0, 'Message:', status.message)
  const profile = spec.securityContext?.seccompProfile
  if (profile) sheet.line(0, 'SeccompProfile:', profile.type)
  if (profile?.type === 'Localhost') sheet.line(0, 'LocalhostProfile:', profile.localhostProfile)
  sheet.line(0, 'IP:', status.podIP ?? '')
  if ((status.podIPs ?? []).length === 0) return sheet.line(0, 'IPs:', '<none>')
  sheet.line(0, 'IPs:')
  for (const { ip } of status.podIPs!) sheet.line(1, 'IP:', ip)
}

function gateLines(sheet: Sheet, { spec, status }: Pod): void {
  if ((spec.readinessGates ?? []).length === 0) return
  sheet.line(0, 'Readiness Gates:')
  sheet.line(1, 'Type', 'Status')
  for (const { conditionType } of spec.readinessGates!)
    sheet.line(
      1,
      `${conditionType} `,
      `${status.conditions?.find(({ type }) => type === conditionType)?.status ?? '<none>'} `,
    )
}

function conditionLines(sheet: Sheet, { status }: Pod): void {
  if ((status.conditions ?? []).length === 0) return
  sheet.line(0, 'Conditions:')
  sheet.line(1, 'Type', 'Status')
  for (const { type, status: value } of status.conditions!) sheet.line(1, `${type} `, `${value} `)
}
