/** How a pod looks: the phase words of the mock's tile table. */
export type PodLook =
  | 'pending'
  | 'gated'
  | 'unschedulable'
  | 'init'
  | 'creating'
  | 'notReady'
  | 'ready'
  | 'terminating'
  | 'crashLoop'
  | 'imagePull'
  | 'error'
  | 'completed'
  | 'evicted'
  | 'lost'

/** One container of a tile. */
export interface ContainerMark {
  readonly name: string
  readonly role: 'app' | 'init' | 'sidecar'
  readonly state: 'waiting' | 'pulling' | 'started' | 'running' | 'stopping' | 'failed' | 'done'
  /** 0…1 while pulling */
  readonly progress?: number
  readonly restarts: number
  readonly image: string
}

/** A wait that a tile counts down. Virtual milliseconds. */
export interface Countdown {
  readonly kind: 'grace' | 'backOff' | 'pull' | 'toleration'
  readonly from: number
  readonly until: number
}

/** All that a tile and a load bar need of a pod. */
export interface PodRow {
  /** `namespace/name` */
  readonly key: string
  readonly uid: string
  readonly namespace: string
  readonly name: string
  /** empty while it has none */
  readonly node: string
  /** the topmost controller: `Deployment/default/web`; the pod itself where it has none */
  readonly owner: string
  /** what the tile calls it: `web` */
  readonly ownerName: string
  /** the part of its name that is its own: `x8k2p` */
  readonly suffix: string
  /** belongs to an older revision of its owner */
  readonly isOld: boolean
  readonly look: PodLook
  /** kubectl's STATUS word */
  readonly status: string
  /** `1/1` */
  readonly ready: string
  readonly isReady: boolean
  readonly restarts: number
  readonly containers: readonly ContainerMark[]
  /** last probe results, oldest first: `R` readiness, `L` liveness, `S` startup */
  readonly probes: readonly { readonly letter: 'R' | 'L' | 'S'; readonly results: readonly boolean[] }[]
  readonly countdown?: Countdown
  readonly cpuMilli: number
  readonly memoryBytes: number
  /** counts in the node's load bars (not completed, failed or evicted) */
  readonly isCounted: boolean
  readonly ip: string
  readonly createdAt: number
}

/** Amounts of one resource on one node. */
export interface Load {
  readonly capacity: number
  readonly allocatable: number
  readonly requested: number
  readonly used: number
}

/** All that a hull shows of a node. */
export interface NodeRow {
  readonly name: string
  readonly condition: 'Ready' | 'NotReady' | 'Unknown'
  readonly isCordoned: boolean
  readonly zone: string
  readonly taints: readonly string[]
  /** thousandths of a core */
  readonly cpu: Load
  /** bytes */
  readonly memory: Load
  readonly podsMax: number
  readonly podCount: number
  /** the truth, which the cluster may not know yet */
  readonly isPowered: boolean
  readonly isConnected: boolean
  readonly isKubeletRunning: boolean
  /** since when the API server has not heard of it; virtual ms */
  readonly silentSince?: number
  /** the node group it was bought from */
  readonly group?: string
  /** nobody needs it: when the autoscaler will remove it, if that stays so; virtual ms */
  readonly removalAt?: number
}
