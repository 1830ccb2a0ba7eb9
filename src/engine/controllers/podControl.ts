import type { KubeObject, Pod, ReplicaSet } from '../api/index.ts'
import { ownerReference } from './claim.ts'
import { create, event, remove, type Write } from './controller.ts'
import { forgive } from './perform.ts'

type Template = ReplicaSet['spec']['template']

/** Makes pods from a template, slowly at first, and tells of each in an event. upstream: RealPodControl.CreatePods */
export function createPods(owner: KubeObject, template: Template, count: number): readonly Write[] {
  const pod = podFrom(owner, template)
  const birth = create('Pod', pod, {
    namespace: owner.metadata.namespace,
    done: ({ metadata }) => [event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`)],
    refused: (error) =>
      isNamespaceTerminating(error)
        ? forgive
        : [event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)],
  })
  return [{ do: 'slowly', writes: Array.from({ length: count }, () => birth) }]
}

/** Deletes pods, and tells of each in an event; one that is gone already is fine. upstream: RealPodControl.DeletePod */
export function deletePods(owner: KubeObject, pods: readonly Pod[]): readonly Write[] {
  return pods.map((pod) =>
    remove(pod, undefined, {
      done: () => [event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)],
      refused: (error) =>
        error.code === 404 ? forgive : [event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`)],
    }),
  )
}

/** The pod a template describes, owned by its maker. upstream: GetPodFromTemplate */
export function podFrom(owner: KubeObject, template: Template): object {
  const { labels, annotations, finalizers } = template?.metadata ?? {}
  const metadata = {
    generateName: `${owner.metadata.name}-`,
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(finalizers && { finalizers }),
    ownerReferences: [ownerReference(owner)],
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: template?.spec }
}

/** A refusal that says that the whole namespace is on its way out: nothing to worry about. */
export function isNamespaceTerminating(error: {
  readonly status: { readonly details?: { readonly causes?: readonly { reason?: string }[] } }
}): boolean {
  return error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false
}
