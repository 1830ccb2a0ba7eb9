import { invalidValue, notAllowed, required, type FieldError } from '../../../api/index.ts'
import type { Volume } from './types.ts'
import { fileErrors, itemError, ownPathErrors, type Item } from './volumeFiles.ts'

type Projected = NonNullable<Volume['projected']>

/** What is wrong with the sources of a volume that is put together of several. */
// upstream: pkg/apis/core/validation/validation.go validateProjectionSources
export function projectedErrors(errors: FieldError[], path: string, projected: Projected): void {
  const taken = new Set<string>()
  const take = (file: string | undefined, shown: string): void => {
    if (!file) return
    if (taken.has(file)) errors.push(invalidValue(path, shown, 'conflicting duplicate paths'))
    taken.add(file)
  }
  projected.sources?.forEach(({ secret, configMap, downwardAPI, serviceAccountToken }, index) => {
    const at = `${path}.sources[${index}]`
    for (const [field, source] of [
      ['secret', secret],
      ['configMap', configMap],
    ] as const) {
      if (source === undefined) continue
      if (!source.name) errors.push(required(`${at}.${field}.name`))
      source.items?.forEach((item, place) => {
        itemError(errors, `${at}.${field}.items[${place}]`, item as Item)
        take(item.path, source.name ?? '')
      })
    }
    for (const file of downwardAPI?.items ?? []) {
      fileErrors(errors, `${at}.downwardAPI`, file)
      take(file.path, file.path)
    }
    if (serviceAccountToken) tokenErrors(errors, path, `${at}.serviceAccountToken`, serviceAccountToken)
    const count = [secret, configMap, downwardAPI, serviceAccountToken].filter((one) => one !== undefined).length
    if (count > 1) errors.push(notAllowed(at, 'may not specify more than 1 volume type per source'))
  })
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
