/**
 * The cluster's network as the runtime's processes and the probes see it. Implemented by `createNetwork` over what the nodes'
 * proxies know; the runtime tells it which process listens where.
 */
export interface Network {
  /**
   * Gives a pod its address on a node (host network pods share the node's), or tells the one it has already. The empty text when
   * the node's range is used up; the sandbox then fails with `noAddressLeft`.
   */
  readonly assignAddress: (node: string, podUid: string, pod?: AddressRequest) => string
  readonly releaseAddress: (podUid: string) => void
  /** A process opens a port; false when another has it. The record becomes the network's own. */
  readonly listen: (listener: Listener) => boolean
  /**
   * With a port: the process closed it, and still finishes what it was answering. Without: the process is gone (it ended or was
   * killed), and whoever waited for an answer gets none.
   */
  readonly unlisten: (podUid: string, containerId: string, port?: number) => void
  /** Who accepts connections to a pod's (or, on the host's network, a node's) address, whoever may get there. */
  readonly listenerAt: (address: string, port: number, protocol: 'TCP' | 'UDP') => Listener | undefined
  /** What a process answers changed (its status for a path, its speed, whether it answers at all): flows are reckoned anew. */
  readonly answersChanged?: (containerId: string) => void
  /** What traffic asks of a container at this moment, for `usage`. */
  readonly loadOf?: (containerId: string) => ContainerLoad
  /** Where a connection from a node to host:port ends now: by pod address, service address (this node's proxy rules) or name. */
  readonly connect: (from: Origin, host: string, port: number, protocol?: 'TCP' | 'UDP') => Connection
  /** DNS as the pod's resolv.conf has it. */
  readonly resolve: (from: Origin, name: string) => Resolution
}

/** More about a pod that asks for an address. */
export interface AddressRequest {
  readonly isHostNetwork?: boolean
  /** `namespace/name`, for people to read */
  readonly name?: string
}

/** A process that accepts connections. */
export interface Listener {
  readonly containerId: string
  readonly podUid: string
  readonly node: string
  /** the pod's address, or 127.0.0.1 for a process that only answers its own pod */
  readonly address: string
  readonly port: number
  readonly protocol: 'TCP' | 'UDP'
  /** the port of the node that leads here as well */
  readonly hostPort?: number | undefined
}

/** How a process answers requests on one of its ports: what the runtime's `serviceOf(containerId, port)` tells. */
export interface ServedPort {
  /** from request to answer while nobody else asks */
  readonly latencyMs: number
  /** milliseconds of CPU for one request: at n requests a second it uses n times as many millicores */
  readonly cpuPerRequestMilli: number
  /** the container's CPU limit, where it has one */
  readonly cpuLimitMilli?: number | undefined
  /** it accepts connections and never answers */
  readonly isHung?: boolean | undefined
  /** the HTTP status for a path (with query); undefined when nobody ever answers there */
  readonly statusFor: (path: string) => number | undefined
}

/** What flows into a container now. */
export interface ContainerLoad {
  readonly rps: number
  readonly cpuMilli: number
}

/** Who dials: a pod, a node, or somebody outside the cluster. */
export interface Origin {
  readonly node?: string
  readonly podUid?: string
  /** the pod's namespace where its resolv.conf is the cluster's; absent for `dnsPolicy: Default` and for nodes */
  readonly namespace?: string
}

export type Connection =
  | { readonly outcome: 'connected'; readonly listener: Listener }
  | { readonly outcome: 'refused' }
  /** nobody answers: packets are lost */
  | { readonly outcome: 'silent' }
  | { readonly outcome: 'nxdomain' }

export type Resolution =
  | { readonly addresses: readonly string[]; readonly name: string }
  | { readonly error: 'NXDOMAIN' | 'SERVFAIL' | 'timeout' }
