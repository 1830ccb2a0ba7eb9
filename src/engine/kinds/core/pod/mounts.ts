import { invalidValue, missing, notAllowed, required, unsupported, type FieldError } from '../../../api/index.ts'
import type { Container, Volume, VolumeMount } from './types.ts'

type Known = ReadonlyMap<string, Volume>

const propagations = ['Bidirectional', 'HostToContainer', 'None']

/** What is wrong with where a container mounts its volumes. */
// upstream: pkg/apis/core/validation/validation.go ValidateVolumeMounts
export function mountErrors(errors: FieldError[], path: string, container: Container, known: Known): void {
  const { volumeMounts = [], volumeDevices } = container
  const seen = volumeMounts.length > 1 ? new Set<string>() : undefined // most containers have one
  for (let index = 0; index < volumeMounts.length; index++) {
    const mount = volumeMounts[index]!
    const at = `${path}[${index}]`
    if (!mount.name) errors.push(required(`${at}.name`))
    if (!known.has(mount.name)) errors.push(missing(`${at}.name`, mount.name ?? ''))
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`))
    if (seen?.has(mount.mountPath))
      errors.push(invalidValue(`${at}.mountPath`, mount.mountPath ?? '', 'must be unique'))
    seen?.add(mount.mountPath)
    if (volumeDevices?.some(({ name }) => name === mount.name))
      errors.push(invalidValue(`${at}.name`, mount.name, 'must not already exist in volumeDevices'))
    if (volumeDevices?.some(({ devicePath }) => devicePath === mount.mountPath))
      errors.push(invalidValue(`${at}.mountPath`, mount.mountPath, 'must not already exist as a path in volumeDevices'))
    subPathErrors(errors, path, at, mount)
    if (mount.mountPropagation !== undefined) propagationErrors(errors, `${path}.mountPropagation`, mount, container)
    if (mount.recursiveReadOnly !== undefined) recursionErrors(errors, `${path}.recursiveReadOnly`, mount)
  }
}

function subPathErrors(errors: FieldError[], path: string, at: string, mount: VolumeMount): void {
  const { subPath, subPathExpr } = mount
  if (subPath) descendingPathErrors(errors, `${path}.subPath`, subPath)
  if (!subPathExpr) return
  if (subPath)
    errors.push(invalidValue(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
  descendingPathErrors(errors, `${path}.subPathExpr`, subPathExpr)
}

/** A path that stays below where it starts. */
export function descendingPathErrors(errors: FieldError[], path: string, text: string): void {
  if (text.startsWith('/')) errors.push(invalidValue(path, text, 'must be a relative path'))
  noBacksteps(errors, path, text)
}

/** A path without `..`. */
export function noBacksteps(errors: FieldError[], path: string, text: string): void {
  if (text.includes('..') && text.split('/').includes('..'))
    errors.push(invalidValue(path, text, "must not contain '..'"))
}

function propagationErrors(
  errors: FieldError[],
  path: string,
  { mountPropagation }: VolumeMount,
  container: Container,
): void {
  if (!propagations.includes(mountPropagation!)) errors.push(unsupported(path, mountPropagation, propagations))
  if (mountPropagation === 'Bidirectional' && container.securityContext?.privileged !== true)
    errors.push(notAllowed(path, 'Bidirectional mount propagation is available only to privileged containers'))
}

function recursionErrors(errors: FieldError[], path: string, mount: VolumeMount): void {
  const { recursiveReadOnly, readOnly, mountPropagation } = mount
  if (recursiveReadOnly === 'Disabled') return
  if (recursiveReadOnly !== 'Enabled' && recursiveReadOnly !== 'IfPossible')
    return void errors.push(unsupported(path, recursiveReadOnly, ['Disabled', 'Enabled', 'IfPossible']))
  if (readOnly !== true) errors.push(notAllowed(path, 'may only be specified when readOnly is true'))
  if (mountPropagation !== undefined && mountPropagation !== 'None')
    errors.push(notAllowed(path, 'may only be specified when mountPropagation is None or not specified'))
}

/** What is wrong with a container's raw block devices. */
export function deviceErrors(
  errors: FieldError[],
  path: string,
  { volumeDevices = [], volumeMounts }: Container,
  known: Known,
): void {
  const names = new Set<string>()
  const paths = new Set<string>()
  volumeDevices.forEach(({ name, devicePath }, index) => {
    const at = `${path}[${index}]`
    const volume = known.get(name)
    if (!name) errors.push(required(`${at}.name`))
    if (names.has(name)) errors.push(invalidValue(`${at}.name`, name, 'must be unique'))
    if (volume === undefined) errors.push(missing(`${at}.name`, name ?? ''))
    else if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined)
      errors.push(
        invalidValue(
          `${at}.name`,
          name,
          'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
        ),
      )
    if (!devicePath) errors.push(required(`${at}.devicePath`))
    if (paths.has(devicePath)) errors.push(invalidValue(`${at}.devicePath`, devicePath ?? '', 'must be unique'))
    if (devicePath?.split('/').includes('..'))
      errors.push(invalidValue(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"))
    else paths.add(devicePath)
    if (volumeMounts?.some((mount) => mount.name === name))
      errors.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeMounts'))
    if (volumeMounts?.some(({ mountPath }) => mountPath === devicePath))
      errors.push(invalidValue(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'))
    if (name) names.add(name)
  })
}
