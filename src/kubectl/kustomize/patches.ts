import { CommandError } from '../errors.ts'
import { jsonPatch, matches, mergePatch, parseLabelSelector, strategicPatch, typeOf } from '../engine.ts'
import { readDocuments } from '../manifests/documents.ts'
import { asMap, kindOf, mapAt, nameOf, rename, textOf, type Draft, type Reader, type Resource } from './resource.ts'

/** Applies one entry of `patches`: a piece of an object, or operations on what its target selects. */
// upstream: sigs.k8s.io/kustomize/api/internal/builtins/PatchTransformer.go
export function applyPatch(entry: Draft, folder: string, reader: Reader, resources: Resource[]): void {
  const path = textOf(entry['path'])
  const text = path === '' ? textOf(entry['patch']) : (reader.readFile(`${folder}/${path}`) ?? missing(path))
  const target = asMap(entry['target'])
  const { documents, error } = readDocuments(path === '' ? 'patch' : path, text)
  if (error !== undefined) throw error
  for (const { value } of documents) {
    if (Array.isArray(value)) operate(value as readonly unknown[], target, resources)
    else mergeInto(value as Draft, target, resources)
  }
}

function missing(path: string): never {
  throw new CommandError(
    `trouble configuring builtin PatchTransformer: failed to get the patch file from path(${path})`,
  )
}

function operate(operations: readonly unknown[], target: Draft | undefined, resources: readonly Resource[]): void {
  if (target === undefined) throw new CommandError('must specify a target for JSON patch')
  for (const resource of chosen(target, resources))
    replaceObject(resource, jsonPatch(resource.object, operations) as Draft)
}

function mergeInto(patch: Draft, target: Draft | undefined, resources: Resource[]): void {
  const { apiVersion, kind, metadata, ...rest } = patch
  const name = textOf(asMap(metadata)?.['name'])
  const found =
    target !== undefined
      ? chosen(target, resources)
      : resources.filter((one) => kindOf(one) === kind && one.names.includes(name))
  if (found.length === 0 && target === undefined)
    throw new CommandError(
      `no resource matches strategic merge patch "${textOf(kind)}.${versionText(apiVersion)}/${name}.[noNs]": no matches for Id ${textOf(kind)}.${versionText(apiVersion)}/${name}.[noNs]; failed to find unique target for patch ${textOf(kind)}.${versionText(apiVersion)}/${name}.[noNs]`,
    )
  for (const resource of found) {
    if (patch['$patch'] === 'delete') {
      resources.splice(resources.indexOf(resource), 1)
      continue
    }
    const { name: _, ...meta } = asMap(metadata) ?? {}
    replaceObject(
      resource,
      merged(resource.object, { ...rest, ...(Object.keys(meta).length > 0 && { metadata: meta }) }),
    )
  }
}

/** `v1.apps`, or `v1.[noGrp]` for the core group. */
function versionText(apiVersion: unknown): string {
  const [group, version] = partsOf(textOf(apiVersion))
  return `${version}.${group === '' ? '[noGrp]' : group}`
}

function partsOf(apiVersion: string): readonly [group: string, version: string] {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
}

function merged(object: Draft, patch: Draft): Draft {
  const [group, version] = partsOf(textOf(object['apiVersion']))
  const type = typeOf(group, version, textOf(object['kind']))
  return (type === undefined ? mergePatch(object, patch) : strategicPatch(type, object, patch)) as Draft
}

function replaceObject(resource: Resource, object: Draft): void {
  // What a patch gives back may share parts with others; later steps write into it.
  resource.object = JSON.parse(JSON.stringify(object)) as Draft
  rename(resource, nameOf(resource))
}

function chosen(target: Draft, resources: readonly Resource[]): readonly Resource[] {
  return resources.filter((resource) => {
    const [group, version] = partsOf(textOf(resource.object['apiVersion']))
    const metadata = mapAt(resource.object, 'metadata')
    return (
      fits(target['group'], [group]) &&
      fits(target['version'], [version]) &&
      fits(target['kind'], [kindOf(resource)]) &&
      fits(target['name'], resource.names) &&
      fits(target['namespace'], [textOf(metadata['namespace'])]) &&
      selectsAll(textOf(target['labelSelector']), metadata['labels']) &&
      selectsAll(textOf(target['annotationSelector']), metadata['annotations'])
    )
  })
}

const selectsAll = (selector: string, pairs: unknown): boolean =>
  selector === '' || matches(parseLabelSelector(selector), (asMap(pairs) ?? {}) as Record<string, string>)

// A target's words are patterns that have to fit as a whole.
function fits(pattern: unknown, words: readonly string[]): boolean {
  if (pattern === undefined || pattern === '') return true
  const shape = new RegExp(`^(?:${textOf(pattern)})$`)
  return words.some((word) => shape.test(word))
}
