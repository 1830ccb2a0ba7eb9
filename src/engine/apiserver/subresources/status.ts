import type { Draft, KubeObject } from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import { copyMetadata, withStatus } from '../copies.ts'
import { defineSubresource } from './subresource.ts'

const sent = ['labels', 'annotations', 'finalizers', 'managedFields', 'resourceVersion', 'uid'] as const

/** Only the status goes in; spec, owners and deletion stay as they are. */
export const status = defineSubresource({
  name: 'status',
  merge: (draft, old, kind) => {
    const metadata = copyMetadata(old.metadata)
    // a component sends what it read
    if (draft.metadata !== (old.metadata as object))
      takeSent(metadata as unknown as Record<string, unknown>, draft, kind)
    return withStatus(old, metadata, (draft as { status?: unknown }).status ?? {}) as Draft<KubeObject>
  },
})

function takeSent(metadata: Record<string, unknown>, draft: Draft<KubeObject>, kind: Kind): void {
  for (const key of sent) {
    const value = draft.metadata[key]
    if (value === metadata[key]) continue
    if (key === 'labels' && kind.kind === 'Deployment') continue // upstream keeps those of a Deployment
    if (value === undefined) delete metadata[key]
    else metadata[key] = value
  }
}
