import type { Draft, Node, Pod } from '../../api/index.ts'
import { defineAdmission } from './admission.ts'

const copied = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** A pod that is born on a node carries where that node stands. What is bound later gets it by its binding. */
// upstream: plugin/pkg/admission/podtopologylabels/admission.go
export const podTopologyLabels = defineAdmission({
  name: 'PodTopologyLabels',
  kinds: ['Pod'],
  verbs: ['create'],
  subresources: [''],
  mutate({ draft, context }) {
    const { metadata, spec } = draft as Draft<Pod>
    if (!spec.nodeName) return
    const labels = context.find<Node>('Node', spec.nodeName)?.metadata.labels
    for (const key of copied)
      if (labels?.[key] !== undefined) metadata.labels = { ...metadata.labels, [key]: labels[key] }
  },
})
