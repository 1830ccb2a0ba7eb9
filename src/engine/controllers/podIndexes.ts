import type { Node, Pod } from '../api/index.ts'

/** The index of pods by the node they are bound to. */
export const nodeIndex = {
  node: ({ spec }: Pod): readonly string[] => (spec.nodeName ? [spec.nodeName] : []),
}

/** The index of nodes that are not ready and that a person has declared out of service. */
export const outOfServiceIndex = {
  outOfService: ({ spec, status }: Node): readonly string[] => {
    const isDeclared = spec.taints?.some(({ key }) => key === 'node.kubernetes.io/out-of-service')
    const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')
    return isDeclared && !isReady ? ['yes'] : []
  },
}
