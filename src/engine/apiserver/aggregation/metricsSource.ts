import type { Node, Pod } from '../../api/index.ts'

/** Where the Service of an APIService leads. */
export interface Backend {
  /** the pods that are ready behind it */
  readonly pods: readonly Pod[]
  /** the name outside the cluster that it stands for */
  readonly externalName: string | undefined
}

/** Who has measured what is used: asked at the moment of a request. */
export interface MetricsSource {
  /** The metrics server there, if one answers. */
  readonly serverAt: (backend: Backend) => MetricsServer | undefined
}

/** What one metrics server knows. */
export interface MetricsServer {
  /** undefined before it has measured twice */
  readonly ofPod: (pod: Pod) => PodSample | undefined
  readonly ofNode: (node: Node) => NodeSample | undefined
}

/** When something was measured, in virtual milliseconds, and over which time. */
interface Measured {
  readonly at: number
  readonly windowMs: number
}

/** What somebody used. */
export interface Usage {
  readonly cpuMilli: number
  readonly memoryBytes: number
}

export interface NodeSample extends Measured {
  readonly usage: Usage
}

export interface PodSample extends Measured {
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[]
}
