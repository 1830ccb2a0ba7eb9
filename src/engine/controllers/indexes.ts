import { controllerOf, type KubeObject, type Node, type Pod } from '../api/index.ts'
import type { Indexers } from '../client/index.ts'

// An index's name stands for its function: all loops of a process share the caches, and the first to ask makes the index.

/** Objects by their controller's uid. */
export const controllerIndex: Indexers<KubeObject> = {
  controller: (object) => {
    const owner = controllerOf(object)
    return owner === undefined ? [] : [owner.uid]
  },
}

/** Objects without a controller, by namespace. */
export const orphansIndex: Indexers<KubeObject> = {
  orphans: (object) => (controllerOf(object) === undefined ? [object.metadata.namespace ?? ''] : []),
}

/** Pods by the node they are bound to. */
export const nodeIndex = {
  node: ({ spec }: Pod): readonly string[] => (spec.nodeName ? [spec.nodeName] : []),
}

/** Nodes that are not ready and that a person has declared out of service. */
export const outOfServiceIndex = {
  outOfService: ({ spec, status }: Node): readonly string[] => {
    const isDeclared = spec.taints?.some(({ key }) => key === 'node.kubernetes.io/out-of-service')
    const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')
    return isDeclared && !isReady ? ['yes'] : []
  },
}
