import type { Draft, KubeObject, Namespace } from '../../api/index.ts'
import { defineSubresource } from './subresource.ts'

/** Where the namespace controller lets go of a namespace that it has emptied. */
export const finalize = defineSubresource({
  name: 'finalize',
  merge: (sent, old) => {
    const finalizers = (sent as Draft<Namespace>).spec?.finalizers ?? []
    const spec = finalizers.length === 0 ? {} : { finalizers }
    return { ...old, metadata: { ...old.metadata }, spec } as unknown as Draft<KubeObject>
  },
})
