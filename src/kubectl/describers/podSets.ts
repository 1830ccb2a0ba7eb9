import type { DaemonSet, Pod, StatefulSet } from '../engine.ts'
import type { Cluster } from '../cluster.ts'
import { storageClassOf } from './claims.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, eventLines, labelLines, longTime, mapText, selectorText } from './parts.ts'
import { templateLines } from './podTemplate.ts'

/** `2 Running / 1 Waiting / 0 Succeeded / 0 Failed`: the pods that an owner controls. */
export function podPhasesText(cluster: Cluster, namespace: string | undefined, owner: string): string {
  const pods = cluster
    .list<Pod>(cluster.kind('pods'), namespace)
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid, controller }) => controller === true && uid === owner),
    )
  const count = (phase: string): number => pods.filter(({ status }) => status.phase === phase).length
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`
}

/** One daemon set: on how many nodes it should be, and is. */
export const daemonSetDescriber = defineDescriber<DaemonSet>({
  group: 'apps',
  kind: 'DaemonSet',
  describe({ object, sheet, cluster, events, now }) {
    const { metadata, spec, status } = object
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Namespace:', metadata.namespace)
    sheet.line(0, 'Selector:', selectorText(spec.selector))
    sheet.line(0, 'Node-Selector:', mapText(spec.template.spec?.nodeSelector))
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, `Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`)
    sheet.line(0, `Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`)
    sheet.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`)
    sheet.line(0, `Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`)
    sheet.line(0, `Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`)
    sheet.line(0, 'Pods Status:', podPhasesText(cluster, metadata.namespace, metadata.uid))
    templateLines(sheet, spec.template)
    eventLines(sheet, events(), now)
  },
})

/** One stateful set: its replicas, its template, and the claims it makes for them. */
export const statefulSetDescriber = defineDescriber<StatefulSet>({
  group: 'apps',
  kind: 'StatefulSet',
  describe({ object, sheet, cluster, events, now }) {
    const { metadata, spec, status } = object
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Namespace:', metadata.namespace)
    sheet.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp))
    sheet.line(0, 'Selector:', selectorText(spec.selector))
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'Replicas:', `${spec.replicas ?? 0} desired | ${status?.replicas ?? 0} total`)
    sheet.line(0, 'Update Strategy:', spec.updateStrategy?.type ?? '')
    const rolling = spec.updateStrategy?.rollingUpdate
    if (rolling?.partition !== undefined) {
      sheet.line(1, 'Partition:', rolling.partition)
      if (rolling.maxUnavailable !== undefined) sheet.line(1, 'MaxUnavailable:', String(rolling.maxUnavailable))
    }
    sheet.line(0, 'Pods Status:', podPhasesText(cluster, metadata.namespace, metadata.uid))
    templateLines(sheet, spec.template)
    claimLines(sheet, spec.volumeClaimTemplates ?? [])
    eventLines(sheet, events(), now)
  },
})

function claimLines(sheet: Sheet, claims: NonNullable<StatefulSet['spec']['volumeClaimTemplates']>): void {
  if (claims.length === 0) return sheet.line(0, 'Volume Claims:', '<none>')
  sheet.line(0, 'Volume Claims:')
  for (const { metadata, spec } of claims) {
    sheet.line(1, 'Name:', metadata?.name ?? '')
    sheet.line(1, 'StorageClass:', storageClassOf({ ...(metadata && { metadata }), ...(spec && { spec }) }))
    labelLines(sheet, 1, 'Labels', metadata?.labels)
    labelLines(sheet, 1, 'Annotations', metadata?.annotations)
    sheet.line(1, 'Capacity:', spec?.resources?.requests?.['storage'] ?? '<default>')
    sheet.line(1, 'Access Modes:', `[${(spec?.accessModes ?? []).join(' ')}]`)
  }
}
