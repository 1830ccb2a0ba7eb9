import type { ApiError, KindInfo, KubeObject } from '../api/index.ts'
import { noSuchResource } from '../api/index.ts'
import { apiVersionOf, type Kind } from '../kinds/defineKind.ts'
import { must } from '../sim/index.ts'

/** The kinds that are served, found by the words a path or a command uses. */
export interface Registry {
  /** built-in kinds first, then those of custom resources; every served version is a kind of its own */
  readonly kinds: readonly Kind[]
  readonly infos: readonly KindInfo[]
  /** by `Pod`, or `Event.events.k8s.io` where two groups have a kind of that name; a bug if it is not served */
  readonly byKind: (name: string) => Kind
  readonly findByKind: (name: string) => Kind | undefined
  /** by group, version and plural, as in a path; throws a 404 Status, or `refusal`'s */
  readonly byPath: (group: string, version: string, resource: string) => Kind
  readonly byObject: (apiVersion: string, kind: string) => Kind | undefined
  /** by Kind, plural, singular or short name, with or without `.group` or `.version.group` */
  readonly find: (word: string) => KindInfo | undefined
  /** the kinds of custom resources, in their preferred versions */
  readonly custom: () => readonly Kind[]
  /** Calls back whenever the kinds of custom resources have changed. */
  readonly onChange: (listener: () => void) => void
  /** The definitions of custom resources have changed: what they serve is worked out anew. */
  readonly refresh: () => void
}

const none: readonly Kind[] = Object.freeze([])

/**
 * Indexes kinds. The order of the list is the order of `kubectl api-resources`, and decides which group wins a bare name.
 * `custom` reads the store for kinds made at run time; it is asked again only after a `refresh`, so a built-in kind is found
 * at the price of one look into a Map. `refusal` says why a version is not served that should be.
 */
export function createRegistry(
  kinds: readonly Kind[],
  custom: () => readonly Kind[] = () => none,
  refusal: (group: string, version: string) => ApiError | undefined = () => undefined,
): Registry {
  const builtIn = builtInIndex(kinds)
  const listeners: (() => void)[] = []
  let current: { readonly own: Index; readonly kinds: readonly Kind[]; readonly infos: readonly KindInfo[] } | undefined

  function all(): NonNullable<typeof current> {
    if (current === undefined) {
      const own = indexOf(custom())
      const isPlain = own.kinds.length === 0
      current = {
        own,
        kinds: isPlain ? kinds : [...kinds, ...own.kinds],
        infos: isPlain ? builtIn.infos : [...builtIn.infos, ...own.infos],
      }
    }
    return current
  }

  const findByKind = (name: string): Kind | undefined => builtIn.byKind.get(name) ?? all().own.byKind.get(name)

  return {
    get kinds() {
      return all().kinds
    },
    get infos() {
      return all().infos
    },
    byKind: (name) => builtIn.byKind.get(name) ?? must(all().own.byKind.get(name), 'no such kind is served', name),
    findByKind,
    byPath(group, version, resource) {
      const found = at(builtIn, group, version, resource) ?? at(all().own, group, version, resource)
      if (found === undefined) throw refusal(group, version) ?? noSuchResource()
      return found
    },
    byObject: (apiVersion, kind) =>
      builtIn.byObject.get(`${apiVersion}/${kind}`) ?? all().own.byObject.get(`${apiVersion}/${kind}`),
    find: (word) => wordIn(builtIn, word) ?? wordIn(all().own, word),
    custom: () =>
      all().own.kinds.filter(
        ({ custom: form }, position) => form !== undefined && all().own.infos[position]!.isPreferred !== false,
      ),
    onChange: (listener) => void listeners.push(listener),
    refresh() {
      current = undefined
      for (const listener of listeners) listener()
    },
  }
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const indexes = new WeakMap<readonly Kind[], Index>()

function builtInIndex(kinds: readonly Kind[]): Index {
  let index = indexes.get(kinds)
  if (index === undefined) indexes.set(kinds, (index = indexOf(kinds)))
  return index
}

interface Index {
  readonly kinds: readonly Kind[]
  readonly infos: readonly KindInfo[]
  /** by plural: a joined key would have to be built for every request */
  readonly byPlural: ReadonlyMap<string, readonly Kind[]>
  readonly byKind: ReadonlyMap<string, Kind>
  readonly byObject: ReadonlyMap<string, Kind>
  readonly byWord: ReadonlyMap<string, KindInfo>
  /** kinds as they are usually written find their way without being put into lower case first */
  readonly byName: ReadonlyMap<string, KindInfo>
}

function at({ byPlural }: Index, group: string, version: string, resource: string): Kind | undefined {
  const namesakes = byPlural.get(resource)
  if (namesakes === undefined) return undefined
  for (const kind of namesakes) if (kind.group === group && kind.version === version) return kind
  return undefined
}

const wordIn = ({ byName, byWord }: Index, word: string): KindInfo | undefined =>
  byName.get(word) ?? byWord.get(word.toLowerCase())

function indexOf(kinds: readonly Kind[]): Index {
  const byPlural = new Map<string, Kind[]>()
  const byKind = new Map<string, Kind>()
  const byObject = new Map<string, Kind>()
  const byWord = new Map<string, KindInfo>()
  const byName = new Map<string, KindInfo>()
  const infos = kinds.map((kind, position) => infoOf(kind, isFirst(kinds, position)))

  kinds.forEach((kind, position) => {
    const info = infos[position]!
    const namesakes = byPlural.get(kind.plural)
    if (namesakes) namesakes.push(kind)
    else byPlural.set(kind.plural, [kind])
    byObject.set(`${apiVersionOf(kind)}/${kind.kind}`, kind)
    const ends = ['', `.${kind.group}`, `.${kind.version}.${kind.group}`]
    for (const end of ends) if (!byKind.has(kind.kind + end)) byKind.set(kind.kind + end, kind)
    for (const word of [kind.plural, kind.singular, kind.kind.toLowerCase(), ...kind.shortNames])
      for (const end of ends) if (word !== '' && !byWord.has(word + end)) byWord.set(word + end, info)
  })
  for (const kind of kinds)
    for (const end of ['', `.${kind.group}`, `.${kind.version}.${kind.group}`])
      byName.set(kind.kind + end, byWord.get((kind.kind + end).toLowerCase())!)
  return { kinds, infos, byPlural, byKind, byObject, byWord, byName }
}

/** The first of a kind's versions is the one that is preferred. */
function isFirst(kinds: readonly Kind[], position: number): boolean {
  const { group, plural } = kinds[position]!
  return kinds.findIndex((kind) => kind.group === group && kind.plural === plural) === position
}

function infoOf(kind: Kind, isPreferred: boolean): KindInfo {
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
    ...(!isPreferred && { isPreferred }),
    ...(kind.custom && { schema: kind.custom.schema }),
  })
}

/** The namespace an object of this kind is stored under: the empty string where the kind has none. */
export function namespaceOf(kind: Kind, object: KubeObject): string {
  return kind.namespaced ? (object.metadata.namespace ?? 'default') : ''
}
