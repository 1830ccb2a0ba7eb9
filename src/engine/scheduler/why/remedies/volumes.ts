import type { NodeInfo } from '../../nodeInfo.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../../objects.ts'
import { blockedOnlyBy, saidMax, triedMax, type Finder, type Question } from '../question.ts'
import type { Remedy } from '../remedy.ts'

/** Makes the claim that the pod names and nobody has made; together with a volume, where nobody would make one for it. */
export const createClaim: Finder = ({ sandbox, pod }) => {
  const { objects } = sandbox.snapshot
  const missing = pod.claims.filter((key) => objects.get('PersistentVolumeClaim', key) === undefined)
  const [key] = missing
  if (missing.length !== 1 || key === undefined) return []
  const name = key.slice(key.indexOf('/') + 1)
  if (!pod.volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name)) return []
  const claim = claimOf(pod.namespace, name)
  const say = (what: string, node: string, size: number, ...made: readonly object[]): readonly Remedy[] => {
    const stdin = made.map((object) => JSON.stringify(object, undefined, 2)).join('\n---\n')
    const apply = [{ argv: ['create', '-f', '-'], stdin }]
    return [{ kind: 'createClaim', sentence: `Create ${what}; ${node} would take the pod then.`, node, size, apply }]
  }
  const waiting = { ...claim, spec: { ...claim.spec, ...defaultClass(objects) } } as unknown as PersistentVolumeClaim
  const alone = sandbox.withObject('PersistentVolumeClaim', key, waiting, () => sandbox.choiceFor(pod))
  if (alone !== undefined) return say(`the PersistentVolumeClaim ${name}`, alone, 3, claim)
  const classless = { ...claim, spec: { ...claim.spec, storageClassName: '' } } as unknown as PersistentVolumeClaim
  const volume = volumeFor(classless)
  const node = sandbox.withObject('PersistentVolume', volume.metadata.name, volume, () =>
    sandbox.withObject('PersistentVolumeClaim', key, boundTo(volume, classless), () => sandbox.choiceFor(pod)),
  )
  if (node === undefined) return []
  return say(`the PersistentVolumeClaim ${name} and a volume for it`, node, 4, manifestOf(volume), classless)
}

function boundTo(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolumeClaim {
  const annotations = { ...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' }
  return {
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...claim.spec, volumeName: volume.metadata.name },
  }
}

function manifestOf({ metadata, ...volume }: PersistentVolume): object {
  return { ...volume, metadata: { name: metadata.name } }
}

function claimOf(namespace: string, name: string): { readonly spec: object } & Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }
}

const isDefault = 'storageclass.kubernetes.io/is-default-class'

function defaultClass(objects: Question['sandbox']['snapshot']['objects']): { readonly storageClassName?: string } {
  for (const { metadata } of objects.list('StorageClass'))
    if (metadata.annotations?.[isDefault] === 'true') return { storageClassName: metadata.name }
  return {}
}

/** Makes the volume that a waiting claim could be bound to. */
export const createVolume: Finder = (question) => {
  const { sandbox, pod, refusal } = question
  const { objects } = sandbox.snapshot
  const key = pod.claims.find(
    (claim) => !objects.get<PersistentVolumeClaim>('PersistentVolumeClaim', claim)?.spec.volumeName,
  )
  const claim = key && objects.get<PersistentVolumeClaim>('PersistentVolumeClaim', key)
  if (!claim) return []
  const volume = volumeFor(claim)
  const name = volume.metadata.name
  const bound = boundTo(volume, claim)
  const isAtOnce = refusal?.plugin === 'VolumeBinding'
  const nodes = isAtOnce ? undefined : blockedOnlyBy(question, ['VolumeBinding'], triedMax).map(({ node }) => node)
  if (nodes?.length === 0) return []
  const place = (): string | undefined => sandbox.choiceFor(pod, nodes)
  const node = sandbox.withObject('PersistentVolume', name, volume, () =>
    isAtOnce ? sandbox.withObject('PersistentVolumeClaim', key, bound, place) : place(),
  )
  if (node === undefined) return []
  const size = (claim.spec.resources?.requests as Record<string, string> | undefined)?.['storage'] ?? '1Gi'
  const sentence = `Create a PersistentVolume of ${size} for the claim ${claim.metadata.name}; ${node} would take the pod then.`
  const apply = [{ argv: ['create', '-f', '-'], stdin: JSON.stringify(manifestOf(volume), undefined, 2) }]
  return [{ kind: 'createVolume', sentence, node, size: 4, apply }]
}

function volumeFor({ metadata, spec }: PersistentVolumeClaim): PersistentVolume {
  const name = `volume-for-${metadata.name}`
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, uid: name, resourceVersion: '', creationTimestamp: '' },
    spec: {
      capacity: { storage: (spec.resources?.requests as Record<string, string> | undefined)?.['storage'] ?? '1Gi' },
      accessModes: spec.accessModes ?? ['ReadWriteOnce'],
      ...(spec.storageClassName !== undefined && { storageClassName: spec.storageClassName }),
      ...(spec.volumeMode !== undefined && { volumeMode: spec.volumeMode }),
      hostPath: { path: `/data/${metadata.name}` },
    },
  } as unknown as PersistentVolume
}

/** Takes a pod away that uses what only one may use, or that holds one of the volumes a node can attach. */
export const freeVolumes: Finder = (question) => {
  const { sandbox, pod } = question
  const remedies: Remedy[] = []
  for (const { node } of blockedOnlyBy(question, ['VolumeRestrictions', 'NodeVolumeLimits'], triedMax)) {
    const gone = holdersFor(node, question).find(
      (one) => sandbox.withoutPods([one], () => sandbox.placeOf(pod, [node])) !== undefined,
    )
    if (gone === undefined || remedies.some(({ sentence }) => sentence.includes(` ${gone.key},`))) continue
    remedies.push({
      kind: 'deletePods',
      sentence: `Delete ${gone.key}, which uses a volume that ${pod.name} needs or that fills ${node.name}.`,
      node: node.name,
      size: 5,
      apply: [{ argv: ['delete', 'pod', gone.name, '-n', gone.namespace] }],
    })
    if (remedies.length >= saidMax) break
  }
  return remedies
}

function holdersFor(node: NodeInfo, { sandbox, pod }: Question): ReturnType<typeof sandbox.podsOn> {
  const here = sandbox.podsOn(node.name).filter(({ volumes }) => volumes.length > 0)
  const wanted = pod.claims
  const sharing = sandbox.snapshot
    .nodes()
    .flatMap(({ name, podsWithVolumes }) =>
      podsWithVolumes === 0
        ? []
        : sandbox.podsOn(name).filter((other) => other.claims.some((claim) => wanted.includes(claim))),
    )
  return [...sharing, ...here].slice(0, triedMax)
}
