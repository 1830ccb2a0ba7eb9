/**
 * The cluster's network as the runtime's processes and the probes see it. Implemented by `createNetwork` over what the nodes'
 * proxies know; the runtime tells it which process listens where.
 */
export interface Network {
  /** Gives a pod its address on a node (host network pods share the node's). */
  readonly assignAddress: (node: string, podUid: string) => string
  readonly releaseAddress: (podUid: string) => void
  /** A process opened or closed a port. */
  readonly listen: (listener: Listener) => void
  readonly unlisten: (containerId: string, port?: number) => void
  /** Where a connection from a node to host:port ends now: by pod address, service address (this node's proxy rules) or name. */
  readonly connect: (from: Origin, host: string, port: number, protocol?: 'TCP' | 'UDP') => Connection
  /** DNS as the pod's resolv.conf has it. */
  readonly resolve: (from: Origin, name: string) => Resolution
}

/** A process that accepts connections. */
export interface Listener {
  readonly containerId: string
  readonly podUid: string
  readonly node: string
  readonly address: string
  readonly port: number
  readonly protocol: 'TCP' | 'UDP'
}

/** Who dials: a pod, a node, or somebody outside the cluster. */
export interface Origin {
  readonly node?: string
  readonly podUid?: string
  readonly namespace?: string
}

export type Connection =
  | { readonly outcome: 'connected'; readonly listener: Listener }
  | { readonly outcome: 'refused' }
  /** nobody answers: packets are lost */
  | { readonly outcome: 'silent' }
  | { readonly outcome: 'nxdomain' }

export type Resolution = { readonly addresses: readonly string[]; readonly name: string } | { readonly error: 'NXDOMAIN' | 'SERVFAIL' | 'timeout' }
