import { defineAdmission } from './admission.ts'

const finalizers: Readonly<Record<string, string>> = {
  PersistentVolume: 'kubernetes.io/pv-protection',
  PersistentVolumeClaim: 'kubernetes.io/pvc-protection',
}

/** Keeps volumes and claims from going while something uses them. */
// upstream: plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go
export const storageObjectInUseProtection = defineAdmission({
  name: 'StorageObjectInUseProtection',
  kinds: Object.keys(finalizers),
  verbs: ['create'],
  subresources: [''],
  mutate({ kind, draft }) {
    const finalizer = finalizers[kind.kind]
    if (finalizer === undefined || kind.group !== '') return
    const { metadata } = draft!
    if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer]
  },
})
