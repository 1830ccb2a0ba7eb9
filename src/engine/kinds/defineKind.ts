import type { FieldError } from '../api/errors.ts'
import type { Draft, KubeObject, Whole } from '../api/types.ts'
import type { User } from '../api/verbs.ts'
import type { Column } from './column.ts'
import { plainColumns } from './columns.ts'

export type { Column } from './column.ts'

/** What a strategy may know of the request besides the object. Random names and addresses come from here. */
export interface StrategyContext {
  readonly now: string
  /** a whole number below `below`, from the API server's own random stream */
  readonly int: (below: number) => number
  /** other objects of the store, for checks that need them (an address in use, a class that is missing) */
  readonly find: <Other extends KubeObject>(kind: string, name: string, namespace?: string) => Other | undefined
  readonly list: <Other extends KubeObject>(kind: string, namespace?: string) => readonly Other[]
  /** whether there is a kind of that name */
  readonly isServed?: (kind: string) => boolean
}

/**
 * All the API server knows of a kind: names, defaults, rules, strategy and columns. `describe` belongs to kubectl, as upstream.
 * Everything is a pure function; drafts are private copies that may be written to, objects are not.
 */
export interface Kind<T extends KubeObject = KubeObject> {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly subresources: readonly string[]
  /** whether its status is one of them */
  readonly hasStatus: boolean
  readonly verbs: readonly string[]
  /** whether metadata.generation counts changes of the spec */
  readonly hasGeneration: boolean
  /** what counts as a change of generation; a different spec unless said otherwise */
  readonly isNewGeneration?: (next: T, old: T) => boolean
  /** where etcd keeps it: `pods` in `/registry/pods/<ns>/<name>` */
  readonly storagePrefix: string
  /** the grace period a delete asks for by itself, in seconds; kinds without it go at once. upstream: rest.GracefulDeleteStrategy */
  readonly gracePeriodSeconds?: (object: T, asked: number | undefined) => number
  /** says what is wrong with a metadata.name; the default is a DNS subdomain */
  readonly validateName?: (name: string) => readonly string[]
  /** fills in what was left out; runs on every decode, so it must not change what is already there */
  readonly defaults?: (draft: Draft<T>) => void
  /** what the server hands out (addresses, ports), and why it cannot; runs after `prepareForCreate` or `prepareForUpdate` */
  readonly allocate?: (draft: Draft<T>, old: T | undefined, context: StrategyContext) => readonly FieldError[]
  /** what a create resets, after admission's mutations and before validation */
  readonly prepareForCreate?: (draft: Draft<T>, context: StrategyContext) => void
  /** what reading it back from etcd makes of a new object: defaults that depend on what the server filled in */
  readonly beforeStorage?: (draft: Draft<T>) => void
  /** what an update may not touch; status is already put back to the old one */
  readonly prepareForUpdate?: (draft: Draft<T>, old: T, context: StrategyContext) => void
  /** what a status update may not touch; spec and most metadata are already put back */
  readonly prepareForStatusUpdate?: (draft: Draft<T>, old: T, context: StrategyContext) => void
  readonly validate?: (object: T) => readonly FieldError[]
  /** `meta` checks the whole metadata once more, as most kinds do upstream */
  readonly validateUpdate?: (next: T, old: T, meta: () => readonly FieldError[]) => readonly FieldError[]
  readonly validateStatusUpdate?: (next: T, old: T) => readonly FieldError[]
  /** writes down who creates it */
  readonly stampUser?: (draft: Draft<T>, user: User) => void
  /** what an update by another door than `status` may not touch, and what is wrong with it; else those of an ordinary update */
  readonly prepareForSubresource?: (door: string, draft: Draft<T>, old: T, context: StrategyContext) => void
  readonly validateSubresource?: (door: string, next: T, old: T) => readonly FieldError[]
  /** whether an update must say which version it changes */
  readonly needsResourceVersion: boolean
  /** whether a delete that is carried out at once answers with the object instead of a Status */
  readonly answersWithDeleted: boolean
  /** a question that is sent as an object: a create is answered, and nothing is stored */
  readonly isVirtual?: boolean
  /** nothing is stored: objects are worked out when they are read */
  readonly isComputed?: boolean
  /** how long an object lives without being written again, in milliseconds; undefined: for ever */
  readonly lifetimeMs?: number
  /** what a delete does to dependents when it does not say */
  readonly defaultPropagation?: 'Orphan'
  /** the text of a Warning header for every request to this kind */
  readonly deprecation?: string
  /** texts for Warning headers of a create or update */
  readonly warnings?: (next: T, old: T | undefined) => readonly string[]
  /** all columns, in the order shown; NAME and AGE unless said otherwise */
  readonly columns: readonly Column<T>[]
  /** how a Table orders its rows; by their keys unless said otherwise */
  readonly rowOrder?: (a: T, b: T) => number
  /** another version of a kind that is stored in another form: both ways between the two */
  readonly storedAs?: StoredForm<T>
  /** a kind made by a CustomResourceDefinition: its schema reads and checks bodies */
  readonly custom?: CustomForm<T>
  /** what the first delete makes of an object that is not to go at once */
  readonly terminate?: (object: T, now: string) => T
  /** fields that a field selector may name besides metadata.name and metadata.namespace */
  readonly selectableFields: Readonly<Record<string, (object: T) => string>>
}

