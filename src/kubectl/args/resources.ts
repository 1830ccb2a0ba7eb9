import { CommandError, gather, knownOrThrow, withMessage } from '../errors.ts'
import { noSuchKind, resourcePath, type Cluster, type Target } from '../cluster.ts'
import {
  ApiError,
  matches,
  parseLabelSelector,
  type KindInfo,
  type KubeObject,
  type RequestOptions,
} from '../engine.ts'
import type { Io } from '../context.ts'
import { readKustomization } from '../kustomize/reader.ts'
import { readFiles } from '../manifests/documents.ts'
import { objectsOf, type Info } from '../manifests/objects.ts'

/** What a command line says about the objects it means. */
export interface Selection {
  readonly cluster: Cluster
  readonly io: Io
  readonly args: readonly string[]
  readonly filename?: readonly string[]
  readonly kustomize?: string
  readonly recursive?: boolean
  readonly selector?: readonly string[]
  readonly fieldSelector?: string
  readonly all?: boolean
  readonly allNamespaces?: boolean
  /** a kind alone means all its objects (get, describe, rollout) */
  readonly isKindEnough?: boolean
  readonly isValidated?: boolean
  /** the files' objects are taken as they are, and the server is not asked */
  readonly local?: boolean
  /** the files' objects are not asked for anew, as upstream does without `Latest()` */
  readonly isManifestEnough?: boolean
}

/** One part of the answer: objects by name, or all of a kind that a selector finds. */
export type Group =
  | { readonly by: 'name'; readonly target: Target; readonly source?: string; readonly manifest?: KubeObject }
  | {
      readonly by: 'list'
      readonly kind: KindInfo
      readonly namespace: string | undefined
      readonly options: RequestOptions
    }

/** The groups a command line names, with the errors of those that are none. */
export interface Groups {
  readonly groups: readonly Group[]
  readonly errors: readonly Error[]
  /** exactly one object was asked for by name */
  readonly isSingle: boolean
}

/** What is said when neither arguments nor files name an object. */
export const missingResource = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`

/** Understands TYPE NAME, TYPE/NAME, TYPE,TYPE, -f, -l and --all; throws what is wrong with the line itself. */
// upstream: cli-runtime/pkg/resource/builder.go
export function groupsOf(selection: Selection): Groups {
  const { filename = [], kustomize = '', args } = selection
  if (filename.length > 0 || kustomize !== '') return fileGroups(selection, filename, kustomize)
  const selector = (selection.selector ?? []).join(',')
  const byQuery = selector !== '' || (selection.fieldSelector ?? '') !== '' || selection.all === true
  const pairs = isTypeNameForm(args) ? args.map(splitPair) : undefined
  if (byQuery) return queryGroups(selection, selector, pairs !== undefined)
  if (pairs !== undefined) return pairGroups(selection, pairs)
  const [words, ...names] = args
  if (words === undefined) throw new CommandError(missingResource)
  const kinds = kindsOf(words, selection.cluster)
  if (names.length > 0) return nameGroups(selection, kinds, names)
  if (!selection.isKindEnough) throw new CommandError('resource(s) were provided, but no name was specified')
  return { groups: kinds.map((kind) => listGroup(selection, kind, {})), errors: [], isSingle: false }
}

function isTypeNameForm(args: readonly string[]): boolean {
  const count = args.filter((arg) => arg.includes('/')).length
  if (count > 0 && count < args.length)
    throw new CommandError(
      `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
    )
  return count > 0
}

function splitPair(arg: string): readonly [string, string] {
  const parts = arg.split('/')
  if (parts.length > 2) throw new CommandError('arguments in resource/name form may not have more than one slash')
  const [type = '', name = ''] = parts
  if (type === '' || name === '' || type.includes(','))
    throw new CommandError('arguments in resource/name form must have a single resource and name')
  return [type, name]
}

/** The kinds of `pods,svc` or of a category such as `all`, in the order of discovery. */
export function kindsOf(words: string, cluster: Cluster): readonly KindInfo[] {
  return words.split(',').flatMap((word) => {
    if (word === '') throw noSuchKind(word)
    const category = cluster.api
      .kinds()
      .filter((kind) => kind.categories.includes(word) && kind.verbs.includes('list') && kind.isPreferred !== false)
    return category.length > 0 ? category : [cluster.kind(word)]
  })
}

function fileGroups(selection: Selection, filename: readonly string[], kustomize: string): Groups {
  const { cluster, io, recursive = false, isValidated = true } = selection
  if (selection.args.length > 0)
    throw new CommandError(
      'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
    )
  const errors: Error[] = []
  const groups: Group[] = []
  const readings =
    kustomize === '' ? readFiles({ filename, recursive }, io) : [readKustomization(kustomize, cluster, io)]
  for (const { documents, error } of readings) {
    for (const document of documents)
      errors.push(
        ...gather([document], (one) => {
          for (const make of objectsOf(one, { cluster, isValidated, isLocal: selection.local === true }))
            errors.push(...gather([make], (each) => groups.push(fileGroup(each()))))
        }),
      )
    if (error !== undefined) errors.push(error)
  }
  const chosen = chosenOf(groups, selection)
  return { groups: chosen, errors, isSingle: chosen.length === 1 && errors.length === 0 }
}

// upstream: cli-runtime/pkg/resource/builder.go visitByPaths: -l chooses among a file's objects by their own labels
function chosenOf(groups: readonly Group[], selection: Selection): readonly Group[] {
  const selector = (selection.selector ?? []).join(',')
  if (selector === '') return groups
  const requirements = parseLabelSelector(selector)
  return groups.filter((group) => group.by === 'name' && matches(requirements, group.manifest?.metadata?.labels ?? {}))
}

