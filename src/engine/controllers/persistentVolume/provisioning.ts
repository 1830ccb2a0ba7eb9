import type { PersistentVolumeClaim, StorageClass } from '../../api/index.ts'
import { update, type See, type Write } from '../controller.ts'
import { classNameOf, say } from './facts.ts'
import { annotated } from './writes.ts'

const provisionerNotes = ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner']

/**
 * Leaves the making of a volume to the class's provisioner, who learns of it by an annotation.
 * upstream: provisionClaim in pkg/controller/volume/persistentvolume/pv_controller.go
 */
export function provision(claim: PersistentVolumeClaim, { lister }: See): readonly Write[] {
  const name = classNameOf(claim)
  const storageClass = lister<StorageClass>('StorageClass').get(name)
  if (storageClass === undefined) return failed(claim, `storageclass.storage.k8s.io "${name}" not found`)
  const { provisioner } = storageClass
  // no driver is built in any more
  if (provisioner.startsWith('kubernetes.io/')) return failed(claim, `no volume plugin matched name: ${provisioner}`)
  const told = say(claim, 'Normal', 'ExternalProvisioning', waitingFor(provisioner))
  if (claim.metadata.annotations?.[provisionerNotes[1]!] === provisioner) return [told]
  const notes = Object.fromEntries(provisionerNotes.map((note) => [note, provisioner]))
  return [update({ ...claim, metadata: annotated(claim, notes) } as PersistentVolumeClaim, { done: () => [told] })]
}

function failed(claim: PersistentVolumeClaim, message: string): readonly Write[] {
  return [say(claim, 'Warning', 'ProvisioningFailed', message)]
}

function waitingFor(provisioner: string): string {
  const who = `either by the external provisioner '${provisioner}' or manually by the system administrator`
  const advice =
    'If volume creation is delayed, please verify that the provisioner is running and correctly registered.'
  return `Waiting for a volume to be created ${who}. ${advice}`
}

const defaultNotes = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

/** The name of the newest class that is declared the default. upstream: GetDefaultClass in pkg/volume/util/storageclass.go */
export function defaultClass({ lister }: See): string | undefined {
  let best: StorageClass | undefined
  for (const each of lister<StorageClass>('StorageClass').list())
    if (isDefault(each) && (best === undefined || isPreferred(each, best))) best = each
  return best?.metadata.name
}

function isDefault({ metadata }: StorageClass): boolean {
  return defaultNotes.some((note) => metadata.annotations?.[note] === 'true')
}

function isPreferred({ metadata: a }: StorageClass, { metadata: b }: StorageClass): boolean {
  return a.creationTimestamp === b.creationTimestamp ? a.name < b.name : a.creationTimestamp > b.creationTimestamp
}
