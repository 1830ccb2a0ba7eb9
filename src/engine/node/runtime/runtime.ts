import type { Pod } from '../../api/index.ts'
import type { Address } from '../../sim/index.ts'

/**
 * What a kubelet asks of its machine: the container runtime interface. One implementation runs image behaviours in virtual time
 * (`createRuntime`); tests bring one that only obeys instructions. Whatever takes time answers later, by an event at `replyTo`
 * (a timer address such as `kubelet/node-1`), with the `token` it was given.
 */
export interface Runtime {
  readonly images: ImageService
  /** Makes the pod's sandbox and network. Answers `sandbox.ready { token, ip }` or `sandbox.failed { token, message }`. */
  readonly runSandbox: (node: string, pod: Pod, reply: Reply) => void
  /** Tears down sandbox and network, and with them whatever still runs inside. */
  readonly removeSandbox: (node: string, podUid: string) => void
  /** Makes a container that does not run yet: its id, or the runtime's error text. */
  readonly createContainer: (config: ContainerConfig) => { readonly id: string } | { readonly error: string }
  /**
   * Starts its process: nothing, or the runtime's error text. When the process ends, `process.exited` (an ExitEvent) goes to `reply`.
   */
  readonly startContainer: (id: string, reply: Reply) => string | undefined
  /** SIGTERM now, SIGKILL after the grace; the end comes as `process.exited`. A grace of 0 kills at once. */
  readonly stopContainer: (id: string, graceMs: number) => void
  /** Gives a running container other limits: nothing, or the runtime's error text. */
  readonly updateContainer?: (id: string, limits: ContainerConfig['limits']) => string | undefined
  readonly removeContainer: (id: string) => void
  /** Frees shared storage whose key starts so: the emptyDirs of a pod that is gone. */
  readonly removeStorage?: (prefix: string) => void
  /** Runs a command in a container. Answers `exec.done { token, code, stdout, stderr }`, or never if it never ends. */
  readonly exec: (id: string, command: readonly string[], reply: Reply) => void
  /** One probe from the node to a pod's address. Answers `probe.answered` (a ProbeAnswer); nothing if nobody ever answers. */
  readonly probe: (node: string, target: ProbeTarget, reply: Reply) => void
  /** What the process wrote: lines with their virtual time. */
  readonly logs: (id: string) => readonly LogLine[]
  /** The last words for `terminationMessagePath`, if any. */
  readonly terminationMessage: (id: string) => string | undefined
  /** Current use, for metrics and eviction. */
  readonly usage: (id: string) => { readonly cpuMilli: number; readonly memoryBytes: number }
  /** The machine lost power: everything that ran on it is gone without a word. */
  readonly powerOff: (node: string) => void
}

/** Where an answer goes. */
export interface Reply {
  readonly to: Address
  readonly token: string
}

/** A node's image store and its way to the registry. */
export interface ImageService {
  readonly has: (node: string, image: string) => boolean
  /** `docker.io/library/nginx@sha256:…`, size and user of an image the node has */
  readonly describe: (node: string, image: string) => ImageInfo | undefined
  /** Answers `image.pulled { token, image, sizeBytes, tookMs }` or `image.pullFailed { token, image, code, message }`. */
  readonly pull: (node: string, image: string, reply: Reply) => void
  /** An error text if the reference cannot be read: `couldn't parse image name …`. */
  readonly parseError: (image: string) => string | undefined
}

export interface ImageInfo {
  /** `docker.io/library/nginx:1.27` */
  readonly reference: string
  /** `docker.io/library/nginx@sha256:…` */
  readonly digest: string
  readonly sizeBytes: number
  /** the image's USER: a number, a name, or nothing for root */
  readonly user?: string
}

/** Everything a process is started with, all references resolved. */
export interface ContainerConfig {
  readonly node: string
  readonly pod: Pod
  readonly podIP: string
  /** the container's name and how often it was started before */
  readonly name: string
  readonly attempt: number
  readonly image: string
  /** the entry point; the image's own where absent */
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly mounts: readonly Mount[]
  readonly limits: { readonly cpuMilli?: number; readonly memoryBytes?: number }
  /** its main process can be given something to read */
  readonly stdin: boolean
  readonly tty: boolean
}

/** A volume in a container. `volume` names shared storage of the pod (emptyDir) or beyond; `files` are projected contents. */
export interface Mount {
  readonly path: string
  readonly subPath?: string
  readonly isReadOnly: boolean
  /** storage shared by all mounts of the same key: `<pod uid>/<volume name>` for an emptyDir */
  readonly storage: string
  /** read-only contents from a ConfigMap, Secret or the downward API: path → text */
  readonly files?: Readonly<Record<string, string>>
}

/** How a process ended. */
export interface ExitEvent {
  readonly type: 'process.exited'
  readonly token: string
  readonly id: string
  readonly code: number
  /** `Completed`, `Error`, `OOMKilled` */
  readonly reason: string
  readonly message?: string
  readonly [detail: string]: unknown
}

/** What a probe asks. */
export type ProbeTarget =
  | {
      readonly kind: 'http'
      readonly host: string
      readonly port: number
      readonly path: string
      readonly scheme: 'HTTP' | 'HTTPS'
      readonly headers: readonly { readonly name: string; readonly value: string }[]
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'grpc'; readonly host: string; readonly port: number; readonly service: string }

/** What came back. A refused connection is an answer; silence is none (the prober has its own timeout). */
export interface ProbeAnswer {
  readonly type: 'probe.answered'
  readonly token: string
  readonly result:
    | { readonly kind: 'http'; readonly status: number; readonly body: string; readonly location?: string }
    | { readonly kind: 'tcp' }
    | { readonly kind: 'grpc'; readonly status: 'SERVING' | 'NOT_SERVING' | 'UNKNOWN_SERVICE' }
    | { readonly kind: 'refused' }
  readonly [detail: string]: unknown
}

export interface LogLine {
  /** virtual milliseconds */
  readonly at: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}
