import type { QueueingHint } from '../framework.ts'

/** Whether a claim that came or changed is one of the pod's. */
export const isOwnClaim: QueueingHint = (pod, { object }) => {
  if (object === undefined) return true
  const { namespace, name } = object.metadata
  return namespace === pod.namespace && pod.claims.includes(`${namespace}/${name}`)
}

/** Whether a pod that goes shared a claim or a disk with the one that waits. */
export const hadVolumes: QueueingHint = (_pod, { other }) => other!.volumes.length > 0
