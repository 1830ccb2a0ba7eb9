import { CommandError } from '../errors.ts'
import { readDocuments } from '../manifests/documents.ts'
import { addHashes, generate } from './generators.ts'
import { applyPatch } from './patches.ts'
import { followReferences } from './references.ts'
import { asMap, mapsIn, nameOf, textOf, type Draft, type Reader, type Resource } from './resource.ts'
import { addAnnotations, addLabels, setImages, setNamespace, setReplicas, wrapNames } from './transforms.ts'

const files: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

const known: readonly string[] = [
  'apiVersion kind metadata resources bases namespace namePrefix nameSuffix labels commonLabels commonAnnotations',
  'configMapGenerator secretGenerator generatorOptions images replicas patches patchesStrategicMerge',
  'patchesJson6902 buildMetadata sortOptions',
].flatMap((line) => line.split(' '))

const leftOut: readonly string[] =
  'components replacements vars crds openapi configurations generators transformers validators helmCharts'.split(' ')

const depthMax = 20

/** Builds the kustomization of a folder: the objects that `apply -k` applies, in order. */
// upstream: sigs.k8s.io/kustomize/api/internal/target/kusttarget.go
// differs: components, replacements, vars, plugins and Helm charts are refused; files come from this terminal's folders
export function buildKustomization(path: string, reader: Reader): readonly Draft[] {
  const resources = accumulate(path.replace(/\/+$/, '') || '.', reader, 0)
  addHashes(resources)
  followReferences(resources)
  return resources.map(({ object }) => object)
}

function accumulate(folder: string, reader: Reader, depth: number): Resource[] {
  if (depth > depthMax) throw new CommandError(`cycle detected: candidate root '${folder}' contains visited root`)
  const kustomization = readKustomization(folder, reader)
  const resources: Resource[] = []
  for (const entry of [...textsIn(kustomization['resources']), ...textsIn(kustomization['bases'])])
    resources.push(...accumulateEntry(joined(folder, entry), entry, reader, depth))
  const shared = asMap(kustomization['generatorOptions']) ?? {}
  for (const entry of mapsIn(kustomization['configMapGenerator']))
    generate({ kind: 'ConfigMap', entry, shared }, folder, reader, resources)
  for (const entry of mapsIn(kustomization['secretGenerator']))
    generate({ kind: 'Secret', entry, shared }, folder, reader, resources)
  patchAll(kustomization, folder, reader, resources)
  transform(kustomization, resources, reader)
  return resources
}

function patchAll(kustomization: Draft, folder: string, reader: Reader, resources: Resource[]): void {
  for (const word of textsIn(kustomization['patchesStrategicMerge']))
    applyPatch(word.includes('\n') ? { patch: word } : { path: word }, folder, reader, resources)
  for (const field of ['patches', 'patchesJson6902'])
    for (const entry of mapsIn(kustomization[field])) applyPatch(entry, folder, reader, resources)
}

// The order of kustomize's own transformers.
function transform(kustomization: Draft, resources: readonly Resource[], reader: Reader): void {
  const text = (field: string): string => textOf(kustomization[field])
  if (text('namespace') !== '') setNamespace(resources, text('namespace'), reader)
  if (text('namePrefix') !== '' || text('nameSuffix') !== '')
    wrapNames(resources, text('namePrefix'), text('nameSuffix'))
  for (const { pairs, includeSelectors, includeTemplates } of mapsIn(kustomization['labels'])) {
    const reach = includeSelectors === true ? 'selectors' : includeTemplates === true ? 'templates' : 'objects'
    addLabels(resources, asMap(pairs) ?? {}, reach)
  }
  const [labels, annotations] = [asMap(kustomization['commonLabels']), asMap(kustomization['commonAnnotations'])]
  if (labels !== undefined) addLabels(resources, labels, 'selectors')
  if (annotations !== undefined) addAnnotations(resources, annotations)
  setReplicas(resources, mapsIn(kustomization['replicas']))
  setImages(resources, mapsIn(kustomization['images']))
}

function readKustomization(folder: string, reader: Reader): Draft {
  if (reader.listFiles(folder) === undefined)
    throw new CommandError(`must build at directory: '${folder}': no such file or directory`)
  const found = files.map((name) => joined(folder, name)).filter((path) => reader.readFile(path) !== undefined)
  if (found.length === 0)
    throw new CommandError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${folder}'`,
    )
  if (found.length > 1) throw new CommandError(`Found multiple kustomization files under: ${folder}`)
  const { documents, error } = readDocuments(found[0]!, reader.readFile(found[0]!)!)
  if (error !== undefined) throw error
  const kustomization = asMap(documents[0]?.value) ?? {}
  for (const field of Object.keys(kustomization)) {
    if (leftOut.includes(field))
      throw new CommandError(
        `${found[0]!}: ${field} is not part of this kustomize; use resources, patches and generators`,
      )
    if (!known.includes(field)) throw new CommandError(`invalid Kustomization: json: unknown field "${field}"`)
  }
  return kustomization
}

function accumulateEntry(path: string, entry: string, reader: Reader, depth: number): readonly Resource[] {
  if (reader.listFiles(path) !== undefined) return accumulate(path, reader, depth + 1)
  const text = reader.readFile(path)
  if (text === undefined)
    throw new CommandError(
      `accumulating resources: accumulation err='accumulating resources from '${entry}': evalsymlink failure on '${path}' : lstat ${path}: no such file or directory'`,
    )
  const { documents, error } = readDocuments(path, text)
  if (error !== undefined) throw error
  return documents.map(({ value }): Resource => {
    const resource: Resource = { object: asMap(value) ?? {}, names: [], needsHash: false }
    const name = nameOf(resource)
    if (textOf(resource.object['kind']) === '')
      throw new CommandError(`accumulating resources from '${entry}': missing Resource metadata`)
    resource.names.push(name)
    return resource
  })
}

const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as unknown[]).map(String) : [])

/** A path within a folder, with `.` and `..` worked out. */
export function joined(folder: string, entry: string): string {
  const isRooted = entry.startsWith('/') || folder.startsWith('/')
  const parts: string[] = []
  for (const part of (entry.startsWith('/') ? entry : `${folder}/${entry}`).split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `${isRooted ? '/' : ''}${parts.join('/')}` || '.'
}
