import { assert } from '../sim/index.ts'
import type { Plugin } from './framework.ts'
import { plugins } from './plugins/index.ts'

/** Which plugins decide for the pods of one scheduler name, in which order, and how much each score counts. */
export interface Profile {
  readonly schedulerName: string
  readonly plugins: readonly Plugin[]
  /** by plugin name; 1 where nothing is said */
  readonly weights: Readonly<Record<string, number>>
}

/** What a scheduler does when nobody configures it. */
// upstream: pkg/scheduler/apis/config/v1/default_plugins.go
export const defaultProfile: Profile = Object.freeze({
  schedulerName: 'default-scheduler',
  plugins,
  weights: Object.freeze({
    TaintToleration: 3,
    NodeAffinity: 2,
    PodTopologySpread: 2,
    InterPodAffinity: 2,
    DynamicResources: 2,
  }),
})

/** A profile's plugins by the points they speak at, each by its place in the profile. */
export interface Framework {
  readonly profile: Profile
  readonly plugins: readonly Plugin[]
  readonly weights: readonly number[]
  readonly preEnqueue: readonly Plugin[]
  readonly preFilter: readonly number[]
  readonly filter: readonly number[]
  readonly postFilter: readonly Plugin[]
  readonly score: readonly number[]
  readonly preBind: readonly Plugin[]
  readonly less: NonNullable<Plugin['less']>
}

/** Sorts a profile's plugins by extension point. */
export function createFramework(profile: Profile): Framework {
  const { plugins: list, weights } = profile
  const at = (point: keyof Plugin): number[] =>
    list.flatMap((plugin, index) => (plugin[point] === undefined ? [] : [index]))
  const having = (point: keyof Plugin): Plugin[] => at(point).map((index) => list[index]!)
  const [sorter] = having('less')
  assert(sorter?.less, `profile ${profile.schedulerName} has no plugin that sorts the queue`)
  return {
    profile,
    plugins: list,
    weights: list.map(({ name }) => weights[name] ?? 1),
    preEnqueue: having('preEnqueue'),
    preFilter: at('preFilter'),
    filter: at('filter'),
    postFilter: having('postFilter'),
    score: at('score'),
    preBind: having('preBind'),
    less: sorter.less,
  }
}
