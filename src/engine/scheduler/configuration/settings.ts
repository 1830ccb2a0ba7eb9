import { formatFieldError } from '../../api/index.ts'
import type { Plugin } from '../framework.ts'
import { plugins } from '../plugins/index.ts'
import { defaultProfile, type Point, type Profile } from '../profile.ts'
import { aggregated, pluginFor } from './plugins.ts'
import {
  SchedulerConfigurationError,
  type PluginSet,
  type ProfileConfiguration,
  type SchedulerConfiguration,
  type SchedulerSettings,
} from './types.ts'
import { configurationErrors } from './validate.ts'

/** What a configuration comes to; throws a SchedulerConfigurationError where kube-scheduler would not start. */
export function settingsOf(configuration: SchedulerConfiguration = {}): SchedulerSettings {
  const errors = configurationErrors(configuration)
  if (errors.length > 0) throw new SchedulerConfigurationError(aggregated(errors.map(formatFieldError)))
  const { profiles = [{}], podInitialBackoffSeconds = 1, podMaxBackoffSeconds = 10 } = configuration
  return {
    profiles: profiles.map((profile) => profileFor(profile, configuration.percentageOfNodesToScore)),
    initialBackoffMs: podInitialBackoffSeconds * 1000,
    maxBackoffMs: podMaxBackoffSeconds * 1000,
  }
}

/** The points by the names a configuration has for them. Those that only the scheduler itself uses are not told apart. */
const points: Readonly<Record<string, Point>> = {
  preEnqueue: 'preEnqueue',
  queueSort: 'less',
  preFilter: 'preFilter',
  filter: 'filter',
  postFilter: 'postFilter',
  preScore: 'preScore',
  score: 'score',
  preBind: 'preBind',
}
const silentPoints = ['multiPoint', 'reserve', 'permit', 'bind', 'postBind', 'sign', 'placementGenerate']

function profileFor(configuration: ProfileConfiguration, percentage: number | undefined): Profile {
  const { schedulerName = defaultProfile.schedulerName, percentageOfNodesToScore = percentage } = configuration
  if (configuration.plugins === undefined && configuration.pluginConfig === undefined)
    return { ...defaultProfile, schedulerName, percentageOfNodesToScore: percentageOfNodesToScore ?? 0 }
  try {
    const { list, weights, byPoint } = chosen(configuration)
    return {
      schedulerName,
      plugins: list,
      weights,
      points: byPoint,
      percentageOfNodesToScore: percentageOfNodesToScore ?? 0,
    }
  } catch (error) {
    if (!(error instanceof SchedulerConfigurationError)) throw error
    const place = `creating profile for scheduler name ${schedulerName}`
    throw new SchedulerConfigurationError(`initializing profiles: ${place}: ${error.message}`)
  }
}

interface Choice {
  readonly list: readonly Plugin[]
  readonly weights: Readonly<Record<string, number>>
  readonly byPoint: Readonly<Partial<Record<Point, readonly string[]>>>
}

function chosen({ plugins: sets = {}, pluginConfig = [] }: ProfileConfiguration): Choice {
  for (const point of Object.keys(sets))
    if (!Object.hasOwn(points, point) && !silentPoints.includes(point))
      throw new SchedulerConfigurationError(`unknown field "plugins.${point}"`)
  const multi = mergedMultiPoint(sets['multiPoint'])
  const names = new Set([...multi, ...Object.keys(points).flatMap((point) => enabledAt(sets[point]))])
  const argsOf = new Map(pluginConfig.map(({ name, args }) => [name, args ?? {}]))
  const list = [...names].map((name) => {
    const plugin = pluginFor(name, argsOf.get(name))
    if (plugin === undefined) throw new SchedulerConfigurationError(`plugin "${name}" does not exist`)
    return plugin
  })
  const byPoint: Partial<Record<Point, readonly string[]>> = {}
  for (const [word, point] of Object.entries(points)) byPoint[point] = namesAt(word, point, multi, sets[word], list)
  const sorters = byPoint.less ?? []
  if (sorters.length === 0) throw new SchedulerConfigurationError('no queue sort plugin is enabled')
  if (sorters.length > 1) throw new SchedulerConfigurationError('only one queue sort plugin can be enabled')
  return { list, weights: weightsOf(sets), byPoint }
}

const enabledAt = (set: PluginSet | undefined): readonly string[] => set?.enabled?.map(({ name }) => name) ?? []
const disabledAt = (set: PluginSet | undefined): readonly string[] => set?.disabled?.map(({ name }) => name) ?? []

/** The default list with what the profile changes of it: one that is named again keeps its place, new ones come last. */
// upstream: pkg/scheduler/apis/config/v1/default_plugins.go mergePluginSet
function mergedMultiPoint(set: PluginSet | undefined): readonly string[] {
  const [enabled, disabled] = [enabledAt(set), disabledAt(set)]
  const standard = plugins.map(({ name }) => name)
  const kept = disabled.includes('*') ? [] : standard.filter((name) => !disabled.includes(name))
  return [...kept, ...enabled.filter((name) => !kept.includes(name))]
}

/** Who speaks at one point: those named there that are in the common list too, then the rest of that list, then the others named. */
// upstream: pkg/scheduler/framework/runtime/framework.go expandMultiPointPlugins
function namesAt(
  word: string,
  point: Point,
  multi: readonly string[],
  set: PluginSet | undefined,
  list: readonly Plugin[],
): readonly string[] {
  const [enabled, disabled] = [enabledAt(set), disabledAt(set)]
  const speaks = (name: string): boolean => list.find((plugin) => plugin.name === name)?.[point] !== undefined
  for (const name of enabled)
    if (!speaks(name)) throw new SchedulerConfigurationError(`plugin "${name}" does not extend ${word} plugin`)
  const repeated = enabled.find((name, index) => enabled.indexOf(name) !== index)
  if (repeated !== undefined)
    throw new SchedulerConfigurationError(`plugin "${repeated}" already registered as "${word}"`)
  const overriding = enabled.filter((name) => multi.includes(name))
  const common = disabled.includes('*')
    ? []
    : multi.filter((name) => speaks(name) && !disabled.includes(name) && !enabled.includes(name))
  return [...overriding, ...common, ...enabled.filter((name) => !multi.includes(name))]
}

function weightsOf(sets: NonNullable<ProfileConfiguration['plugins']>): Readonly<Record<string, number>> {
  const weights: Record<string, number> = { ...defaultProfile.weights }
  for (const set of [sets['multiPoint'], sets['score']])
    for (const { name, weight } of set?.enabled ?? []) weights[name] = weight || 1
  return weights
}
