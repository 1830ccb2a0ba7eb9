import { controllerOf } from '../../../src/engine/api/index.ts'
import type { KubeObject } from '../../../src/engine/api/index.ts'
import { setCondensers } from './condenseSets.ts'

type Loose = Readonly<Record<string, any>> // eslint-disable-line @typescript-eslint/no-explicit-any -- objects of any kind are read here

/** What a timeline says of an object, by kind; kinds without an entry are not compared. */
export const condensers: Readonly<Record<string, (object: Loose, addresses: (ip: string) => string) => object>> = {
  Deployment: ({ metadata, spec, status = {} }) => ({
    generation: metadata.generation,
    observed: status.observedGeneration ?? 0,
    spec: spec.replicas,
    replicas: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    unavailable: status.unavailableReplicas ?? 0,
    terminating: status.terminatingReplicas ?? 0,
    revision: metadata.annotations?.['deployment.kubernetes.io/revision'],
    paused: spec.paused || undefined,
    collisionCount: status.collisionCount,
    conditions: conditionsOf(status, true),
    ...deletionOf(metadata),
  }),
  ReplicaSet: ({ metadata, spec, status = {} }) => ({
    spec: spec.replicas,
    replicas: status.replicas ?? 0,
    labeled: status.fullyLabeledReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    terminating: status.terminatingReplicas ?? 0,
    revision: metadata.annotations?.['deployment.kubernetes.io/revision'],
    history: metadata.annotations?.['deployment.kubernetes.io/revision-history'],
    desired: metadata.annotations?.['deployment.kubernetes.io/desired-replicas'],
    max: metadata.annotations?.['deployment.kubernetes.io/max-replicas'],
    owners: ownersOf(metadata),
    conditions: conditionsOf(status, false, true),
    ...deletionOf(metadata),
  }),
  ReplicationController: ({ spec, status = {} }) => ({
    spec: spec.replicas,
    replicas: status.replicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  }),
  CronJob: ({ metadata, spec, status = {} }) => ({
    suspend: spec.suspend || undefined,
    active: (status.active ?? []).map(({ name }: Loose) => name),
    lastScheduleTime: Boolean(status.lastScheduleTime),
    lastSuccessfulTime: Boolean(status.lastSuccessfulTime),
    ...deletionOf(metadata),
  }),
  Job: ({ metadata, spec, status = {} }) => ({
    parallelism: spec.parallelism,
    completions: spec.completions,
    suspend: spec.suspend || undefined,
    active: status.active ?? 0,
    ready: status.ready ?? 0,
    terminating: status.terminating ?? 0,
    succeeded: status.succeeded ?? 0,
    failed: status.failed ?? 0,
    completedIndexes: status.completedIndexes || undefined,
    failedIndexes: status.failedIndexes || undefined,
    startTime: status.startTime ? true : undefined,
    completionTime: status.completionTime ? true : undefined,
    conditions: conditionsOf(status, true, 'always'),
    ...deletionOf(metadata),
  }),
  ControllerRevision: ({ metadata, revision }) => ({ revision, owners: ownersOf(metadata), ...deletionOf(metadata) }),
  Node: ({ spec, status = {} }) => {
    const ready = status.conditions?.find((each: Loose) => each.type === 'Ready')
    return {
      Ready: ready ? `${ready.status}(${ready.reason})` : null,
      taints: (spec.taints ?? []).map(({ key, value, effect }: Loose) => `${key}${value ? `=${value}` : ''}:${effect}`),
      unschedulable: spec.unschedulable || undefined,
    }
  },
  EndpointSlice: ({ ports, endpoints }, addresses) => ({
    ports: ports?.length ? ports : null,
    endpoints: (endpoints ?? []).map((each: Loose) => ({
      addresses: each.addresses.map(addresses),
      ready: each.conditions.ready,
      serving: each.conditions.serving,
      terminating: each.conditions.terminating,
      target: each.targetRef?.name,
      nodeName: each.nodeName?.startsWith('pool-') ? '<node>' : each.nodeName,
      hostname: each.hostname,
    })),
  }),
  Endpoints: ({ subsets }) => ({
    subsets: (subsets ?? []).map(({ addresses = [], notReadyAddresses = [], ports = [] }: Loose) => ({
      ready: addresses.map(({ targetRef, ip }: Loose) => targetRef?.name ?? ip),
      notReady: notReadyAddresses.map(({ targetRef, ip }: Loose) => targetRef?.name ?? ip),
      ports,
    })),
  }),
  Service: ({ metadata, spec, status }) => ({
    type: spec.type,
    clusterIP: addressOf(spec.clusterIP, metadata.name),
    clusterIPs: spec.clusterIPs?.map((ip: string) => addressOf(ip, metadata.name)),
    ports: spec.ports?.map((port: Loose) => ({ ...port, nodePort: port['nodePort'] ? '<nodePort>' : undefined })),
    ipFamilies: spec.ipFamilies,
    policy: spec.ipFamilyPolicy,
    internal: spec.internalTrafficPolicy,
    external: spec.externalTrafficPolicy,
    allocateLB: spec.allocateLoadBalancerNodePorts,
    healthCheckNodePort: spec.healthCheckNodePort ? '<nodePort>' : undefined,
    externalName: spec.externalName,
    status,
  }),
  Namespace: ({ metadata, spec, status = {} }) => ({
    phase: status.phase,
    specFinalizers: spec.finalizers,
    conditions: conditionsOf(status, true, 'always'),
    ...deletionOf(metadata),
  }),
  ConfigMap: ({ metadata, data }) => ({
    annotations: metadata.annotations,
    keys: data ? Object.keys(data) : undefined,
    certificate: data?.['ca.crt']?.includes('BEGIN CERTIFICATE'),
    owners: ownersOf(metadata),
    ...deletionOf(metadata),
  }),
  ServiceAccount: ({ metadata }) => ({ ...deletionOf(metadata) }),
  ResourceQuota: ({ status = {} }) => ({ hard: status.hard ?? {}, used: status.used ?? {} }),
  PodDisruptionBudget: ({ status = {} }) => ({
    current: status.currentHealthy ?? 0,
    desired: status.desiredHealthy ?? 0,
    expected: status.expectedPods ?? 0,
    allowed: status.disruptionsAllowed ?? 0,
    disrupted: Object.keys(status.disruptedPods ?? {}).length || undefined,
    observed: status.observedGeneration ?? 0,
    conditions: conditionsOf(status, true),
  }),
  CustomResourceDefinition: ({ metadata, status = {} }) => ({
    conditions: conditionsOf(status, true, 'always'),
    acceptedNames: status.acceptedNames,
    storedVersions: status.storedVersions,
    ...deletionOf(metadata),
  }),
  ClusterRole: ({ rules }) => ({ rules: rules ?? null }),
  ...setCondensers,
}

