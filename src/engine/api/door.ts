import type { Event, KubeObject } from './types.ts'
import type { ApiRequest, KindInfo } from './verbs.ts'

/** What a watcher wants to hear of: one kind, perhaps one namespace, perhaps some labels and fields. */
export interface Selection {
  readonly kind: string
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
}

/** A change as its watchers get it, with the trace record that wrote it. */
export interface Delivery {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** `namespace/name`, or the bare name: the same text for all versions of an object */
  readonly key: string
  readonly object: KubeObject
  /** what a MODIFIED or DELETED object was before */
  readonly previous: KubeObject | undefined
  readonly revision: number
  readonly cause: number
}

/** What waits for a watcher. */
export interface Inbox {
  readonly pending: readonly Delivery[]
}

/** The wire between a component and the API server: what `client` holds, and all it knows of the server. */
export interface ApiDoor {
  /** A component's own request: not authorized, and refused by a thrown ApiError. `kind`: the registry's, from who has it at hand. */
  readonly perform: (request: ApiRequest, actor: string, kind?: KindName) => unknown
  /** What a component's get of one object answers; undefined instead of a 404. */
  readonly find: (kind: KindName, namespace: string, name: string, actor: string) => KubeObject | undefined
  /** Takes a new Event that is made whole, unless it has to go the way of all requests: false, then. */
  readonly takeEvent?: (event: Event, namespace: string, actor: string) => boolean
  /** Takes an object as it was read, with another status, and answers it as it is stored then; undefined where it has to go the way of all requests. */
  readonly takeReport?: (kind: KindName, object: KubeObject, actor: string) => KubeObject | undefined
  readonly registry: {
    /** by `Pod`, or `Event.events.k8s.io` where two groups have a kind of that name; a bug if it is not served */
    readonly byKind: (name: string) => KindName
    readonly findByKind: (name: string) => KindName | undefined
    /** the kinds of custom resources that are served now; their full names are `Kind.group` */
    readonly custom?: () => readonly CustomKindName[]
    /** Calls back whenever the kinds of custom resources have changed. */
    readonly onChange?: (listener: () => void) => void
  }
  readonly watchers: {
    /**
     * Adds a watcher, or finds it again after a restore. `wake` is asked when the first change is waiting: where it says yes, `read` is
     * called once that has travelled.
     */
    readonly subscribe: (id: string, selection: Selection, wake: () => boolean | undefined, read?: () => void) => Inbox
    /** The same as after a yes: for what has waited until now. */
    readonly rouse: (inbox: Inbox) => void
    readonly unsubscribe: (id: string) => void
    readonly take: (inbox: Inbox, max?: number) => readonly Delivery[]
  }
  /** what is asked before each request: whether it answers */
  readonly state: { readonly isRunning: boolean }
  /** Calls back each time the server answers again after it was away. */
  readonly onBack?: (listener: () => void) => void
  /** the revision of the latest write */
  readonly revision: () => number
  /** Leases that are renewed again and again, without a write each time. */
  readonly keepLease: (namespace: string, name: string, periodMs: number) => void
  /** Ends the renewals and writes the last one down. */
  readonly dropLease: (namespace: string, name: string, actor: string) => void
  readonly isLeaseKept: (namespace: string, name: string) => boolean
  /** Calls back when a kept lease is deleted: in `dueMs` its holder would find that there is nothing to renew. */
  readonly onLeaseLost?: (listener: LeaseLost) => void
}

/** Hears of a kept lease that is gone, and in how many milliseconds its next renewal is due. */
export type LeaseLost = (namespace: string, name: string, dueMs: number) => void

/** How a kind of custom resources is named. */
export type CustomKindName = Pick<KindInfo, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'>

/** How a path names a kind. */
export type KindName = Pick<KindInfo, 'group' | 'version' | 'kind' | 'plural'>
