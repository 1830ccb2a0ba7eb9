import type { ResourceList } from './quantity.ts'
import type { KubeObject } from './types.ts'

/** What a node used when it was last measured. */
export interface NodeMetrics extends KubeObject {
  readonly timestamp: string
  /** over which time usage is the mean, as Go prints a duration: `15s` */
  readonly window: string
  readonly usage: ResourceList
}

/** What the containers of a pod used when they were last measured. */
export interface PodMetrics extends KubeObject {
  readonly timestamp: string
  readonly window: string
  readonly containers: readonly { readonly name: string; readonly usage: ResourceList }[]
}

/** The API group of both. */
export const metricsGroup = 'metrics.k8s.io'
