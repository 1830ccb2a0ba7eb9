import type { KindInfo, KubeObject } from '../api/index.ts'
import { noSuchResource } from '../api/index.ts'
import { apiVersionOf, type Kind } from '../kinds/defineKind.ts'
import { must } from '../sim/index.ts'

/** The kinds that are served, found by the words a path or a command uses. */
export interface Registry {
  readonly kinds: readonly Kind[]
  readonly infos: readonly KindInfo[]
  /** by `Pod`, or `Event.events.k8s.io` where two groups have a kind of that name; a bug if it is not served */
  readonly byKind: (name: string) => Kind
  readonly findByKind: (name: string) => Kind | undefined
  /** by group, version and plural, as in a path; throws a 404 Status */
  readonly byPath: (group: string, version: string, resource: string) => Kind
  readonly byObject: (apiVersion: string, kind: string) => Kind | undefined
  /** by Kind, plural, singular or short name, with or without `.group` or `.version.group` */
  readonly find: (word: string) => KindInfo | undefined
}

/** Indexes kinds. The order of the list is the order of `kubectl api-resources`, and decides which group wins a bare name. */
export function createRegistry(kinds: readonly Kind[]): Registry {
  const byPath = new Map<string, Kind[]>() // by plural: a joined key would have to be built for every request
  const byKind = new Map<string, Kind>()
  const byObject = new Map<string, Kind>()
  const byWord = new Map<string, KindInfo>()
  const infos = kinds.map(infoOf)

  kinds.forEach((kind, position) => {
    const namesakes = byPath.get(kind.plural)
    if (namesakes) namesakes.push(kind)
    else byPath.set(kind.plural, [kind])
    byObject.set(`${apiVersionOf(kind)}/${kind.kind}`, kind)
    for (const name of [kind.kind, `${kind.kind}.${kind.group}`]) if (!byKind.has(name)) byKind.set(name, kind)
    for (const word of [kind.plural, kind.singular, kind.kind.toLowerCase(), ...kind.shortNames])
      for (const end of ['', `.${kind.group}`, `.${kind.version}.${kind.group}`])
        if (!byWord.has(word + end)) byWord.set(word + end, infos[position]!)
  })

  // kinds as they are usually written find their way without being put into lower case first
  const byName = new Map<string, KindInfo>()
  for (const kind of kinds)
    for (const end of ['', `.${kind.group}`, `.${kind.version}.${kind.group}`])
      byName.set(kind.kind + end, byWord.get((kind.kind + end).toLowerCase())!)

  return {
    kinds,
    infos,
    byKind: (name) => must(byKind.get(name), `no kind ${name} is served`),
    findByKind: (name) => byKind.get(name),
    byPath(group, version, resource) {
      for (const kind of byPath.get(resource) ?? none) if (kind.group === group && kind.version === version) return kind
      throw noSuchResource()
    },
    byObject: (apiVersion, kind) => byObject.get(`${apiVersion}/${kind}`),
    find: (word) => byName.get(word) ?? byWord.get(word.toLowerCase()),
  }
}

const none: readonly Kind[] = Object.freeze([])

function infoOf(kind: Kind): KindInfo {
  const { group, version, plural, singular, shortNames, categories, namespaced, verbs, subresources } = kind
  return Object.freeze({
    group,
    version,
    kind: kind.kind,
    plural,
    singular,
    shortNames,
    categories,
    namespaced,
    verbs,
    subresources,
  })
}

/** The namespace an object of this kind is stored under: the empty string where the kind has none. */
export function namespaceOf(kind: Kind, object: KubeObject): string {
  return kind.namespaced ? (object.metadata.namespace ?? 'default') : ''
}
