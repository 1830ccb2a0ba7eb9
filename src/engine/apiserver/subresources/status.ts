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
    return stated(old, metadata, (draft as Stated).status ?? {}) as Draft<KubeObject>
  },
})

interface Stated {
  readonly spec?: unknown
  readonly status?: unknown
}

/** The fields of most objects, in the order in which most have them. */
const usual = ['apiVersion', 'kind', 'metadata', 'spec', 'status']

/** An object with another status: a literal where that has all of its fields, as it is made many times faster than a copy. */
function stated(old: KubeObject & Stated, metadata: unknown, status: unknown): object {
  if (isUsual(old)) return { apiVersion: old.apiVersion, kind: old.kind, metadata, spec: old.spec, status }
  const next = shallowCopy(old) as Record<string, unknown>
  next['metadata'] = metadata
  next['status'] = status
  return next
}

function isUsual(object: object): boolean {
  let count = 0
  for (const key in object) if (key !== usual[count++]) return false
  return count === usual.length
}

function takeSent(metadata: Record<string, unknown>, draft: Draft<KubeObject>, kind: Kind): void {
  for (const key of sent) {
    const value = draft.metadata[key]
    if (value === metadata[key]) continue
    if (key === 'labels' && kind.kind === 'Deployment') continue // upstream keeps those of a Deployment
    if (value === undefined) delete metadata[key]
    else metadata[key] = value
  }
}
