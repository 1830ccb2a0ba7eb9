import { builtIn, type BuiltIn } from './birth.ts'

function priorityClass(name: string, value: number, description: string): BuiltIn {
  return builtIn(
    'priorityclasses',
    'scheduling.k8s.io/v1',
    'PriorityClass',
    { name, generation: 1 },
    { value, description, preemptionPolicy: 'PreemptLowerPriority' },
  )
}

/** The classes of pods that a cluster cannot do without. */
// upstream: pkg/apis/scheduling/v1/helpers.go
export const priorityClasses: readonly BuiltIn[] = Object.freeze([
  priorityClass(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ),
  priorityClass(
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ),
])
