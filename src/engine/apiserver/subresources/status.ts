import { shallowCopy, type Draft, type KubeObject } from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import { defineSubresource } from './subresource.ts'

const sent = ['labels', 'annotations', 'finalizers', 'managedFields', 'resourceVersion', 'uid'] as const

/** Only the status goes in; spec, owners and deletion stay as they are. */
export const status = defineSubresource({
  name: 'status',
  merge: (draft, old, kind) => {
    const metadata = shallowCopy(old.metadata) as unknown as Record<string, unknown>
    // a component sends what it read
    if (draft.metadata !== (old.metadata as object)) takeSent(metadata, draft, kind)
    const next = shallowCopy(old) as unknown as Record<string, unknown>
    next['metadata'] = metadata
    next['status'] = (draft as { status?: unknown }).status ?? {}
    return next as unknown as Draft<KubeObject>
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
