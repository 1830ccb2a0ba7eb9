import { appendHash } from '../commands/create/appendHash.ts'
import { readSources } from '../commands/create/sources.ts'
import { CommandError } from '../errors.ts'
import { toBase64 } from '../base64.ts'
import { asMap, kindOf, mapAt, nameOf, rename, textOf, type Draft, type Reader, type Resource } from './resource.ts'

interface Generator {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly entry: Draft
  /** generatorOptions of the whole kustomization */
  readonly shared: Draft
}

/** Makes a ConfigMap or a Secret, or changes one that a base has made; both go into `resources`. */
// upstream: sigs.k8s.io/kustomize/api/internal/generators
export function generate(generator: Generator, folder: string, reader: Reader, resources: Resource[]): void {
  const { kind, entry } = generator
  const name = textOf(entry['name'])
  const data = dataOf(generator, folder, reader)
  const behavior = textOf(entry['behavior']) || 'create'
  if (behavior === 'create') {
    resources.push(made(generator, name, data))
    return
  }
  const known = resources.find((one) => kindOf(one) === kind && one.names.includes(name))
  if (known === undefined)
    throw new CommandError(`merging from generator: id "${kind}/${name}" does not exist; cannot merge or replace`)
  known.object['data'] = behavior === 'replace' ? data : { ...asMap(known.object['data']), ...data }
}

function made({ kind, entry, shared }: Generator, name: string, data: Draft): Resource {
  const options = { ...shared, ...asMap(entry['options']) }
  const namespace = textOf(entry['namespace'])
  const object: Draft = {
    apiVersion: 'v1',
    kind,
    metadata: { name, ...(namespace !== '' && { namespace }) },
    ...(Object.keys(data).length > 0 && { data }),
    ...(kind === 'Secret' && { type: textOf(entry['type']) || 'Opaque' }),
    ...(options['immutable'] === true && { immutable: true }),
  }
  for (const field of ['labels', 'annotations']) {
    const pairs = { ...asMap(shared[field]), ...asMap(asMap(entry['options'])?.[field]) }
    if (Object.keys(pairs).length > 0) Object.assign(mapAt(object, 'metadata', field), pairs)
  }
  return { object, names: [name], needsHash: options['disableNameSuffixHash'] !== true }
}

function dataOf({ kind, entry }: Generator, folder: string, reader: Reader): Draft {
  const name = textOf(entry['name'])
  const list = (field: string): readonly string[] => ((entry[field] as readonly unknown[] | null) ?? []).map(String)
  const within = (path: string): string => `${folder}/${path}`
  const files = list('files').map((word) => {
    const equals = word.indexOf('=')
    return equals < 0 ? within(word) : `${word.slice(0, equals)}=${within(word.slice(equals + 1))}`
  })
  const envs = [...list('envs'), ...(textOf(entry['env']) === '' ? [] : [textOf(entry['env'])])].map(within)
  const maker = {
    name,
    taken: (key: string) => `cannot add key ${key}, another key by that name already exists`,
    badKey: (key: string, reason: string) => `${JSON.stringify(key)} is not a valid key name: ${reason}`,
  }
  const io = { ...reader, out: () => undefined, err: () => undefined }
  const texts = {
    ...readSources({ 'from-literal': list('literals'), 'from-file': files, 'from-env-file': [] }, io, maker),
    ...readSources({ 'from-literal': [], 'from-file': [], 'from-env-file': envs }, io, maker),
  }
  return Object.fromEntries(
    Object.keys(texts)
      .sort()
      .map((key) => [key, kind === 'Secret' ? toBase64(texts[key]!) : texts[key]]),
  )
}

/** Ends the names of what was generated in a hash of its contents. */
export function addHashes(resources: readonly Resource[]): void {
  for (const resource of resources) {
    if (!resource.needsHash) continue
    const { kind, type, data, binaryData } = resource.object
    const name = nameOf(resource)
    const contents = {
      ...(binaryData !== undefined && { binaryData }),
      data: data ?? (kind === 'ConfigMap' ? '' : {}),
      kind,
      name,
      ...(kind === 'Secret' && { type }),
    }
    const hashed = appendHash({ apiVersion: 'v1', kind: String(kind), metadata: { name } }, contents)
    rename(resource, hashed.metadata.name)
  }
}