function fileGroup({ object, source, ...target }: Info): Group {
  return { by: 'name', target, manifest: object, ...(source !== undefined && { source }) }
}

function queryGroups(selection: Selection, selector: string, isPaired: boolean): Groups {
  const { args, fieldSelector = '', cluster } = selection
  if (isPaired) throw new CommandError('selectors and the all flag cannot be used when passing resource/name arguments')
  if (args.length > 1) throw new CommandError('name cannot be provided when a selector is specified')
  if (args.length === 0) throw new CommandError('at least one resource must be specified to use a selector')
  const options = {
    ...(selector !== '' && { labelSelector: selector }),
    ...(fieldSelector !== '' && { fieldSelector }),
  }
  return {
    groups: kindsOf(args[0]!, cluster).map((kind) => listGroup(selection, kind, options)),
    errors: [],
    isSingle: false,
  }
}

function listGroup({ cluster, allNamespaces }: Selection, kind: KindInfo, options: RequestOptions): Group {
  return { by: 'list', kind, namespace: kind.namespaced && !allNamespaces ? cluster.namespace : undefined, options }
}

function pairGroups(selection: Selection, pairs: readonly (readonly [string, string])[]): Groups {
  const groups = pairs.map(([type, name]) => named(selection, selection.cluster.kind(type), name))
  return { groups, errors: [], isSingle: pairs.length === 1 }
}

function nameGroups(selection: Selection, kinds: readonly KindInfo[], names: readonly string[]): Groups {
  const groups = kinds.flatMap((kind) => names.map((name) => named(selection, kind, name)))
  return { groups, errors: [], isSingle: groups.length === 1 }
}

function named({ cluster, allNamespaces }: Selection, kind: KindInfo, name: string): Group {
  if (kind.namespaced && allNamespaces)
    throw new CommandError('a resource cannot be retrieved by name across all namespaces')
  return { by: 'name', target: { kind, name, ...(kind.namespaced && { namespace: cluster.namespace }) } }
}

/** What `infosOf` found, and what it could not find. */
export interface Found {
  readonly infos: readonly Info[]
  readonly errors: readonly Error[]
  readonly isSingle: boolean
}

/** Fetches every object a command line means. */
export function infosOf(selection: Selection): Found {
  if (selection.local) return localInfos(selection)
  const { groups, errors, isSingle } = groupsOf(selection)
  const infos: Info[] = []
  const failures = gather(groups, (group) => infos.push(...found(selection, group)))
  return { infos, errors: [...errors, ...failures], isSingle }
}

function found({ cluster, isManifestEnough }: Selection, group: Group): readonly Info[] {
  if (!isManifestEnough || group.by === 'list' || group.manifest === undefined) return fetch(cluster, group)
  return [{ ...group.target, object: group.manifest, source: group.source ?? '' }]
}

// upstream: cli-runtime/pkg/resource/builder.go LocalResourceError
function localInfos(selection: Selection): Found {
  const { args, filename = [], kustomize = '' } = selection
  if (args.length > 0 || (filename.length === 0 && kustomize === ''))
    throw new CommandError(
      "you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
    )
  const { groups, errors, isSingle } = fileGroups(selection, filename, kustomize)
  const infos = groups.flatMap((group) =>
    group.by === 'name' ? [{ ...group.target, object: group.manifest!, source: group.source ?? '' }] : [],
  )
  return { infos, errors, isSingle }
}

/** The objects of one group as they are now. */
export function fetch(cluster: Cluster, group: Group): readonly Info[] {
  if (group.by === 'list') return listInfos(cluster, group)
  const { target, source } = group
  return [{ ...target, object: getNamed(cluster, target), ...(source !== undefined && { source }) }]
}

/** One object by name. Where it is not to be found, a namespace that is not there is what is said. */
// upstream: cli-runtime/pkg/resource/visitor.go Info.Get
export function getNamed<T extends KubeObject>(cluster: Cluster, target: Target, subresource?: string): T {
  return elseNamespace(cluster, target, () => cluster.get<T>(target, subresource))
}

/** Looks something up in a namespace, and if that is not there either, says so. */
export function elseNamespace<T>(cluster: Cluster, { namespace = '' }: Partial<Target>, look: () => T): T {
  try {
    return look()
  } catch (error) {
    const isMissing = error instanceof ApiError && error.code === 404 && error.reason === 'NotFound'
    if (isMissing && namespace !== '' && namespace !== 'default')
      cluster.get({ kind: cluster.kind('namespaces'), name: namespace })
    throw error
  }
}

function listInfos(cluster: Cluster, { kind, namespace, options }: Extract<Group, { by: 'list' }>): readonly Info[] {
  try {
    return cluster.list(kind, namespace, options).map((object) => {
      const { name, namespace: place } = object.metadata
      return { kind, name, object, ...(place !== undefined && { namespace: place }) }
    })
  } catch (error) {
    throw listError(error, kind, options)
  }
}

/** A refused list says what it was looking for. */
export function listError(
  error: unknown,
  kind: KindInfo,
  { labelSelector = '', fieldSelector = '' }: RequestOptions,
): Error {
  const known = knownOrThrow(error)
  if (!(known instanceof ApiError) || (known.code !== 400 && known.code !== 404)) return known
  const path = JSON.stringify(resourcePath(kind))
  const isPlain = labelSelector === '' && fieldSelector === ''
  const query = `that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}`
  return withMessage(
    known,
    isPlain ? `Unable to list ${path}: ${known.message}` : `Unable to find ${path} ${query}: ${known.message}`,
  )
}
