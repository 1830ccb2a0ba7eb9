import { humanDuration } from '../duration.ts'
import { parseTime, type PersistentVolumeClaim, type Pod } from '../engine.ts'
import type { Cluster } from '../cluster.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { annotationLines, eventLines, labelLines, longTime } from './parts.ts'

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

/** Access modes in short, each once, in upstream's order. */
export function accessModesText(given: readonly string[] | undefined): string {
  return Object.keys(shortModes)
    .filter((mode) => given?.includes(mode))
    .map((mode) => shortModes[mode])
    .join(',')
}

const betaClass = 'volume.beta.kubernetes.io/storage-class'

/** The storage class of a claim or a volume, which an old annotation may name. */
export function storageClassOf({
  metadata,
  spec,
}: {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> }
  readonly spec?: { readonly storageClassName?: string }
}): string {
  return metadata?.annotations?.[betaClass] ?? spec?.storageClassName ?? ''
}

/** `[a b]` */
export const listText = (texts: readonly string[] | undefined): string => `[${(texts ?? []).join(' ')}]`

/** `Terminating (lasts 5s)`, or the phase. */
export function phaseText(deletedAt: string | undefined, phase: string | undefined, now: number): string {
  return deletedAt === undefined ? (phase ?? '') : `Terminating (lasts ${humanDuration(now - parseTime(deletedAt))})`
}

/** One claim: what is bound to it, and who uses it. */
export const persistentVolumeClaimDescriber = defineDescriber<PersistentVolumeClaim>({
  group: '',
  kind: 'PersistentVolumeClaim',
  describe({ object, sheet, cluster, events, now }) {
    claimLines(sheet, 0, object, now)
    usedByLines(sheet, usersOf(cluster, object))
    conditionLines(sheet, object.status?.conditions)
    eventLines(sheet, events(), now)
  },
})

/** What a claim says of itself; a template of claims (without `now`) leaves out what only a real one has. */
// upstream: kubectl/pkg/describe/describe.go printPersistentVolumeClaim
export function claimLines(sheet: Sheet, level: number, claim: PersistentVolumeClaim, now: number | undefined): void {
  // A template may come without metadata, whatever the type says.
  const { metadata = {} as PersistentVolumeClaim['metadata'], spec, status } = claim
  if (now !== undefined) {
    sheet.line(level, 'Name:', metadata.name)
    sheet.line(level, 'Namespace:', metadata.namespace)
  }
  sheet.line(level, 'StorageClass:', storageClassOf(claim))
  if (now !== undefined) sheet.line(level, 'Status:', phaseText(metadata.deletionTimestamp, status?.phase, now))
  sheet.line(level, 'Volume:', spec.volumeName ?? '')
  labelLines(sheet, level, 'Labels', metadata.labels)
  annotationLines(sheet, level, metadata.annotations)
  if (now !== undefined) sheet.line(level, 'Finalizers:', listText(metadata.finalizers))
  sheet.line(level, 'Capacity:', spec.volumeName ? String(status?.capacity?.['storage'] ?? '0') : '')
  sheet.line(level, 'Access Modes:', spec.volumeName ? accessModesText(status?.accessModes) : '')
  if (spec.volumeMode) sheet.line(level, 'VolumeMode:', spec.volumeMode)
  const { dataSource } = spec
  if (!dataSource) return
  sheet.line(level, 'DataSource:')
  if (dataSource.apiGroup) sheet.line(level + 1, 'APIGroup:', dataSource.apiGroup)
  sheet.line(level + 1, 'Kind:', dataSource.kind)
  sheet.line(level + 1, 'Name:', dataSource.name)
}

/** The pods that mount a claim, and those that own it. */
// upstream: kubectl/pkg/describe/describe.go getPodsForPVC
function usersOf(cluster: Cluster, { metadata }: PersistentVolumeClaim): readonly string[] {
  const pods = cluster.list<Pod>(cluster.kind('pods'), metadata.namespace)
  const names = pods.flatMap((pod) =>
    (pod.spec.volumes ?? [])
      .filter(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name)
      .map(() => pod.metadata.name),
  )
  const owners = (metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'Pod').map(({ uid }) => uid)
  const owning = pods.filter((pod) => owners.includes(pod.metadata.uid)).map((pod) => pod.metadata.name)
  return [...names, ...owning.filter((name) => !names.includes(name))].sort()
}

function usedByLines(sheet: Sheet, names: readonly string[]): void {
  if (names.length === 0) return sheet.line(0, 'Used By:', '<none>')
  names.forEach((name, index) => sheet.line(0, index === 0 ? 'Used By:' : '', name))
}

function conditionLines(sheet: Sheet, conditions: PersistentVolumeClaim['status']['conditions']): void {
  if ((conditions ?? []).length === 0) return
  sheet.line(0, 'Conditions:')
  sheet.line(1, 'Type', 'Status', 'LastProbeTime', 'LastTransitionTime', 'Reason', 'Message')
  sheet.line(1, '----', '------', '-----------------', '------------------', '------', '-------')
  for (const { type, status, lastProbeTime, lastTransitionTime, reason = '', message = '' } of conditions!)
    sheet.line(
      1,
      `${type} `,
      `${status} `,
      `${longTime(lastProbeTime)} `,
      `${longTime(lastTransitionTime)} `,
      `${reason} `,
      message,
    )
}
