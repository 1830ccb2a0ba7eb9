import { assert } from '../sim/index.ts'
import type { Plugin } from './framework.ts'
import { plugins } from './plugins/index.ts'

/** Which plugins decide for the pods of one scheduler name, in which order, and how much each score counts. */
export interface Profile {
  readonly schedulerName: string
  readonly plugins: readonly Plugin[]
  /** by plugin name; 1 where nothing is said */
  readonly weights: Readonly<Record<string, number>>
  /** the plugins of single points by name and in their order, where a configuration says so; else all that speak there */
  readonly points?: Readonly<Partial<Record<Point, readonly string[]>>>
  /** how many nodes of a large cluster are searched; 0: by its size */
  readonly percentageOfNodesToScore?: number
}

/** The extension points at which plugins can be switched on and off. */
export type Point = 'preEnqueue' | 'less' | 'preFilter' | 'filter' | 'postFilter' | 'preScore' | 'score' | 'preBind'

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
  readonly filterNames: readonly string[]
  readonly postFilter: readonly Plugin[]
  readonly score: readonly number[]
  readonly preBind: readonly Plugin[]
  readonly less: NonNullable<Plugin['less']>
  readonly percentageOfNodesToScore: number
}

/** Sorts a profile's plugins by extension point. */
export function createFramework(profile: Profile): Framework {
  const { plugins: list, weights, points = {} } = profile
  const at = (point: Point): number[] => {
    const speaking = list.flatMap((plugin, index) => (plugin[point] === undefined ? [] : [index]))
    const named = points[point]
    if (named === undefined) return speaking
    return named.flatMap((name) => speaking.filter((index) => list[index]!.name === name))
  }
  const having = (point: Point): Plugin[] => at(point).map((index) => list[index]!)
  const [sorter] = having('less')
  assert(sorter?.less, `profile ${profile.schedulerName} has no plugin that sorts the queue`)
  return {
    profile,
    plugins: list,
    weights: list.map(({ name }) => weights[name] ?? 1),
    preEnqueue: having('preEnqueue'),
    preFilter: at('preFilter'),
    filter: at('filter'),
    filterNames: Object.freeze(having('filter').map(({ name }) => name)),
    postFilter: having('postFilter'),
    score: at('score'),
    preBind: having('preBind'),
    less: sorter.less,
    percentageOfNodesToScore: profile.percentageOfNodesToScore ?? 0,
  }
}

/** The frameworks of a scheduler by the names pods ask for; the first is the one that events are signed with. */
export type Frameworks = ReadonlyMap<string, Framework>

/** The frameworks of some profiles. */
export function frameworksOf(profiles: readonly Profile[]): Frameworks {
  return new Map(profiles.map((profile) => [profile.schedulerName, createFramework(profile)]))
}

/** What there is when nobody configures anything. */
export const defaultFrameworks: Frameworks = frameworksOf([defaultProfile])
