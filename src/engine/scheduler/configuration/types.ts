import type { Pod } from '../../api/index.ts'
import type { DefaultConstraint } from '../spread/defaults.ts'
import type { ShapePoint } from '../plugins/scoringStrategy.ts'
import type { Profile } from '../profile.ts'

/** A KubeSchedulerConfiguration of `kubescheduler.config.k8s.io/v1`, as far as it is read. */
export interface SchedulerConfiguration {
  readonly apiVersion?: string
  readonly kind?: string
  readonly parallelism?: number
  readonly percentageOfNodesToScore?: number
  readonly podInitialBackoffSeconds?: number
  readonly podMaxBackoffSeconds?: number
  readonly profiles?: readonly ProfileConfiguration[]
}

/** One profile of it. */
export interface ProfileConfiguration {
  readonly schedulerName?: string
  readonly percentageOfNodesToScore?: number
  readonly plugins?: Readonly<Record<string, PluginSet | undefined>>
  readonly pluginConfig?: readonly { readonly name: string; readonly args?: PluginArgs }[]
}

/** What is switched on and off at one extension point. */
export interface PluginSet {
  readonly enabled?: readonly { readonly name: string; readonly weight?: number }[]
  readonly disabled?: readonly { readonly name: string }[]
}

/** The arguments of all plugins in one: which of them are read depends on the plugin. */
export interface PluginArgs {
  readonly apiVersion?: string
  readonly kind?: string
  readonly minCandidateNodesPercentage?: number
  readonly minCandidateNodesAbsolute?: number
  readonly hardPodAffinityWeight?: number
  readonly ignorePreferredTermsOfExistingPods?: boolean
  readonly addedAffinity?: NonNullable<NonNullable<Pod['spec']['affinity']>['nodeAffinity']>
  readonly ignoredResources?: readonly string[]
  readonly ignoredResourceGroups?: readonly string[]
  readonly scoringStrategy?: {
    readonly type?: string
    readonly resources?: readonly ResourceWeight[]
    readonly requestedToCapacityRatio?: { readonly shape?: readonly ShapePoint[] }
  }
  readonly resources?: readonly ResourceWeight[]
  readonly defaultConstraints?: readonly (DefaultConstraint & { readonly labelSelector?: object })[]
  readonly defaultingType?: string
  readonly bindTimeoutSeconds?: number
}

/** A resource and how much it counts. */
export interface ResourceWeight {
  readonly name: string
  readonly weight?: number
}

/** What a configuration comes to. */
export interface SchedulerSettings {
  readonly profiles: readonly Profile[]
  readonly initialBackoffMs: number
  readonly maxBackoffMs: number
}

/** A configuration that kube-scheduler would not start with. */
export class SchedulerConfigurationError extends Error {
  override name = 'SchedulerConfigurationError'
}
