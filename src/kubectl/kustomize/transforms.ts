import { asMap, findMap, kindOf, mapAt, mapsIn, nameOf, rename, textOf } from './resource.ts'
import type { Draft, Reader, Resource } from './resource.ts'

// upstream: sigs.k8s.io/kustomize/api/internal/konfig/builtinpluginconsts

const unnamed: readonly string[] = ['CustomResourceDefinition', 'APIService', 'Namespace']

/** Puts `prefix` and `suffix` around the names. */
export function wrapNames(resources: readonly Resource[], prefix: string, suffix: string): void {
  for (const resource of resources)
    if (!unnamed.includes(kindOf(resource))) rename(resource, `${prefix}${nameOf(resource)}${suffix}`)
}

/** Moves everything that can be moved into one namespace. */
export function setNamespace(resources: readonly Resource[], namespace: string, reader: Reader): void {
  const accounts = resources.filter((one) => kindOf(one) === 'ServiceAccount').flatMap(({ names }) => names)
  for (const resource of resources) {
    const { object } = resource
    if (kindOf(resource) === 'Namespace') rename(resource, namespace)
    else if (reader.isNamespaced(textOf(object['apiVersion']), kindOf(resource)))
      mapAt(object, 'metadata')['namespace'] = namespace
    if (!kindOf(resource).endsWith('RoleBinding')) continue
    for (const subject of mapsIn(object['subjects'])) {
      const name = textOf(subject['name'])
      if (subject['kind'] === 'ServiceAccount' && (name === 'default' || accounts.includes(name)))
        subject['namespace'] = namespace
    }
  }
}

type Pairs = Readonly<Record<string, unknown>>

/** How far labels reach: the objects alone, the pods they make, or their selectors too. */
export type Reach = 'objects' | 'templates' | 'selectors'

const withMatchLabels: readonly string[] = ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet']

/** Adds labels. */
export function addLabels(resources: readonly Resource[], pairs: Pairs, reach: Reach): void {
  for (const resource of resources) {
    const { object } = resource
    Object.assign(mapAt(object, 'metadata', 'labels'), pairs)
    if (reach === 'objects') continue
    for (const template of templatesOf(object)) Object.assign(mapAt(template, 'metadata', 'labels'), pairs)
    if (reach === 'selectors') addSelectors(resource, pairs)
  }
}

function addSelectors(resource: Resource, pairs: Pairs): void {
  const { object } = resource
  const kind = kindOf(resource)
  if (kind === 'Service' || kind === 'ReplicationController') {
    const spec = mapAt(object, 'spec')
    if (kind === 'ReplicationController' || spec['type'] !== 'ExternalName')
      Object.assign(mapAt(spec, 'selector'), pairs)
  } else if (withMatchLabels.includes(kind)) Object.assign(mapAt(object, 'spec', 'selector', 'matchLabels'), pairs)
  else if (kind === 'PodDisruptionBudget' || kind === 'Job') addWhereThere(object, pairs, 'selector')
  else if (kind === 'NetworkPolicy') addWhereThere(object, pairs, 'podSelector')
  if (kind === 'StatefulSet')
    for (const claim of mapsIn(mapAt(object, 'spec')['volumeClaimTemplates']))
      Object.assign(mapAt(claim, 'metadata', 'labels'), pairs)
}

function addWhereThere(object: Draft, pairs: Pairs, field: string): void {
  const labels = findMap(object, 'spec', field, 'matchLabels')
  if (labels !== undefined) Object.assign(labels, pairs)
}

/** Adds annotations to the objects and to the pods they make. */
export function addAnnotations(resources: readonly Resource[], pairs: Pairs): void {
  for (const { object } of resources) {
    Object.assign(mapAt(object, 'metadata', 'annotations'), pairs)
    for (const template of templatesOf(object)) Object.assign(mapAt(template, 'metadata', 'annotations'), pairs)
  }
}

/** The templates of an object: of its pods, and of the jobs that make them. */
function templatesOf(object: Draft): readonly Draft[] {
  const template = findMap(object, 'spec', 'template')
  const job = findMap(object, 'spec', 'jobTemplate')
  const inner = findMap(object, 'spec', 'jobTemplate', 'spec', 'template')
  return [template, job, inner].filter((one) => one !== undefined)
}

/** Sets how many pods the workloads of a name have. */
export function setReplicas(resources: readonly Resource[], wanted: readonly Draft[]): void {
  const scaled = ['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']
  for (const { name, count } of wanted as readonly { name?: unknown; count?: unknown }[])
    for (const resource of resources)
      if (scaled.includes(kindOf(resource)) && resource.names.includes(textOf(name)))
        mapAt(resource.object, 'spec')['replicas'] = count
}

/** Changes the images of containers. */
export function setImages(resources: readonly Resource[], wanted: readonly Draft[]): void {
  for (const { object } of resources) eachContainer(object, (container) => setImage(container, wanted))
}

function eachContainer(draft: Draft, visit: (container: Draft) => void): void {
  for (const key of Object.keys(draft)) {
    const value = draft[key]
    if (key === 'containers' || key === 'initContainers') mapsIn(value).forEach(visit)
    const map = asMap(value)
    if (map !== undefined) eachContainer(map, visit)
  }
}

function setImage(container: Draft, wanted: readonly Draft[]): void {
  for (const { name, newName, newTag, digest } of wanted) {
    const image = /^(.*?)(?::([^:/@]+))?(?:@(.+))?$/.exec(textOf(container['image']))
    const [, own = '', tag, hash] = image ?? []
    if (own !== textOf(name)) continue
    const shown = textOf(newName) || own
    if (textOf(digest) !== '') container['image'] = `${shown}@${textOf(digest)}`
    else if (newTag !== undefined && newTag !== null) container['image'] = `${shown}:${String(newTag)}`
    else container['image'] = `${shown}${tag === undefined ? '' : `:${tag}`}${hash === undefined ? '' : `@${hash}`}`
  }
}
