import type { ReplicaSet, ReplicationController } from '../engine.ts'
import { defineDescriber, type Subject } from './defineDescriber.ts'
import {
  annotationLines,
  conditionLines,
  controllerText,
  eventLines,
  labelLines,
  mapText,
  selectorText,
} from './parts.ts'
import { podPhasesText } from './podSets.ts'
import { templateLines } from './podTemplate.ts'

/** One replica set: how many pods, in which states. */
export const replicaSetDescriber = defineDescriber<ReplicaSet>({
  group: 'apps',
  kind: 'ReplicaSet',
  describe: (subject) => describe(subject, selectorText(subject.object.spec.selector)),
})

/** One replication controller: the same, by plain labels. */
export const replicationControllerDescriber = defineDescriber<ReplicationController>({
  group: '',
  kind: 'ReplicationController',
  describe: (subject) => describe(subject, mapText(subject.object.spec.selector)),
})

function describe(subject: Subject<ReplicaSet | ReplicationController>, selector: string): void {
  const { object, sheet, cluster, events, now } = subject
  const { metadata, spec, status } = object
  sheet.line(0, 'Name:', metadata.name)
  sheet.line(0, 'Namespace:', metadata.namespace)
  sheet.line(0, 'Selector:', selector)
  labelLines(sheet, 0, 'Labels', metadata.labels)
  annotationLines(sheet, 0, metadata.annotations)
  const controller = controllerText(metadata.ownerReferences)
  if (controller !== undefined && object.kind === 'ReplicaSet') sheet.line(0, 'Controlled By:', controller)
  sheet.line(0, 'Replicas:', `${status?.replicas ?? 0} current / ${spec.replicas ?? 0} desired`)
  sheet.line(0, 'Pods Status:', podPhasesText(cluster, metadata.namespace, metadata.uid))
  templateLines(sheet, spec.template)
  conditionLines(sheet, status?.conditions)
  eventLines(sheet, events(), now)
}