function addressOf(ip: string | undefined, name: string): string | null {
  return ip === undefined ? null : ip === 'None' ? ip : `<clusterIP ${name}>`
}

function conditionsOf(
  { conditions }: Loose,
  always: boolean,
  withMessage: boolean | 'always' = false,
): readonly string[] | undefined {
  const list = (conditions ?? []).map(({ type, status, reason, message }: Loose) => {
    const isTold = withMessage && message && (withMessage === 'always' || status === 'True')
    return `${type}=${status}(${reason})${isTold ? `: ${message}` : ''}`
  })
  return list.length > 0 || always ? list.sort() : undefined
}

function ownersOf({ ownerReferences }: Loose): readonly string[] | undefined {
  return ownerReferences?.length ? ownerReferences.map(({ kind, name }: Loose) => `${kind}/${name}`) : undefined
}

function deletionOf({ deletionTimestamp, finalizers }: Loose): object {
  return { deleting: deletionTimestamp ? true : undefined, finalizers: finalizers?.length ? finalizers : undefined }
}

/** What a pod's change is called in the list of pods. */
export function podNews(pod: Loose, before: Loose | undefined): readonly string[] {
  const name = pod.metadata.name
  const news: string[] = []
  const say = (is: boolean, text: string): void => void (is && news.push(text))
  const flag = (object: Loose | undefined, type: string): string | undefined =>
    object?.status?.conditions?.find((each: Loose) => each.type === type)?.status
  const reason = (object: Loose, type: string): string =>
    object.status?.conditions?.find((each: Loose) => each.type === type)?.reason
  const was = (read: (object: Loose) => unknown): unknown => before && read(before)
  const owner = controllerOf(pod as unknown as KubeObject)
  const ownerBefore = before && controllerOf(before as unknown as KubeObject)
  say(before === undefined, `created ${name}`)
  say(before !== undefined && owner === undefined && ownerBefore !== undefined, `released ${name}`)
  say(
    before !== undefined && owner !== undefined && owner.uid !== ownerBefore?.uid,
    `adopted ${name} by ${owner?.kind}/${owner?.name}`,
  )
  const node = pod.spec.nodeName
  say(
    Boolean(node) && !was((each) => each.spec.nodeName),
    `scheduled ${name}${node?.startsWith('pool-') ? '' : ` ${node}`}`,
  )
  say(flag(pod, 'PodScheduled') === 'False' && flag(before, 'PodScheduled') !== 'False', `unschedulable ${name}`)
  const nominated = pod.status?.nominatedNodeName
  say(Boolean(nominated) && !was((each) => each.status?.nominatedNodeName), `nominated ${name} ${nominated}`)
  say(
    flag(pod, 'DisruptionTarget') === 'True' && flag(before, 'DisruptionTarget') !== 'True',
    `disruptionTarget ${name} ${reason(pod, 'DisruptionTarget')}`,
  )
  say(flag(pod, 'Ready') === 'True' && flag(before, 'Ready') !== 'True', `ready ${name}`)
  say(flag(pod, 'Ready') !== 'True' && flag(before, 'Ready') === 'True' && !isOver(pod), `notReady ${name}`)
  say(pod.status?.phase === 'Succeeded' && was((each) => each.status?.phase) !== 'Succeeded', `succeeded ${name}`)
  say(pod.status?.phase === 'Failed' && was((each) => each.status?.phase) !== 'Failed', `failed ${name}`)
  const isTracked = (each: Loose): boolean =>
    each.metadata.finalizers?.includes('batch.kubernetes.io/job-tracking') ?? false
  say(before !== undefined && isTracked(before) && !isTracked(pod), `untracked ${name}`)
  say(Boolean(pod.metadata.deletionTimestamp) && !was((each) => each.metadata.deletionTimestamp), `terminating ${name}`)
  return news
}

function isOver({ status }: Loose): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed'
}
