import type { ApiError, CustomKindName, KubeObject, PatchType, RequestOptions, Whole } from '../api/index.ts'
import type { Aspect, Change, EventInput, Indexers, Informer, Target } from '../client/index.ts'

/**
 * One control loop: which objects it looks after, which others it watches for them, and `reconcile`, from what is seen to a plan.
 * The loop (`loop.ts`) owns informers, the work queue, retries, backoff and the waiting for its own writes.
 */
export interface Controller<T extends KubeObject = KubeObject, Memory extends object = object> {
  /** the actor in the trace and in events, as upstream calls it */
  readonly name: string
  /** the kind whose keys are the work items; the empty string where keys are of another sort (see `reconcileAbsent`) */
  readonly for: string
  /** kinds whose objects name one of `for` as their controller */
  readonly owns: readonly string[]
  /** other kinds (and the two above), with what the loop should do about them */
  readonly watches: Readonly<Record<string, WatchInput<Memory>>>
  /** what to do about objects of every kind of custom resources, under its full name `Kind.group` */
  readonly watchesCustom?: WatchInput<Memory>
  /** its own status writes are no reason to look again */
  readonly ignoresOwnStatus: boolean
  /** after so many failures in a row a key is dropped until something changes */
  readonly retriesMax: number
  /** the controller's own notes as plain data; made anew when its process starts */
  readonly createMemory: () => Memory
  /** enqueues `periodKey` again and again */
  readonly everyMs: number | undefined
  readonly reconcile: (view: View<T, Memory>) => Plan
  /** what to do about a key whose object is gone, or a key that is no object's: `periodKey`, for one */
  readonly reconcileAbsent: ((see: See<Memory>, key: string) => Plan) | undefined
}

/** What a controller's file writes down; the rest follows from the usual. */
export type ControllerInput<T extends KubeObject, Memory extends object> = Pick<Controller<T, Memory>, 'name' | 'for'> &
  Partial<Controller<T, Memory>>

/** How a change of some kind matters. */
export interface WatchInput<Memory extends object> {
  readonly indexes?: Indexers<never>
  /** The parts of an object whose change concerns it, if not all do: of other changes it is not told. */
  readonly when?: readonly Aspect[]
  /** Only objects whose controller is or was of this kind concern it, and those without a controller. */
  readonly owner?: string
  /** Only while there are objects of this kind, which it watches, too. */
  readonly whileAny?: string
  /** Keeps the memory up to date, by difference. Called once per change, before `concerns`. */
  readonly observe?: (change: Change<never>, see: See<Memory>) => void
  /**
   * Whose keys want work because of it. For the kind itself, and for those it owns: instead of its own key, or its owner's.
   * A watch of another kind without this and `observe` is for looking things up.
   */
  readonly concerns?: (change: Change<never>, see: See<Memory>) => Keys
}

/** What a controller sees of the cluster: caches that lag a little, and its own memory. */
export interface See<Memory extends object = object> {
  /** virtual milliseconds */
  readonly now: number
  readonly memory: Memory
  readonly lister: <K extends KubeObject>(kind: string) => Informer<K>
  /** the cache of the controller's own kind */
  readonly own: Informer<KubeObject>
  /** A read past the caches. */
  readonly find: <K extends KubeObject>(kind: string, name: string, namespace?: string) => K | undefined
  /** the kinds of custom resources that are served */
  readonly customKinds: () => readonly CustomKindName[]
  /** Whether the API server knows such a kind. */
  readonly isServed: (kind: string) => boolean
  /** Whether a node's Lease is being renewed without writes. */
  readonly isLeaseKept: (node: string) => boolean
}

/** What is seen when one object is to be reconciled. */
export interface View<T extends KubeObject = KubeObject, Memory extends object = object> extends See<Memory> {
  readonly key: string
  readonly object: T
  /** objects of that kind whose controller is this object */
  readonly owned: <K extends KubeObject>(kind: string) => readonly K[]
}

/** What is to be done, in order. A refused write ends the plan, and the key is tried again, unless the write has an answer to it. */
export interface Plan {
  readonly writes: readonly Write[]
  /** what follows when all writes are through, knowing which were refused and answered */
  readonly then?: (refusals: readonly ApiError[]) => readonly Write[]
  /** what was seen cannot be true, or not any more: try again as after a failure */
  readonly isStale?: boolean
  /** how much longer the controller is busy than its requests take */
  readonly moreMs?: number
  /** keys that want work now */
  readonly wake?: readonly string[]
  /** look again then, if nothing happens before */
  readonly requeueAfterMs?: number
  /** looking again is a poll for ever: it does not keep a cluster from having settled */
  readonly isPoll?: boolean
}

