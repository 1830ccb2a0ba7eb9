import { duplicate, invalidValue, notAllowed, required, unsupported, type FieldError } from '../../api/index.ts'
import type { PluginArgs, ProfileConfiguration, ResourceWeight, SchedulerConfiguration } from './types.ts'

/** What is wrong with a configuration, in upstream's words and order. */
// upstream: pkg/scheduler/apis/config/validation/validation.go
export function configurationErrors(configuration: SchedulerConfiguration): readonly FieldError[] {
  const { parallelism = 16, profiles = [{}], percentageOfNodesToScore } = configuration
  const { podInitialBackoffSeconds = 1, podMaxBackoffSeconds = 10 } = configuration
  const errors: FieldError[] = []
  if (parallelism <= 0)
    errors.push(invalidValue('parallelism', parallelism, 'should be an integer value greater than zero'))
  if (profiles.length === 0) errors.push(required('profiles'))
  const places = new Map<string, number>()
  profiles.forEach((profile, index) => {
    const path = `profiles[${index}]`
    const name = profile.schedulerName ?? 'default-scheduler'
    errors.push(...profileErrors(path, { ...profile, schedulerName: name }))
    const known = places.get(name)
    if (known !== undefined) errors.push(duplicate(`${path}.schedulerName`, `profiles[${known}].schedulerName`))
    places.set(name, index)
  })
  errors.push(...percentageErrors('percentageOfNodesToScore', percentageOfNodesToScore))
  if (podInitialBackoffSeconds <= 0)
    errors.push(invalidValue('podInitialBackoffSeconds', podInitialBackoffSeconds, 'must be greater than 0'))
  if (podMaxBackoffSeconds < podInitialBackoffSeconds) {
    const detail = 'must be greater than or equal to PodInitialBackoffSeconds'
    errors.push(invalidValue('podMaxBackoffSeconds', podMaxBackoffSeconds, detail))
  }
  return errors
}

function percentageErrors(path: string, value: number | undefined): readonly FieldError[] {
  if (value === undefined || (value >= 0 && value <= 100)) return []
  return [invalidValue(path, value, 'not in valid range [0-100]')]
}

const removed = ['AzureDiskLimits', 'CinderLimits', 'EBSLimits', 'GCEPDLimits']
const version = 'kubescheduler.config.k8s.io/v1'

function profileErrors(path: string, profile: ProfileConfiguration): readonly FieldError[] {
  const { schedulerName, percentageOfNodesToScore, plugins = {}, pluginConfig = [] } = profile
  const errors: FieldError[] = []
  if (schedulerName === '') errors.push(required(`${path}.schedulerName`))
  errors.push(...percentageErrors(`${path}.percentageOfNodesToScore`, percentageOfNodesToScore))
  const gone = (at: string, name: string): readonly FieldError[] =>
    removed.includes(name)
      ? [invalidValue(at, name, `was invalid in version "v1" (KubeSchedulerConfiguration is version "${version}")`)]
      : []
  for (const [point, set] of Object.entries(plugins))
    set?.enabled?.forEach(({ name }, index) => errors.push(...gone(`${path}.plugins.${point}.enabled[${index}]`, name)))
  const seen = new Set<string>()
  pluginConfig.forEach(({ name, args = {} }, index) => {
    const at = `${path}.pluginConfig[${index}]`
    if (seen.has(name)) errors.push(duplicate(at, name))
    seen.add(name)
    errors.push(...gone(at, name), ...(argsErrors[name]?.(`${at}.args`, args) ?? []))
  })
  return errors
}

type ArgsCheck = (path: string, args: PluginArgs) => readonly FieldError[]

// upstream: validation_pluginargs.go; NodeResourcesFit is not in this list there either, but checked when the plugin is made
const argsErrors: Readonly<Record<string, ArgsCheck>> = {
  DefaultPreemption: preemptionErrors,
  InterPodAffinity(path, { hardPodAffinityWeight = 1 }) {
    if (hardPodAffinityWeight >= 0 && hardPodAffinityWeight <= 100) return []
    return [invalidValue(`${path}.hardPodAffinityWeight`, hardPodAffinityWeight, 'not in valid range [0, 100]')]
  },
  NodeResourcesBalancedAllocation(path, { resources = [] }) {
    const seen = new Set<string>()
    return resources.flatMap(({ name, weight = 1 }, index) => {
      const errors = seen.has(name) ? [duplicate(`${path}.resources[${index}].name`, name)] : []
      seen.add(name)
      return weight === 1
        ? errors
        : [...errors, invalidValue(`${path}.resources[${index}].weight`, weight, 'must be 1')]
    })
  },
  PodTopologySpread: spreadErrors,
  VolumeBinding(path, { bindTimeoutSeconds = 600 }) {
    const detail = 'invalid BindTimeoutSeconds, should not be a negative value'
    return bindTimeoutSeconds < 0 ? [invalidValue(`${path}.bindTimeoutSeconds`, bindTimeoutSeconds, detail)] : []
  },
}

