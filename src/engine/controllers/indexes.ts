import { controllerOf, type KubeObject, type Node, type Pod } from '../api/index.ts'
import type { Indexers } from '../client/index.ts'

// An index's name stands for its function: all loops of a process share the caches, and the first to ask makes the index.

const none: readonly string[] = Object.freeze([])

/** Objects by their controller's uid. */
export const controllerIndex: Indexers<KubeObject> = {
  controller: {
    reads: ['owners'],
    values(object) {
      const owner = controllerOf(object)
      return owner === undefined ? none : [owner.uid]
    },
  },
}

/** Objects without a controller, by namespace. */
export const orphansIndex: Indexers<KubeObject> = {
  orphans: {
    reads: ['owners'],
    values: (object) => (controllerOf(object) === undefined ? [object.metadata.namespace ?? ''] : none),
  },
}

/** Pods by the node they are bound to. */
export const nodeIndex: Indexers<Pod> = {
  node: { reads: ['spec'], values: ({ spec }) => (spec.nodeName ? [spec.nodeName] : none) },
}

/** Nodes that are not ready and that a person has declared out of service. */
export const outOfServiceIndex: Indexers<Node> = {
  outOfService: {
    reads: ['spec', 'status'],
    values({ spec, status }) {
      const isDeclared = spec.taints?.some(({ key }) => key === 'node.kubernetes.io/out-of-service')
      const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')
      return isDeclared && !isReady ? ['yes'] : none
    },
  },
}