/** How a version that is served differs from the version that is stored. */
export interface StoredForm<T extends KubeObject = KubeObject> {
  /** the kind as it is stored */
  readonly kind: Kind
  readonly toStored: (object: T) => KubeObject
  readonly fromStored: (object: KubeObject) => T
}

/** What only a kind of custom resources has. */
export interface CustomForm<T extends KubeObject = KubeObject> {
  /** Reads a body: what the schema doesn't know is dropped and told; Go's words where it is of the wrong shape. */
  readonly decode: (body: object) => {
    readonly object: Draft<T>
    readonly unknown: readonly string[]
    readonly error?: string
  }
  /** the openAPIV3Schema of this version */
  readonly schema: Readonly<Record<string, unknown>>
  readonly listKind: string
  readonly scale?: { readonly spec: string; readonly status: string; readonly selector?: string }
  /** its definition is going: nothing new is taken in */
  readonly isTerminating: boolean
  /** the text of a Warning header for every request */
  readonly deprecation?: string
}

type Optional =
  | 'singular'
  | 'shortNames'
  | 'categories'
  | 'subresources'
  | 'verbs'
  | 'hasGeneration'
  | 'needsResourceVersion'
  | 'answersWithDeleted'
  | 'storagePrefix'
  | 'columns'
  | 'selectableFields'

/** What a kind's file writes down; the rest follows from the usual. */
export type KindInput<T extends KubeObject> = Omit<Kind<T>, Optional | 'hasStatus'> & Partial<Pick<Kind<T>, Optional>>

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/**
 * Types one kind and fills in what is usual. Kinds are listed in `kinds/index.ts`. Each has all the fields, in one order: every
 * request reads a dozen of them, which is cheap only where all kinds have one hidden class.
 */
export function defineKind<T extends KubeObject>(input: KindInput<T>): Kind<T> {
  const whole: Whole<Kind<T>> = {
    group: input.group,
    version: input.version,
    kind: input.kind,
    plural: input.plural,
    singular: input.singular ?? input.kind.toLowerCase(),
    shortNames: input.shortNames ?? [],
    categories: input.categories ?? [],
    namespaced: input.namespaced,
    subresources: input.subresources ?? [],
    hasStatus: input.subresources?.includes('status') ?? false,
    verbs: input.verbs ?? allVerbs,
    hasGeneration: input.hasGeneration ?? false,
    isNewGeneration: input.isNewGeneration,
    storagePrefix: input.storagePrefix ?? prefixes[`${input.group}/${input.plural}`] ?? input.plural,
    gracePeriodSeconds: input.gracePeriodSeconds,
    validateName: input.validateName,
    defaults: input.defaults,
    allocate: input.allocate,
    prepareForCreate: input.prepareForCreate,
    beforeStorage: input.beforeStorage,
    prepareForUpdate: input.prepareForUpdate,
    prepareForStatusUpdate: input.prepareForStatusUpdate,
    validate: input.validate,
    validateUpdate: input.validateUpdate,
    validateStatusUpdate: input.validateStatusUpdate,
    stampUser: input.stampUser,
    prepareForSubresource: input.prepareForSubresource,
    validateSubresource: input.validateSubresource,
    needsResourceVersion: input.needsResourceVersion ?? false,
    answersWithDeleted: input.answersWithDeleted ?? false,
    isVirtual: input.isVirtual,
    isComputed: input.isComputed,
    lifetimeMs: input.lifetimeMs,
    defaultPropagation: input.defaultPropagation,
    deprecation: input.deprecation,
    warnings: input.warnings,
    columns: input.columns ?? plainColumns,
    rowOrder: input.rowOrder,
    storedAs: input.storedAs,
    custom: input.custom,
    terminate: input.terminate,
    selectableFields: input.selectableFields ?? {},
  }
  return Object.freeze(whole) as Kind<T>
}

/** Resources whose place in etcd is not called like them. upstream: pkg/kubeapiserver/default_storage_factory_builder.go */
const prefixes: Readonly<Record<string, string>> = {
  '/endpoints': 'services/endpoints',
  '/nodes': 'minions',
  '/replicationcontrollers': 'controllers',
  '/services': 'services/specs',
  'apiextensions.k8s.io/customresourcedefinitions': 'apiextensions.k8s.io/customresourcedefinitions',
  'apiregistration.k8s.io/apiservices': 'apiregistration.k8s.io/apiservices',
  'networking.k8s.io/ingresses': 'ingress',
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: Pick<Kind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`
}
