import { copyOf, type KubeObject } from '../engine.ts'

interface Filled {
  status?: object
  spec?: {
    strategy?: object
    updateStrategy?: object
    containers?: { resources?: object }[]
    initContainers?: { resources?: object }[]
    template?: Filled
    jobTemplate?: Filled
  }
}

const statuses: Readonly<Record<string, object>> = {
  ReplicaSet: { replicas: 0 },
  ReplicationController: { replicas: 0 },
  StatefulSet: { availableReplicas: 0, replicas: 0 },
  DaemonSet: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  Deployment: {},
  Pod: {},
  Job: {},
  CronJob: {},
  Service: { loadBalancer: {} },
}

/** A manifest as Go prints it once it has read it into the type: what is never left out is there, empty. */
export function filledIn(object: KubeObject): KubeObject {
  const draft = copyOf(object) as KubeObject & Filled
  const status = statuses[object.kind]
  if (status === undefined) return object
  draft.status ??= status
  if (draft.spec !== undefined) {
    if (object.kind === 'Deployment') draft.spec.strategy ??= {}
    if (object.kind === 'DaemonSet' || object.kind === 'StatefulSet') draft.spec.updateStrategy ??= {}
  }
  fillContainers(draft)
  return draft
}

function fillContainers({ spec }: Filled): void {
  for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) container.resources ??= {}
  if (spec?.template !== undefined) fillContainers(spec.template)
  if (spec?.jobTemplate !== undefined) fillContainers(spec.jobTemplate)
}
