import { isEqual, type Deployment, type ReplicaSet } from '../engine.ts'
import type { Cluster } from '../cluster.ts'
import { defineDescriber } from './defineDescriber.ts'
import { annotationLines, conditionLines, eventLines, labelLines, longTime, selectorText } from './parts.ts'
import { templateLines } from './podTemplate.ts'

/** One deployment: its rollout, its template, its replica sets. */
export const deploymentDescriber = defineDescriber<Deployment>({
  group: 'apps',
  kind: 'Deployment',
  describe({ object, sheet, cluster, events, now }) {
    const { metadata, spec, status } = object
    sheet.line(0, 'Name:', metadata.name)
    sheet.line(0, 'Namespace:', metadata.namespace)
    sheet.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp))
    labelLines(sheet, 0, 'Labels', metadata.labels)
    annotationLines(sheet, 0, metadata.annotations)
    sheet.line(0, 'Selector:', selectorText(spec.selector))
    const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status ?? {}
    sheet.line(
      0,
      'Replicas:',
      `${spec.replicas ?? 0} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
    )
    sheet.line(0, 'StrategyType:', spec.strategy?.type ?? '')
    sheet.line(0, 'MinReadySeconds:', spec.minReadySeconds ?? 0)
    const rolling = spec.strategy?.rollingUpdate
    if (rolling)
      sheet.line(
        0,
        'RollingUpdateStrategy:',
        `${String(rolling.maxUnavailable)} max unavailable, ${String(rolling.maxSurge)} max surge`,
      )
    templateLines(sheet, spec.template)
    conditionLines(sheet, status?.conditions)
    const { old, current } = replicaSetsOf(cluster, object)
    if (old.length > 0 || current !== undefined) {
      sheet.line(0, 'OldReplicaSets:', old.length === 0 ? '<none>' : old.map(replicaSetText).join(', '))
      sheet.line(0, 'NewReplicaSet:', current === undefined ? '<none>' : replicaSetText(current))
    }
    eventLines(sheet, events(), now)
  },
})

const replicaSetText = ({ metadata, spec, status }: ReplicaSet): string =>
  `${metadata.name} (${status?.replicas ?? 0}/${spec.replicas ?? 0} replicas created)`

/** The replica sets of a deployment, oldest first: the one with its template, and the others. */
export function replicaSetsOf(
  cluster: Cluster,
  deployment: Deployment,
): { readonly old: readonly ReplicaSet[]; readonly current: ReplicaSet | undefined } {
  const kind = cluster.kind('replicasets.apps')
  const owned = cluster
    .list<ReplicaSet>(kind, deployment.metadata.namespace)
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid, controller }) => controller === true && uid === deployment.metadata.uid),
    )
  const sorted = [...owned].sort((a, b) => orderOf(a) - orderOf(b) || (a.metadata.name < b.metadata.name ? -1 : 1))
  const current = sorted.find((replicaSet) =>
    isEqual(withoutHash(replicaSet.spec.template), withoutHash(deployment.spec.template)),
  )
  return { old: sorted.filter((replicaSet) => replicaSet !== current), current }
}

function orderOf({ metadata }: ReplicaSet): number {
  return Number(metadata.creationTimestamp.replace(/\D/g, ''))
}

/** A template without the label that tells replica sets apart. */
export function withoutHash(template: ReplicaSet['spec']['template']): unknown {
  const { 'pod-template-hash': _, ...labels } = template?.metadata?.labels ?? {}
  return { ...template, metadata: { ...template?.metadata, labels } }
}
