import type { Volume } from './types.ts'

type Items = readonly { readonly path: string }[] | undefined
type Source = NonNullable<NonNullable<Volume['projected']>['sources']>[number]

/** A file's path in a volume, and what it comes from. */
interface Placed {
  readonly path: string
  /** the empty string where it goes without saying */
  readonly from: string
}

/** What is said of files of one volume that would stand in each other's place. */
// upstream: pkg/api/pod/warnings.go warningsForOverlappingVirtualPaths
export function overlapWarnings(warnings: string[], volume: Volume): void {
  const { name, configMap, secret, downwardAPI, projected } = volume
  if (configMap?.items)
    collide(warnings, name, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`, [], placed(configMap.items, ''))
  if (secret?.items)
    collide(warnings, name, `Secret ${JSON.stringify(secret.secretName ?? '')}`, [], placed(secret.items, ''))
  if (downwardAPI?.items) collide(warnings, name, 'DownwardAPI', [], placed(downwardAPI.items, ''))
  if (projected?.sources === undefined) return
  const seen: Placed[] = []
  for (const source of projected.sources)
    if (isNothing(source)) warnings.push(`${labelOf(name, 'Projected')} has no sources provided`)
    else collide(warnings, name, 'Projected', seen, placedBy(source))
}

const labelOf = (name: string, kind: string): string => `volume ${JSON.stringify(name)} (${kind})`

function isNothing(source: Source): boolean {
  for (const _ in source) return false
  return true
}

/** No answer tells more warnings than it has characters for. */
const warningsMax = 4096

/** Each file is held against all before it, which it then joins. */
function collide(warnings: string[], name: string, kind: string, seen: Placed[], files: readonly Placed[]): void {
  for (const file of files) {
    if (warnings.length > warningsMax) return
    for (const other of seen)
      if (overlaps(file.path, other.path))
        warnings.push(`${labelOf(name, kind)}: overlapping paths: ${shown(file)} with ${shown(other)}`)
    if (file.path !== '') seen.push(file)
  }
}

function shown({ path, from }: Placed): string {
  return from === '' ? JSON.stringify(path) : `${JSON.stringify(path)} (${from})`
}

/** Whether two paths are one, or one lies below the other. */
function overlaps(a: string, b: string): boolean {
  return a === b || isBelow(a, b) || isBelow(b, a)
}

function isBelow(path: string, directory: string): boolean {
  return path.length > directory.length && path[directory.length] === '/' && path.startsWith(directory)
}

function placed(items: NonNullable<Items>, from: string): readonly Placed[] {
  return items.map(({ path = '' }) => ({ path: path.endsWith('/') ? path.replace(/\/+$/, '') : path, from }))
}

const noFiles: readonly Placed[] = Object.freeze([])

/** The files of a part of a volume: of its first source that tells them one by one. */
function placedBy({ configMap, secret, downwardAPI, serviceAccountToken }: Source): readonly Placed[] {
  if (configMap?.items !== undefined)
    return placed(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`)
  if (secret?.items !== undefined) return placed(secret.items, `Secret ${JSON.stringify(secret.name ?? '')}`)
  if (downwardAPI?.items !== undefined) return placed(downwardAPI.items, 'DownwardAPI')
  return serviceAccountToken === undefined ? noFiles : placed([serviceAccountToken], 'ServiceAccountToken')
}
