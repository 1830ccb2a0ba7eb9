import type { Draft, Pod } from '../../api/index.ts'
import { defineAdmission } from './admission.ts'

const troubles = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/** Lets every pod stay five minutes on a node that fell silent, unless it says otherwise. */
// upstream: plugin/pkg/admission/defaulttolerationseconds/admission.go
export const defaultTolerationSeconds = defineAdmission({
  name: 'DefaultTolerationSeconds',
  kinds: ['Pod'],
  verbs: ['create', 'update'],
  subresources: [''],
  mutate({ draft }) {
    const { spec } = draft as Draft<Pod>
    for (const key of troubles) {
      const isTold = spec.tolerations?.some(
        (one) => (one.key === key || !one.key) && (one.effect === 'NoExecute' || !one.effect),
      )
      if (isTold) continue
      const added = { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }
      spec.tolerations = [...(spec.tolerations ?? []), added]
    }
  },
})
