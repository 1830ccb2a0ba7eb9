import type { FieldError } from '../api/errors.ts'
import type { Draft, KubeObject } from '../api/types.ts'
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
  /** what an update may not touch; status is already put back to the old one */
  readonly prepareForUpdate?: (draft: Draft<T>, old: T, context: StrategyContext) => void
  /** what a status update may not touch; spec and most metadata are already put back */
  readonly prepareForStatusUpdate?: (draft: Draft<T>, old: T, context: StrategyContext) => void
  readonly validate?: (object: T) => readonly FieldError[]
  /** `meta` checks the whole metadata once more, as most kinds do upstream */
  readonly validateUpdate?: (next: T, old: T, meta: () => readonly FieldError[]) => readonly FieldError[]
  readonly validateStatusUpdate?: (next: T, old: T) => readonly FieldError[]
  /** whether an update must say which version it changes */
  readonly needsResourceVersion: boolean
  /** whether a delete that is carried out at once answers with the object instead of a Status */
  readonly answersWithDeleted: boolean
  /** how long an object lives without being written again, in milliseconds; undefined: for ever */
  readonly lifetimeMs?: number
  /** what a delete does to dependents when it does not say */
  readonly defaultPropagation?: 'Orphan'
  /** texts for Warning headers of a create or update */
  readonly warnings?: (next: T, old: T | undefined) => readonly string[]
  /** all columns, in the order shown; NAME and AGE unless said otherwise */
  readonly columns: readonly Column<T>[]
  /** fields that a field selector may name besides metadata.name and metadata.namespace */
  readonly selectableFields: Readonly<Record<string, (object: T) => string>>
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
export type KindInput<T extends KubeObject> = Omit<Kind<T>, Optional> & Partial<Pick<Kind<T>, Optional>>

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** Types one kind and fills in what is usual. Kinds are listed in `kinds/index.ts`. */
export function defineKind<T extends KubeObject>(input: KindInput<T>): Kind<T> {
  return Object.freeze({
    singular: input.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    subresources: [],
    verbs: allVerbs,
    hasGeneration: false,
    needsResourceVersion: false,
    answersWithDeleted: false,
    storagePrefix: input.plural,
    columns: plainColumns,
    selectableFields: {},
    ...input,
  })
}

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf({ group, version }: Pick<Kind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`
}
