import { formatFieldError, type Pod } from '../../api/index.ts'
import type { Plugin } from '../framework.ts'
import { requiredNodesOf } from '../nodeSelector.ts'
import { createDefaultPreemption } from '../plugins/defaultPreemption.ts'
import { plugins } from '../plugins/index.ts'
import { createInterPodAffinity } from '../plugins/interPodAffinity.ts'
import { createNodeAffinity } from '../plugins/nodeAffinity.ts'
import { createNodeResourcesBalancedAllocation } from '../plugins/nodeResourcesBalancedAllocation.ts'
import { createNodeResourcesFit } from '../plugins/nodeResourcesFit.ts'
import { createPodTopologySpread } from '../plugins/podTopologySpread.ts'
import { scoreBy, type ScoringStrategy } from '../plugins/scoringStrategy.ts'
import { preferredNodesOf } from '../podInfo.ts'
import { SchedulerConfigurationError, type PluginArgs } from './types.ts'
import { fitErrors } from './validate.ts'

/** A plugin by name, with its arguments if a profile has some for it; undefined when there is no such plugin. */
export function pluginFor(name: string, args: PluginArgs | undefined): Plugin | undefined {
  return args !== undefined && Object.hasOwn(makers, name)
    ? makers[name]!(args)
    : plugins.find((plugin) => plugin.name === name)
}

const makers: Readonly<Record<string, (args: PluginArgs) => Plugin>> = {
  NodeResourcesFit: fitFor,
  NodeResourcesBalancedAllocation: ({ resources }) =>
    createNodeResourcesBalancedAllocation(resources?.map(({ name }) => name)),
  InterPodAffinity: ({ hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false }) =>
    createInterPodAffinity({ hardPodAffinityWeight, ignorePreferredTermsOfExistingPods }),
  NodeAffinity({ addedAffinity }) {
    if (addedAffinity === undefined) return createNodeAffinity({ required: undefined, preferred: [] })
    const spec = { affinity: { nodeAffinity: addedAffinity } } as Pod['spec']
    return createNodeAffinity({ required: requiredNodesOf(spec), preferred: preferredNodesOf(spec) })
  },
  PodTopologySpread: ({ defaultConstraints = [], defaultingType = 'System' }) =>
    defaultingType === 'System'
      ? plugins.find(({ name }) => name === 'PodTopologySpread')!
      : createPodTopologySpread({ isSystem: false, constraints: defaultConstraints }),
  DefaultPreemption: ({ minCandidateNodesPercentage = 10, minCandidateNodesAbsolute = 100 }) =>
    createDefaultPreemption({ minCandidateNodesPercentage, minCandidateNodesAbsolute }),
}

const usual = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]

function fitFor(args: PluginArgs): Plugin {
  const errors = fitErrors(args)
  if (errors.length > 0)
    throw new SchedulerConfigurationError(
      `initializing plugin "NodeResourcesFit": ${aggregated(errors.map(formatFieldError))}`,
    )
  const { scoringStrategy, ignoredResources, ignoredResourceGroups } = args
  const { type = 'LeastAllocated', resources, requestedToCapacityRatio } = scoringStrategy ?? {}
  const strategy: ScoringStrategy = {
    type: type as ScoringStrategy['type'],
    resources: resources?.length ? resources.map(({ name, weight = 1 }) => ({ name, weight })) : usual,
    shape: requestedToCapacityRatio?.shape ?? [],
  }
  const isUsual = type === 'LeastAllocated' && !resources?.length
  return createNodeResourcesFit({
    ...(!isUsual && { score: scoreBy(strategy) }),
    ...(ignoredResources && { ignored: ignoredResources }),
    ...(ignoredResourceGroups && { ignoredGroups: ignoredResourceGroups }),
  })
}

/** Several errors as Go's aggregate prints them. */
export function aggregated(texts: readonly string[]): string {
  const distinct = [...new Set(texts)]
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`
}
