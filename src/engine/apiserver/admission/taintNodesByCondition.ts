import type { Draft, Node } from '../../api/index.ts'
import { defineAdmission } from './admission.ts'

const key = 'node.kubernetes.io/not-ready'

/** A new node takes no pods before its kubelet has said that it is ready. */
// upstream: plugin/pkg/admission/nodetaint/admission.go
export const taintNodesByCondition = defineAdmission({
  name: 'TaintNodesByCondition',
  kinds: ['Node'],
  verbs: ['create'],
  subresources: [''],
  mutate({ draft }) {
    const { spec } = draft as Draft<Node>
    const has = spec.taints?.some((taint) => taint.key === key && taint.effect === 'NoSchedule')
    if (!has) spec.taints = [...(spec.taints ?? []), { key, effect: 'NoSchedule' }]
  },
})
