import { invalidValue, notAllowed, required, type FieldError } from '../../../api/index.ts'
import type { Volume } from './types.ts'
import { fileErrors, itemError, modeErrors, ownPathErrors, type Item } from './volumeFiles.ts'

type Projected = NonNullable<Volume['projected']>

/** What is wrong with a volume that is put together of several sources. */
// upstream: pkg/apis/core/validation/validation.go validateProjectionSources
export function projectedErrors(errors: FieldError[], path: string, projected: Projected): void {
  const { sources, defaultMode } = projected
  modeErrors(errors, `${path}.defaultMode`, defaultMode)
  if (sources === undefined) return
  const files: Files = { errors, path, taken: new Set() }
  for (let index = 0; index < sources.length; index++) {
    const { secret, configMap, downwardAPI, serviceAccountToken } = sources[index]!
    const at = `${path}.sources[${index}]`
    if (secret !== undefined) objectErrors(files, `${at}.secret`, secret)
    if (configMap !== undefined) objectErrors(files, `${at}.configMap`, configMap)
    if (downwardAPI?.items !== undefined)
      for (const file of downwardAPI.items) {
        fileErrors(errors, `${at}.downwardAPI`, file)
        take(files, file.path, file.path)
      }
    if (serviceAccountToken) tokenErrors(errors, path, `${at}.serviceAccountToken`, serviceAccountToken)
    const count =
      Number(secret !== undefined) +
      Number(configMap !== undefined) +
      Number(downwardAPI !== undefined) +
      Number(serviceAccountToken !== undefined)
    if (count > 1) errors.push(notAllowed(at, 'may not specify more than 1 volume type per source'))
  }
}

/** Files of one volume, of which no two may be at one path. */
interface Files {
  readonly errors: FieldError[]
  /** of the volume */
  readonly path: string
  readonly taken: Set<string>
}

interface FilesOfObject {
  readonly name?: string
  readonly items?: readonly Partial<Item>[]
}

function objectErrors(files: Files, path: string, { name, items }: FilesOfObject): void {
  if (!name) files.errors.push(required(`${path}.name`))
  items?.forEach((item, place) => {
    itemError(files.errors, `${path}.items[${place}]`, item as Item)
    take(files, item.path, name ?? '')
  })
}

function take({ errors, path, taken }: Files, file: string | undefined, shown: string): void {
  if (!file) return
  if (taken.has(file)) errors.push(invalidValue(path, shown, 'conflicting duplicate paths'))
  taken.add(file)
}

interface Token {
  readonly expirationSeconds?: number
  readonly path: string
}

/** Upstream complains of a token's path at the volume, not at the source. */
function tokenErrors(errors: FieldError[], volumePath: string, path: string, token: Token): void {
  const { expirationSeconds: seconds = 3600, path: file } = token
  if (seconds < 600)
    errors.push(invalidValue(`${path}.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'))
  if (seconds > 2 ** 32)
    errors.push(
      invalidValue(`${path}.expirationSeconds`, seconds, 'may not specify a duration larger than 2^32 seconds'),
    )
  if (!file) errors.push(required(`${volumePath}.path`))
  else ownPathErrors(errors, `${volumePath}.path`, file)
}
