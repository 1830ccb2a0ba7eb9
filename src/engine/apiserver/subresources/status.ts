import type { Draft, KubeObject } from '../../api/index.ts'
import { defineSubresource } from './subresource.ts'

const sent = ['labels', 'annotations', 'finalizers', 'managedFields', 'resourceVersion', 'uid'] as const

/** Only the status goes in; spec, owners and deletion stay as they are. */
export const status = defineSubresource({
  name: 'status',
  merge: (draft, old, kind) => {
    const metadata = { ...old.metadata } as unknown as Record<string, unknown>
    for (const key of sent) {
      if (key === 'labels' && kind.kind === 'Deployment') continue // upstream keeps those of a Deployment
      if (draft.metadata[key] === undefined) delete metadata[key]
      else metadata[key] = draft.metadata[key]
    }
    return { ...old, metadata, status: (draft as { status?: unknown }).status ?? {} } as unknown as Draft<KubeObject>
  },
})
