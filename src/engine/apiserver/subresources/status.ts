import type { Draft, KubeObject } from '../../api/index.ts'
import { defineSubresource } from './subresource.ts'

/** Only the status goes in; spec, owners and deletion stay as they are. */
export const status = defineSubresource({
  name: 'status',
  merge: (sent, old) => {
    const { labels, annotations, finalizers, managedFields, resourceVersion } = sent.metadata
    const metadata = { ...old.metadata, labels, annotations, finalizers, managedFields, resourceVersion }
    for (const key of ['labels', 'annotations', 'finalizers', 'managedFields'] as const)
      if (metadata[key] === undefined) delete metadata[key]
    return { ...old, status: (sent as { status?: unknown }).status, metadata } as unknown as Draft<KubeObject>
  },
})