function preemptionErrors(path: string, args: PluginArgs): readonly FieldError[] {
  const { minCandidateNodesPercentage: percentage = 10, minCandidateNodesAbsolute: absolute = 100 } = args
  const [percentagePath, absolutePath] = [`${path}.minCandidateNodesPercentage`, `${path}.minCandidateNodesAbsolute`]
  const errors: FieldError[] = []
  if (percentage < 0 || percentage > 100)
    errors.push(invalidValue(percentagePath, percentage, 'not in valid range [0, 100]'))
  if (absolute < 0) errors.push(invalidValue(absolutePath, absolute, 'not in valid range [0, inf)'))
  if (percentage === 0 && absolute === 0)
    errors.push(
      invalidValue(percentagePath, percentage, 'cannot be zero at the same time as minCandidateNodesAbsolute'),
      invalidValue(absolutePath, absolute, 'cannot be zero at the same time as minCandidateNodesPercentage'),
    )
  return errors
}

function spreadErrors(path: string, args: PluginArgs): readonly FieldError[] {
  const { defaultConstraints = [], defaultingType = 'System' } = args
  const errors: FieldError[] = []
  if (!['System', 'List'].includes(defaultingType))
    errors.push(unsupported(`${path}.defaultingType`, defaultingType, ['System', 'List']))
  if (defaultingType === 'System' && defaultConstraints.length > 0)
    errors.push(invalidValue(`${path}.defaultingType`, defaultingType, 'when .defaultConstraints are not empty'))
  defaultConstraints.forEach(({ maxSkew, topologyKey, whenUnsatisfiable, labelSelector }, index) => {
    const at = `${path}.defaultConstraints[${index}]`
    if (!(maxSkew > 0)) errors.push(invalidValue(`${at}.maxSkew`, maxSkew ?? 0, 'not in valid range (0, inf)'))
    if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!whenUnsatisfiable) errors.push(required(`${at}.whenUnsatisfiable`, 'can not be empty'))
    else if (!actions.includes(whenUnsatisfiable))
      errors.push(unsupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions))
    const detail = 'constraint must not define a selector, as they deduced for each pod'
    if (labelSelector !== undefined) errors.push(notAllowed(`${at}.labelSelector`, detail))
    const isRepeated = defaultConstraints
      .slice(0, index)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable)
    if (isRepeated) errors.push(duplicate(at, `{${topologyKey}, ${whenUnsatisfiable}}`))
  })
  return errors
}

const actions = ['DoNotSchedule', 'ScheduleAnyway']
const strategies = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']

/** What is wrong with the arguments of NodeResourcesFit. */
export function fitErrors({ ignoredResourceGroups = [], scoringStrategy }: PluginArgs): readonly FieldError[] {
  const errors: FieldError[] = []
  ignoredResourceGroups.forEach((group, index) => {
    if (group.includes('/'))
      errors.push(invalidValue(`ignoredResourceGroups[${index}]`, group, "resource group name can't contain '/'"))
  })
  if (scoringStrategy === undefined) return errors
  const { type = 'LeastAllocated', resources = [], requestedToCapacityRatio } = scoringStrategy
  if (!strategies.includes(type)) errors.push(unsupported('scoringStrategy.type', type, strategies))
  errors.push(...weightErrors(resources, 'scoringStrategy.resources'))
  const path = 'scoringStrategy.requestedToCapacityRatio'
  if (type !== 'RequestedToCapacityRatio') {
    if (requestedToCapacityRatio !== undefined)
      errors.push(notAllowed(path, 'must be nil when type is not RequestedToCapacityRatio'))
    return errors
  }
  if (requestedToCapacityRatio === undefined)
    errors.push(required(path, 'must be specified when type is RequestedToCapacityRatio'))
  else errors.push(...shapeErrors(requestedToCapacityRatio.shape ?? [], `${path}.shape`))
  return errors
}

function weightErrors(resources: readonly ResourceWeight[], path: string): readonly FieldError[] {
  return resources.flatMap(({ name, weight = 1 }, index) =>
    weight > 0 && weight <= 100
      ? []
      : [invalidValue(`${path}[${index}].weight`, weight, `resource weight of ${name} not in valid range (0, 100]`)],
  )
}

function shapeErrors(shape: readonly { utilization: number; score: number }[], path: string): readonly FieldError[] {
  if (shape.length === 0) return [required(path, 'at least one point must be specified')]
  const errors: FieldError[] = []
  const unsorted = shape.findIndex((point, index) => index > 0 && shape[index - 1]!.utilization >= point.utilization)
  if (unsorted > 0) {
    const detail = 'values must be sorted in increasing order'
    errors.push(invalidValue(`${path}[${unsorted}].utilization`, shape[unsorted]!.utilization, detail))
  }
  shape.forEach(({ utilization, score }, index) => {
    if (utilization < 0 || utilization > 100)
      errors.push(invalidValue(`${path}[${index}].utilization`, utilization, 'not in valid range [0, 100]'))
    if (score < 0 || score > 10)
      errors.push(invalidValue(`${path}[${index}].score`, score, 'not in valid range [0, 10]'))
  })
  return errors
}
