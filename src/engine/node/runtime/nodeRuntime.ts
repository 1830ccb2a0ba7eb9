import type { ImageStore } from './imageService.ts'
import type { Image } from './images/defineImage.ts'
import type { Tool } from './kernel/tool.ts'
import type { Measurements } from './programs/metricsServer.ts'
import type { Runtime } from './runtime.ts'

/** What a port serves, for the arithmetic of traffic. */
export interface ServiceInfo {
  /** how long one request takes when nothing else runs */
  readonly latencyMs: number
  /** thousandths of a CPU that one request a second costs */
  readonly cpuPerRequestMilli: number
  /** the container's CPU limit, where it has one */
  readonly cpuLimitMilli?: number
  /** it accepts connections and never answers */
  readonly isHung?: boolean
  /** what a request for a path gets now; undefined is silence */
  readonly statusFor: (path: string, host?: string) => number | undefined
}

/** A command that runs in a container with its input and output held by somebody outside: `kubectl exec -it`. */
export interface ExecHandle {
  readonly id: string
  readonly group: number
}

/** What an open exec wrote since it was asked last. */
export interface ExecOutput {
  readonly stdout: string
  readonly stderr: string
  /** its exit code, once it ended */
  readonly code: number | undefined
}

/** The container runtime of all nodes, with what traffic, lessons, faults and the page need beyond the kubelet's interface. */
export interface NodeRuntime extends Runtime {
  readonly images: ImageStore
  /** What listens at a port of a container: undefined when nobody does. */
  readonly serviceOf: (id: string, port: number) => ServiceInfo | undefined
  /** What runs on each node uses in all. */
  readonly usageByNode: () => ReadonlyMap<string, { readonly cpuMilli: number; readonly memoryBytes: number }>
  /** Says which nodes' kubelets answer who asks them for usage; none, unless said. */
  readonly scrapedAt: (nodes: () => readonly string[]) => void
  /** What the metrics server in a container has measured; undefined where none answers. */
  readonly measured: (id: string) => Measurements | undefined
  /** Requests a second that the traffic's arithmetic sends to a container; they show in its CPU. */
  readonly setRate: (id: string, requestsPerSecond: number) => void
  readonly requestsServed: (id: string) => number
  /** The text of a file as a container sees it. */
  readonly readFile: (id: string, path: string) => string | undefined
  /** The text of a file as an image has it. */
  readonly imageFile: (image: string, path: string) => string | undefined
  readonly environment: (id: string) => Readonly<Record<string, string>>
  /** Bytes in the container's own layer. */
  readonly diskBytes: (id: string) => number
  /** Bytes in a storage that mounts share. */
  readonly storageBytes: (storage: string) => number
  /** Frees shared storage whose key starts so: an emptyDir when its pod is gone. */
  readonly removeStorage: (prefix: string) => void
  /** New contents of a projected volume; running processes see them at once. */
  readonly updateMount: (id: string, path: string, files: Readonly<Record<string, string>>) => void
  /** What was put into the store outside the cluster. */
  readonly warehouse: () => ReadonlyMap<string, string>
  /** A fault: the main process dies by a signal. */
  readonly kill: (id: string, signalName?: string) => void
  /** A fault: the main process ends by its own mistake, with this code. */
  readonly crash: (id: string, code?: number) => void
  /** A fault: nothing in the container runs or answers while it is on. */
  readonly hang: (id: string, isOn: boolean) => void
  /** A fault: the main process takes so much more memory each second. */
  readonly leak: (id: string, bytesPerSecond: number) => void
  /** What its main process wrote of a line that is not ended yet. */
  readonly unfinished: (id: string) => string
  /** Starts a command whose input and output stay open; an error text when there is no such command. */
  readonly openExec: (
    id: string,
    command: readonly string[],
    options?: { readonly tty?: boolean; readonly stdin?: boolean },
  ) => ExecHandle | { readonly error: string }
  readonly writeExec: (handle: ExecHandle, text: string, isEnd?: boolean) => void
  readonly takeExec: (handle: ExecHandle) => ExecOutput
  readonly signalExec: (handle: ExecHandle, name: string) => void
  /** Ends it if it still runs, and forgets it. */
  readonly closeExec: (handle: ExecHandle) => void
}

/** What a host may add to the built-in catalogue: the same at every build of a world. */
export interface RuntimeOptions {
  readonly images?: readonly Image[]
  readonly tools?: readonly Tool[]
}
