import { textAt } from '../../api/index.ts'
import { definePlugin, skip, success, unresolvable, type PreFilterAnswer } from '../framework.ts'
import type { Labels, PersistentVolume, PersistentVolumeClaim, StorageClass } from '../objects.ts'
import type { PodInfo } from '../podInfo.ts'
import type { Snapshot } from '../snapshot.ts'
import { isOwnClaim } from './claimHints.ts'

const otherZone = unresolvable('node(s) had no available volume zone')

const topologyKeys = [
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
]

/** A volume's label: the places it can be used in. */
interface Place {
  readonly key: string
  readonly values: ReadonlySet<string>
}

/** Keeps pods in the zone their volumes are labelled with. */
// upstream: pkg/scheduler/framework/plugins/volumezone
export const volumeZone = definePlugin<readonly Place[]>({
  name: 'VolumeZone',
  eventsToRegister: {
    'StorageClass/Add': () => true,
    'Node/Add': () => true,
    'Node/UpdateLabel': () => true,
    'PersistentVolumeClaim/Add': isOwnClaim,
    'PersistentVolumeClaim/Update': isOwnClaim,
    'PersistentVolume/Add': () => true,
    'PersistentVolume/Update': () => true,
  },
  preFilter(pod, snapshot) {
    if (pod.claims.length === 0) return skip
    return placesOf(pod, snapshot)
  },
  filter(_pod, { facts: { labels } }, places) {
    if (!isLabelled(labels)) return success
    return places.every(({ key, values }) => values.has(zoneLabel(labels, key) ?? '')) ? success : otherZone
  },
})

function placesOf(pod: PodInfo, { objects }: Snapshot): PreFilterAnswer<readonly Place[]> {
  const places: Place[] = []
  for (const key of pod.claims) {
    const claim = objects.get<PersistentVolumeClaim>('PersistentVolumeClaim', key)
    const name = key.slice(pod.namespace.length + 1)
    if (claim === undefined) return { status: unresolvable(`persistentvolumeclaim "${name}" not found`) }
    const { volumeName } = claim.spec
    if (!volumeName) {
      const refusal = refusalOfUnbound(claim, objects)
      if (refusal !== undefined) return { status: refusal }
      continue
    }
    const volume = objects.get<PersistentVolume>('PersistentVolume', volumeName)
    if (volume === undefined) return { status: unresolvable(`persistentvolume "${volumeName}" not found`) }
    places.push(...labelledPlaces(volume.metadata.labels))
  }
  return places.length === 0 ? skip : { state: places }
}

function refusalOfUnbound({ spec }: PersistentVolumeClaim, objects: Snapshot['objects']) {
  const name = spec.storageClassName ?? ''
  if (name === '') return unresolvable('PersistentVolumeClaim had no pv name and storageClass name')
  const storageClass = objects.get<StorageClass>('StorageClass', name)
  if (storageClass === undefined) return unresolvable(`storageclass.storage.k8s.io "${name}" not found`)
  if (storageClass.volumeBindingMode === 'WaitForFirstConsumer') return undefined
  return unresolvable('PersistentVolume had no name')
}

function labelledPlaces(labels: Labels): Place[] {
  return topologyKeys.flatMap((key) => {
    const value = textAt(labels, key)
    // several zones in one label are divided by two underscores
    return value === undefined ? [] : [{ key, values: new Set(value.split('__')) }]
  })
}

function isLabelled(labels: Labels): boolean {
  return topologyKeys.some((key) => textAt(labels, key) !== undefined)
}

/** A node's label, under its old name where it has no new one, and the other way round. */
function zoneLabel(labels: Labels, key: string): string | undefined {
  return textAt(labels, key) ?? textAt(labels, otherName(key))
}

function otherName(key: string): string {
  const [old, now] = ['failure-domain.beta.kubernetes.io/', 'topology.kubernetes.io/']
  return key.startsWith(old) ? now + key.slice(old.length) : old + key.slice(now.length)
}
