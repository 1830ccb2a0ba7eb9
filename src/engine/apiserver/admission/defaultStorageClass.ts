import type { Draft, KubeObject, PersistentVolumeClaim, StorageClass } from '../../api/index.ts'
import { defineAdmission } from './admission.ts'

const marks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']
const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

/** Gives a claim that names no class the default one. */
// upstream: plugin/pkg/admission/storage/storageclass/setdefault/admission.go
export const defaultStorageClass = defineAdmission({
  name: 'DefaultStorageClass',
  kinds: ['PersistentVolumeClaim'],
  verbs: ['create'],
  subresources: [''],
  mutate({ draft, context }) {
    const { metadata, spec } = draft as Draft<PersistentVolumeClaim>
    if (spec.storageClassName !== undefined || metadata.annotations?.[classAnnotation] !== undefined) return
    const found = defaultAmong(context.list<StorageClass>('StorageClass'), marks)
    if (found !== undefined) spec.storageClassName = found.metadata.name
  },
})

/** The object that an annotation makes the default; of several the newest, then the first by name. */
export function defaultAmong<T extends KubeObject>(objects: readonly T[], marks: readonly string[]): T | undefined {
  const marked = objects.filter(({ metadata }) => marks.some((mark) => metadata.annotations?.[mark] === 'true'))
  return marked.sort((a, b) => {
    const [born, other] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
    if (born !== other) return born < other ? 1 : -1
    return a.metadata.name < b.metadata.name ? -1 : 1
  })[0]
}
