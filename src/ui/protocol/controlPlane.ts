import type { MemberView } from '#engine'

/** The boxes of the control-plane view. */
export type MessageBox = 'client' | 'api' | 'etcd' | 'controllers' | 'scheduler' | 'kubelet'

/** One request that changed something, or was turned down, and who was told of it. */
export interface MessageRow {
  readonly seq: number
  readonly at: number
  readonly actor: string
  readonly from: MessageBox
  /** `POST pods/web-x/binding` */
  readonly request: string
  /** `Pod/default/web-x` */
  readonly object: string
  readonly sentence: string
  /** absent where nothing was stored */
  readonly revision?: number
  /** the gate that a refused request stopped at, as the chart names it */
  readonly refusedAt?: string
  readonly reason?: string
  /** components with a watch open that hear of it */
  readonly heard: readonly { readonly box: MessageBox; readonly names: readonly string[] }[]
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
}

export interface Messages {
  /** the gates of a write, in order, as the API server's chart names them */
  readonly gates: readonly string[]
  /** oldest first */
  readonly rows: readonly MessageRow[]
}

/** The members of etcd, and whether they can agree. */
export interface EtcdView {
  readonly members: readonly EtcdMember[]
  /** how many must agree */
  readonly quorum: number
  /** why nothing can be written, as etcd words it */
  readonly refusal?: string
  /** the states of one member, as its own chart has them */
  readonly chart: readonly ChartStateView[]
  /** elections of late, oldest first */
  readonly story: readonly { readonly seq: number; readonly at: number; readonly sentence: string }[]
}

/** One member of etcd. */
export interface EtcdMember extends Omit<MemberView, 'at'> {
  /** the state of its chart: `follower`, `leader`, `stopped`, … */
  readonly state: string
  /** entries that the leader has and it has not */
  readonly lag: number
}

/** One state of a chart, and the ways out of it. */
export interface ChartStateView {
  readonly name: string
  readonly exits: readonly { readonly on: string; readonly to: string }[]
}
