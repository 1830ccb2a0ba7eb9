import type { Volume } from './types.ts'

type Items = readonly { readonly path: string }[] | undefined
type Source = NonNullable<NonNullable<Volume['projected']>['sources']>[number]

/** A file's path in a volume, as it is shown with what it comes from. */
interface Placed {
  readonly path: string
  /** what paths below it begin with */
  readonly below: string
  readonly shown: string
}

/** What is said of files of one volume that would stand in each other's place. */
// upstream: pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths
export function overlapWarnings(warnings: string[], volume: Volume): void {
  const { name, configMap, secret, downwardAPI, projected } = volume
  const complain = (label: string, items: Items): void => {
    if (items !== undefined) collide(warnings, `volume ${JSON.stringify(name)} (${label})`, [], placed(items, ''))
  }
  if (configMap) complain(`ConfigMap ${JSON.stringify(configMap.name ?? '')}`, configMap.items)
  if (secret) complain(`Secret ${JSON.stringify(secret.secretName ?? '')}`, secret.items)
  if (downwardAPI) complain('DownwardAPI', downwardAPI.items)
  if (projected?.sources === undefined) return
  const at = `volume ${JSON.stringify(name)} (Projected)`
  const seen: Placed[] = []
  for (const source of projected.sources)
    if (Object.keys(source).length === 0) warnings.push(`${at} has no sources provided`)
    else collide(warnings, at, seen, placedBy(source))
}

/** No answer tells more warnings than it has characters for. */
const warningsMax = 4096

/** Each file is held against all before it, which it then joins. */
function collide(warnings: string[], at: string, seen: Placed[], files: readonly Placed[]): void {
  for (const file of files) {
    if (warnings.length > warningsMax) return
    for (const other of seen)
      if (overlaps(file, other)) warnings.push(`${at}: overlapping paths: ${file.shown} with ${other.shown}`)
    if (file.path !== '') seen.push(file)
  }
}

function overlaps(a: Placed, b: Placed): boolean {
  return a.path === b.path || a.path.startsWith(b.below) || b.path.startsWith(a.below)
}

function placed(items: NonNullable<Items>, from: string): readonly Placed[] {
  return items.map(({ path: text = '' }) => {
    const path = text.replace(/\/+$/, '')
    return { path, below: `${path}/`, shown: from === '' ? JSON.stringify(path) : `${JSON.stringify(path)} (${from})` }
  })
}

/** The files of a part of a volume: of its first source that tells them one by one. */
function placedBy({ configMap, secret, downwardAPI, serviceAccountToken }: Source): readonly Placed[] {
  if (configMap?.items !== undefined)
    return placed(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`)
  if (secret?.items !== undefined) return placed(secret.items, `Secret ${JSON.stringify(secret.name ?? '')}`)
  if (downwardAPI?.items !== undefined) return placed(downwardAPI.items, 'DownwardAPI')
  return serviceAccountToken === undefined ? [] : placed([serviceAccountToken], 'ServiceAccountToken')
}
