import type { Connection, Resolution } from '../../network/network.ts'
import type { Files } from './files.ts'
import type { KernelState, Process } from './kernelState.ts'
import type { Tool } from './tool.ts'

/** What processes may ask of the world around them. One host serves many kernels: whose processes ask is told along. */
export interface Host<Own = Kernel> {
  readonly now: () => number
  /** Calls `wake(kernel, pid)` after a delay; pid 0 ends a pause. Work that goes on for ever is no work a cluster waits for. */
  readonly wakeIn: (kernel: Own, delayMs: number, pid: number, isWork: boolean) => number
  readonly cancelWake: (timer: number, isWork: boolean) => void
  readonly write: (kernel: Own, group: number, stream: 'stdout' | 'stderr', text: string) => void
  readonly files: (kernel: Own) => Files
  readonly about: (kernel: Own) => About
  /** The environment of what somebody outside starts. Frozen. */
  readonly environment: (kernel: Own) => Readonly<Record<string, string>>
  /** One variable of it, for who needs no more. */
  readonly variable: (kernel: Own, name: string) => string | undefined
  readonly tool: (program: string) => Tool | undefined
  /** A process ended that somebody outside may wait for: pid 1, or the first of a group. */
  readonly ended: (kernel: Own, process: Process, code: number) => void
  readonly connect: (kernel: Own, host: string, port: number, protocol?: 'TCP' | 'UDP') => Connection
  readonly resolve: (kernel: Own, name: string) => Resolution
  /** Opens a port of the pod; false when another process has it. */
  readonly listen: (kernel: Own, port: number, protocol: 'TCP' | 'UDP') => boolean
  readonly unlisten: (kernel: Own, port: number) => void
  /** What another container answers at a port: undefined when nobody does in time. */
  readonly ask: (
    kernel: Own,
    connection: Connection,
    port: number,
    request: ServiceRequest,
  ) => ServiceAnswer | undefined
  /** What the container answers changed: flows of traffic are reckoned anew. */
  readonly answersChanged: (kernel: Own) => void
  /** A process took or freed memory. */
  readonly memoryChanged: (kernel: Own) => void
  /** What the kubelets tell of all running containers to who may ask; nothing where there are no nodes. */
  readonly scrape?: () => ScrapeAnswer
  readonly random: (below: number) => number
  /** Puts something into the store outside the cluster: `s3://bucket/key`. */
  readonly upload: (url: string, text: string) => void
  readonly record: (kernel: Own, what: string, detail: Readonly<Record<string, unknown>>) => void
}

/** What the kubelets that answer tell of their containers. */
export interface ScrapeAnswer {
  readonly nodes: readonly string[]
  readonly points: readonly UsagePoint[]
}

/** What a kubelet tells of one container. Frozen. */
export interface UsagePoint {
  readonly node: string
  readonly podUid: string
  readonly container: string
  readonly startedAt: number
  readonly cpuMilli: number
  readonly memoryBytes: number
}

/** What processes can find out about where they are. */
export interface About {
  readonly hostname: string
  readonly user: {
    readonly uid: number
    readonly gid: number
    readonly name: string
    readonly groups: readonly number[]
  }
  readonly address: string
  readonly nameserver: string
  readonly search: readonly string[]
  readonly cpuMilli: number | undefined
  readonly memoryBytes: number | undefined
  /** whose words its tools use */
  readonly family: 'busybox' | 'gnu'
  readonly isBusyboxOld: boolean
  /** an image that the catalogue does not know: any command may exist in it */
  readonly isOpen: boolean
  readonly ports: readonly number[]
  readonly hasGpu: boolean
  readonly node: string
  readonly isTty: boolean
}

/** One question to a listening process, in whatever protocol. */
export interface ServiceRequest {
  readonly protocol: 'http' | 'tcp' | 'grpc' | 'redis' | 'sql'
  readonly method: string
  readonly path: string
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly isTls?: boolean
  readonly client?: string
}

/** What a process answers. */
export interface ServiceAnswer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** how long it takes to answer, in virtual milliseconds */
  readonly delayMs?: number
}

/** The processes with the world around them. */
export interface Kernel {
  readonly state: KernelState
  readonly host: Host
  /** where volumes are mounted */
  readonly mounts: readonly { readonly path: string }[]
}
