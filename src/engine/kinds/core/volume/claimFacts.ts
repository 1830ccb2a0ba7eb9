import { notAllowed, unsupported, type FieldError } from '../../../api/index.ts'

/** The old way to name a storage class. */
export const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

/** What volumes and claims are both told when they use it. */
export const classAnnotationWarning = `metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

/** What is wrong with the ways a volume may be mounted. */
export function accessModeErrors(path: string, given: readonly string[]): readonly FieldError[] {
  const errors: FieldError[] = given
    .filter((mode) => !modes.includes(mode))
    .map((mode) => unsupported(path, mode, modes))
  const hasAlone = given.includes('ReadWriteOncePod')
  if (hasAlone && given.some((mode) => mode !== 'ReadWriteOncePod' && modes.includes(mode)))
    errors.push(notAllowed(path, 'may not use ReadWriteOncePod with other access modes'))
  return errors
}

const shortModes = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
] as const

/** `RWO,ROX`, always in this order. */
// upstream: pkg/apis/core/helper/helpers.go GetAccessModesAsString
export function accessModesText(given: readonly string[] | undefined): string {
  return shortModes
    .filter(([mode]) => given?.includes(mode))
    .map(([, short]) => short)
    .join(',')
}

/** What a volume can be used as. */
export const volumeModes: readonly string[] = Object.freeze(['Block', 'Filesystem'])
