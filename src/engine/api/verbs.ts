import type { Status } from './errors.ts'
import type { KubeObject } from './types.ts'

/** Who asks. */
export interface User {
  readonly name: string
  readonly groups: readonly string[]
  readonly uid?: string
  readonly extra?: Readonly<Record<string, readonly string[]>>
  /** who acts in this name, and has to be allowed to; the groups are then those asked for, and no others */
  readonly impersonator?: User
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

/** The query of a request; each word as in the real API. */
export interface RequestOptions {
  readonly dryRun?: boolean
  readonly fieldManager?: string
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  readonly force?: boolean
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly limit?: number
  readonly continue?: string
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: string
  readonly allowWatchBookmarks?: boolean
  readonly sendInitialEvents?: boolean
  readonly timeoutSeconds?: number
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

/** One request to the API server, already taken apart from its path. */
export interface ApiRequest {
  readonly verb: Verb
  readonly group: string
  readonly version: string
  /** the plural: `pods` */
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  /** an object, a patch, or the options of a delete: parsed, and not yet trusted */
  readonly body?: unknown
  readonly patchType?: PatchType
  /** a component made the body for this request alone and hands it over: it need not be copied */
  readonly isGiven?: boolean
  readonly options?: RequestOptions
  readonly user?: User
  /** the program that asks, as HTTP's header says it: it manages the fields it writes where no field manager is named */
  readonly userAgent?: string
  /** whether answers show `metadata.managedFields` */
  readonly showsFields?: boolean
  /** Table instead of objects, as kubectl asks for */
  readonly asTable?: boolean
}

/** What came back: an object, a list, a Table or a Status, with the texts of its Warning headers. */
export interface ApiAnswer {
  readonly code: number
  readonly body: unknown
  readonly warnings: readonly string[]
}

/** What discovery tells of a resource. */
export interface KindInfo {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly subresources: readonly string[]
  /** false: another version of the same resource is what discovery prefers, and commands without a version take */
  readonly isPreferred?: boolean
  /** the openAPIV3Schema of a kind of custom resources */
  readonly schema?: Readonly<Record<string, unknown>>
}

/** A list as the API answers it. */
export interface KubeList<T extends KubeObject = KubeObject> {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly resourceVersion: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
  readonly items: readonly T[]
}

/** One step of a watch. A DELETED object carries the revision of its deletion. */
export interface WatchEvent<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: T | Status
}

/** A watch that its owner asks for what came since the last time. */
export interface Watch {
  readonly take: (max?: number) => readonly WatchEvent[]
  /** its time is up, or it was stopped: nothing will come any more */
  readonly isOver: () => boolean
  readonly stop: () => void
}

/** Where an object is: a kind's name (`Pod`, or `Event.events.k8s.io` where two groups share one), and its place. */
export interface Place {
  readonly namespace?: string
  readonly subresource?: string
}

/**
 * The verbs of one user on one cluster. Each answers at one virtual instant, or throws an ApiError.
 * kubectl, the page and the lessons hold this and nothing else of the engine.
 */
export interface Api {
  readonly user: User
  /** The general door: never throws for a refusal, answers its Status. */
  readonly request: (request: ApiRequest) => ApiAnswer
  /** Opens a watch; throws what the request would answer. */
  readonly watch: (request: Omit<ApiRequest, 'verb' | 'body' | 'patchType'>) => Watch
  /** Everything served, in the order of `kubectl api-resources`. */
  readonly kinds: () => readonly KindInfo[]
  /** Finds a kind by Kind, plural, singular or short name, with or without `.group` or `.version.group`. */
  readonly findKind: (name: string) => KindInfo | undefined
  readonly get: <T extends KubeObject>(kind: string, name: string, place?: Place) => T
  readonly find: <T extends KubeObject>(kind: string, name: string, place?: Place) => T | undefined
  /** Without a namespace: of all namespaces. */
  readonly list: <T extends KubeObject>(kind: string, place?: Place, options?: RequestOptions) => readonly T[]
  readonly create: <T extends KubeObject>(object: object, place?: Place, options?: RequestOptions) => T
  readonly update: <T extends KubeObject>(object: object, place?: Place, options?: RequestOptions) => T
  /** A strategic merge patch unless `type` says otherwise. */
  readonly patch: <T extends KubeObject>(
    kind: string,
    name: string,
    patch: unknown,
    place?: Place & { readonly type?: PatchType },
    options?: RequestOptions,
  ) => T
  readonly delete: (kind: string, name: string, place?: Place, options?: RequestOptions) => unknown
  /** The same verbs in another user's name. */
  readonly as: (user: User) => Api
}
