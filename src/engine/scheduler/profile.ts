import { assert } from '../sim/index.ts'
import type { Plugin } from './framework.ts'
import type { PodInfo } from './podInfo.ts'
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
  readonly filter: Speakers
  readonly postFilter: readonly Plugin[]
  readonly score: Speakers
  readonly preBind: readonly Plugin[]
  readonly less: NonNullable<Plugin['less']>
  readonly percentageOfNodesToScore: number
  /** all that is read of a pod by the plugins that look at one node alone */
  readonly reads: readonly (keyof PodInfo)[]
}

/** The plugins of one point, of which each cycle leaves out those that have nothing to say about its pod. */
export interface Speakers {
  /** their places in the profile, in the order of the point */
  readonly places: readonly number[]
  /** the same as a set: one bit for each place */
  readonly bits: number
  /** Those of a set. Equal sets get the same object, so that decisions share it. */
  readonly among: (bits: number) => Selection
}

/** Some plugins of one point, in its order. */
export interface Selection {
  readonly places: readonly number[]
  readonly names: readonly string[]
  readonly weights: readonly number[]
  /** how many of the first look at one node alone */
  readonly local: number
}

/** Nobody. */
export const noPlugins: Selection = Object.freeze({ places: [], names: [], weights: [], local: 0 })

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
  const weighing = list.map(({ name }) => weights[name] ?? 1)
  const [sorter] = having('less')
  assert(list.length < 32, 'a set of plugins fits into one number')
  assert(sorter?.less, `profile ${profile.schedulerName} has no plugin that sorts the queue`)
  return {
    profile,
    plugins: list,
    weights: weighing,
    preEnqueue: having('preEnqueue'),
    preFilter: at('preFilter'),
    filter: speakersAt(at('filter'), list, weighing),
    postFilter: having('postFilter'),
    score: speakersAt(at('score'), list, weighing),
    preBind: having('preBind'),
    less: sorter.less,
    percentageOfNodesToScore: profile.percentageOfNodesToScore ?? 0,
    reads: [...new Set(list.flatMap(({ reads = [] }) => reads))],
  }
}

const selectionsMax = 256

function speakersAt(places: readonly number[], list: readonly Plugin[], weights: readonly number[]): Speakers {
  const known = new Map<number, Selection>()
  return {
    places,
    bits: places.reduce((bits, place) => bits | (1 << place), 0),
    among(bits) {
      let selection = known.get(bits)
      if (selection !== undefined) return selection
      if (known.size >= selectionsMax) known.clear()
      const chosen = places.filter((place) => (bits & (1 << place)) !== 0)
      selection = selectionOf(chosen, list, weights)
      known.set(bits, selection)
      return selection
    },
  }
}

function selectionOf(places: readonly number[], list: readonly Plugin[], weights: readonly number[]): Selection {
  const firstOther = places.findIndex((place) => list[place]!.reads === undefined)
  return Object.freeze({
    places,
    names: Object.freeze(places.map((place) => list[place]!.name)),
    weights: Object.freeze(places.map((place) => weights[place]!)),
    local: firstOther === -1 ? places.length : firstOther,
  })
}

/** The frameworks of a scheduler by the names pods ask for; the first is the one that events are signed with. */
export type Frameworks = ReadonlyMap<string, Framework>

/** The frameworks of some profiles. */
export function frameworksOf(profiles: readonly Profile[]): Frameworks {
  return new Map(profiles.map((profile) => [profile.schedulerName, createFramework(profile)]))
}

/** What there is when nobody configures anything. */
export const defaultFrameworks: Frameworks = frameworksOf([defaultProfile])