interface Answers {
  /** what follows a success, knowing what the server made of it */
  readonly done?: (answer: KubeObject) => readonly Write[]
  /** what follows a refusal instead of giving up; `undefined` gives up after all */
  readonly refused?: (error: ApiError) => readonly Write[] | undefined
  /** what is still to be written when a refusal ends the plan */
  readonly lastWords?: (error: ApiError) => readonly Write[]
  /** how much longer than usual the request takes, for what is large */
  readonly moreMs?: number
}

/** One write, as data. */
export type Write =
  | ({
      readonly do: 'create'
      readonly kind: string
      readonly object: object
      readonly namespace?: string | undefined
    } & Answers)
  | ({ readonly do: 'update'; readonly object: KubeObject; readonly subresource?: 'status' } & Answers)
  | ({
      readonly do: 'patch'
      readonly target: Target
      readonly patch: unknown
      readonly type: PatchType
      readonly subresource?: string
    } & Answers)
  | ({ readonly do: 'delete'; readonly target: Target; readonly options?: RequestOptions } & Answers)
  /** all objects of a kind in a namespace */
  | { readonly do: 'deleteAll'; readonly kind: string; readonly namespace: string }
  /** batches of 1, 2, 4, 8, …; the first with a refusal is the last */
  | { readonly do: 'slowly'; readonly writes: readonly Write[] }
  /** writes whose reason is another trace record than the one that woke the key: what periodic work found out */
  | { readonly do: 'because'; readonly cause: number; readonly writes: readonly Write[] }
  | { readonly do: 'event'; readonly object: KubeObject; readonly event: EventInput }

/** One key, or several. */
export type Keys = string | Iterable<string>

/** No keys. */
export const nobody: readonly string[] = Object.freeze([])

export const nothing: Plan = Object.freeze({ writes: [] })

/** The key of a controller's periodic work. */
export const periodKey = '*'

/** Types one controller and fills in what is usual. Controllers are listed in `controllers/index.ts`. */
export function defineController<T extends KubeObject, Memory extends object = object>(
  input: ControllerInput<T, Memory>,
): Controller {
  const whole: Whole<Controller<T, Memory>> = {
    name: input.name,
    for: input.for,
    owns: input.owns ?? [],
    watches: input.watches ?? {},
    watchesCustom: input.watchesCustom,
    ignoresOwnStatus: input.ignoresOwnStatus ?? false,
    retriesMax: input.retriesMax ?? Infinity,
    createMemory: input.createMemory ?? (() => ({}) as Memory),
    everyMs: input.everyMs,
    reconcile: input.reconcile ?? (() => nothing),
    reconcileAbsent: input.reconcileAbsent,
  }
  return Object.freeze(whole) as unknown as Controller
}

const unanswered: Answers = Object.freeze({})

/** Makes an object. */
export function create(
  kind: string,
  object: object,
  { namespace, done, refused, lastWords, moreMs }: Answers & { readonly namespace?: string | undefined } = unanswered,
): Write {
  return { do: 'create', kind, object, namespace, done, refused, lastWords, moreMs }
}

/** Replaces an object; refused if somebody else wrote in between. */
export function update(object: KubeObject, { done, refused, lastWords, moreMs }: Answers = unanswered): Write {
  return { do: 'update', object, subresource: undefined, done, refused, lastWords, moreMs }
}

/** Replaces an object's status. */
export function updateStatus(object: KubeObject, { done, refused, lastWords, moreMs }: Answers = unanswered): Write {
  return { do: 'update', object, subresource: 'status', done, refused, lastWords, moreMs }
}

/** Changes parts of an object by a merge patch, whoever else writes. */
export function patch(
  object: KubeObject,
  body: unknown,
  { subresource, done, refused, lastWords, moreMs }: Answers & { readonly subresource?: string } = unanswered,
): Write {
  const target = targetOf(object)
  return { do: 'patch', target, patch: body, type: 'merge', subresource, done, refused, lastWords, moreMs }
}

/** Deletes an object. */
export function remove(
  object: KubeObject,
  options?: RequestOptions,
  { done, refused, lastWords, moreMs }: Answers = unanswered,
): Write {
  return { do: 'delete', target: targetOf(object), options, done, refused, lastWords, moreMs }
}

/** Says something of an object in an Event. */
export function event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): Write {
  return { do: 'event', object, event: { type, reason, message } }
}

/** Where an object is. */
export function targetOf({ kind, metadata: { name, namespace } }: KubeObject): Target {
  return namespace === undefined ? { kind, name } : { kind, name, namespace }
}
