import { CommandError } from '../errors.ts'
import { parseLabelSelector, type LabelSelector, type Requirement } from '../engine.ts'

const operators: Readonly<Partial<Record<Requirement['operator'], string>>> = {
  in: 'In',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
}

/** A selector's text as an object: equalities are labels, all else are expressions. upstream: metav1.ParseToLabelSelector */
export function labelSelectorOf(given: string): LabelSelector {
  const matchLabels: Record<string, string> = {}
  const matchExpressions: { key: string; operator: string; values?: readonly string[] }[] = []
  parseLabelSelector(given)
  for (const part of given.split(/,(?![^(]*\))/)) {
    if (part.includes('!=')) throw new CommandError('"!=" is not a valid label selector operator')
    const { key, operator, values } = parseLabelSelector(part)[0]!
    const name = operators[operator]
    if (name === undefined) throw new CommandError(`"${operator}" is not a valid label selector operator`)
    if (part.includes('=')) matchLabels[key] = values[0]!
    else matchExpressions.push({ key, operator: name, ...(values.length > 0 && { values }) })
  }
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  } as LabelSelector
}
