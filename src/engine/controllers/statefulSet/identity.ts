import type { PersistentVolumeClaim, Pod, StatefulSet } from '../../api/index.ts'
import { ownerReference } from '../claim.ts'
import { podFrom } from '../podControl.ts'

type Template = StatefulSet['spec']['template'] | undefined

export const podNameLabel = 'statefulset.kubernetes.io/pod-name'
const podIndexLabel = 'apps.kubernetes.io/pod-index'

/** The number at the end of a pod's name, where the rest is its set's; -1 for a stranger. */
export function ordinalOf(set: StatefulSet, { metadata }: Pod): number {
  const prefix = `${set.metadata.name}-`
  if (!metadata.name.startsWith(prefix)) return -1
  const text = metadata.name.slice(prefix.length)
  return /^\d+$/.test(text) ? Number(text) : -1
}

/** The first number of a set's pods. */
export function startOf({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0
}

/** The name of a pod's claim. */
export function claimNameOf(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${set.metadata.name}-${ordinal}`
}

/** A set's pod of that number, from a template of its history. upstream: newStatefulSetPod, initIdentity, updateStorage */
export function podFor(set: StatefulSet, template: Template, revision: string, ordinal: number): object {
  const name = `${set.metadata.name}-${ordinal}`
  const pod = podFrom(set, template) as { metadata: { labels?: object }; spec: Pod['spec'] }
  const claims = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? '')
  const volumes = [
    ...claims.map((claim) => ({
      name: claim,
      persistentVolumeClaim: { claimName: claimNameOf(set, claim, ordinal) },
    })),
    ...(pod.spec.volumes ?? []).filter((volume) => !claims.includes(volume.name)),
  ]
  return {
    ...pod,
    metadata: { ...pod.metadata, name, labels: { ...pod.metadata.labels, ...labelsFor(name, ordinal, revision) } },
    spec: {
      ...pod.spec,
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length > 0 && { volumes }),
    },
  }
}

function labelsFor(name: string, ordinal: number, revision: string): Readonly<Record<string, string>> {
  return { [podNameLabel]: name, [podIndexLabel]: String(ordinal), 'controller-revision-hash': revision }
}

/** The labels that an adopted pod of a set still lacks. */
export function missingLabels(set: StatefulSet, pod: Pod): Readonly<Record<string, string>> | undefined {
  const { name, labels = {} } = pod.metadata
  const index = String(ordinalOf(set, pod))
  if (labels[podNameLabel] === name && labels[podIndexLabel] === index) return undefined
  return { [podNameLabel]: name, [podIndexLabel]: index }
}

/** The claims of a set's pod of that number. upstream: getPersistentVolumeClaims */
export function claimsFor(set: StatefulSet, ordinal: number): readonly object[] {
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...metadata,
      name: claimNameOf(set, metadata?.name ?? '', ordinal),
      namespace: set.metadata.namespace,
      labels: { ...metadata?.labels, ...set.spec.selector.matchLabels },
    },
    spec,
  }))
}

/**
 * Whom a claim goes with, by the set's retention policy: the set, its pod, or nobody. upstream: updateClaimOwnerRefForSetAndPod
 */
export function claimOwner(set: StatefulSet, pod: Pod, isCondemned: boolean): StatefulSet | Pod | undefined {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  if (whenScaled === 'Delete' && isCondemned) return pod
  return whenDeleted === 'Delete' ? set : undefined
}

/** A claim's owners with the right one of its set and pod among them; undefined where they are right. */
export function ownersFor(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  pod: Pod,
  owner: StatefulSet | Pod | undefined,
): readonly object[] | undefined {
  const refs = claim.metadata.ownerReferences ?? []
  const ours = refs.filter(({ uid }) => uid === set.metadata.uid || uid === pod.metadata.uid)
  if (owner === undefined ? ours.length === 0 : ours.length === 1 && ours[0]!.uid === owner.metadata.uid)
    return undefined
  const others = refs.filter((ref) => !ours.includes(ref))
  // a claim that somebody else looks after stays theirs
  const isTaken = others.some(({ controller }) => controller)
  if (isTaken && ours.length === 0) return undefined
  return owner === undefined || isTaken ? others : [...others, ownerReference(owner)]
}
