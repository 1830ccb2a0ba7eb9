// upstream: pkg/apis/autoscaling/v1/conversion.go: what v1 has no field for is kept as JSON in annotations, in v1's own words

type Json = Readonly<Record<string, unknown>>

interface Target {
  readonly type?: string
  readonly value?: string
  readonly averageValue?: string
  readonly averageUtilization?: number
}

interface Named {
  readonly name: string
  readonly selector?: Json
}

/** A metric of a v2 autoscaler: one of its parts is there, by the name of its type. */
export interface Metric {
  readonly type: string
  readonly [part: string]: unknown
}

type Part = Readonly<{
  name?: string
  container?: string
  metric?: Named
  describedObject?: Json
  target?: Target
  current?: Target
}>

const partOf: Readonly<Record<string, string>> = {
  Resource: 'resource',
  ContainerResource: 'containerResource',
  Pods: 'pods',
  Object: 'object',
  External: 'external',
}

/** A metric in v1's words: of a spec (`target`), or of a status (`current`). */
export function toV1({ type, ...rest }: Metric, side: 'target' | 'current'): Json {
  const name = partOf[type]
  const part = name === undefined ? undefined : (rest[name] as Part | undefined)
  if (name === undefined || part === undefined) return { type }
  return { type, [name]: flat(type, part, side) }
}

function flat(type: string, part: Part, side: 'target' | 'current'): Json {
  const { value, averageValue, averageUtilization } = part[side] ?? {}
  const word = (text: string): string => side + text
  if (type === 'Resource' || type === 'ContainerResource')
    return sparse({
      name: part.name,
      [word('AverageUtilization')]: averageUtilization,
      [word('AverageValue')]: averageValue,
      container: part.container,
    })
  const { name, selector } = part.metric ?? { name: '' }
  if (type === 'Pods') return sparse({ metricName: name, [word('AverageValue')]: averageValue, selector })
  if (type === 'Object')
    return sparse({ target: part.describedObject, metricName: name, [word('Value')]: value, selector, averageValue })
  return sparse({
    metricName: name,
    metricSelector: selector,
    [word('Value')]: value,
    [word('AverageValue')]: averageValue,
  })
}

/** The metric that v1's words stand for. */
export function fromV1(metric: Metric, side: 'target' | 'current'): Metric {
  const { type } = metric
  const name = partOf[type]
  const part = name === undefined ? undefined : (metric[name] as Json | undefined)
  if (name === undefined || part === undefined) return { type }
  return { type, [name]: deep(type, part, side) }
}

function deep(type: string, part: Json, side: 'target' | 'current'): Json {
  const averageUtilization = part[`${side}AverageUtilization`]
  const averageValue = part[`${side}AverageValue`] ?? part['averageValue']
  const value = part[`${side}Value`]
  const kind = averageUtilization !== undefined ? 'Utilization' : averageValue !== undefined ? 'AverageValue' : 'Value'
  const amounts = sparse({
    ...(side === 'target' && { type: kind }),
    value: kind === 'Value' ? value : undefined,
    averageValue,
    averageUtilization,
  })
  if (type === 'Resource' || type === 'ContainerResource')
    return sparse({ name: part['name'], container: part['container'], [side]: amounts })
  const selector = type === 'External' ? part['metricSelector'] : part['selector']
  const metric = sparse({ name: part['metricName'], selector })
  return sparse({ describedObject: part['target'], metric, [side]: amounts })
}

/** An object without what is not there. */
export function sparse(object: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
