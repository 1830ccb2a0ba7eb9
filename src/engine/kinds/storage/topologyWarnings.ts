import type { CSIStorageCapacity, StorageClass } from '../../api/index.ts'
import { outdatedLabel } from '../rules/nodeLabels.ts'

/** A class's topology by node labels that have had their day. */
// upstream: pkg/api/storage/util.go GetWarningsForStorageClass
export function topologyWarnings({ allowedTopologies = [] }: StorageClass): readonly string[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, index) =>
    matchLabelExpressions.flatMap(({ key }, place) => {
      const text = outdatedLabel(key)
      const at = `allowedTopologies[${index}].matchLabelExpressions[${place}].key`
      return text === undefined ? [] : [`${at}: ${key} is ${text}`]
    }),
  )
}

/** The same of a capacity's nodes. */
// upstream: GetWarningsForCSIStorageCapacity there
export function capacityWarnings({ nodeTopology }: CSIStorageCapacity): readonly string[] {
  const warnings: string[] = []
  nodeTopology?.matchExpressions?.forEach(({ key }, index) => {
    const text = outdatedLabel(key)
    if (text !== undefined) warnings.push(`nodeTopology.matchExpressions[${index}].key: ${key} is ${text}`)
  })
  for (const key of Object.keys(nodeTopology?.matchLabels ?? {}).sort()) {
    const text = outdatedLabel(key)
    if (text !== undefined) warnings.push(`nodeTopology.matchLabels.${key}: ${text}`)
  }
  return warnings
}
