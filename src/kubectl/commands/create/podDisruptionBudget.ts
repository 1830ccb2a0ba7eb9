import { text } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'
import { parseLabelSelector, type LabelSelector, type Requirement } from '../../engine.ts'
import { defineGenerator } from './generator.ts'

/** Create a pod disruption budget with the specified name. */
// upstream: kubectl/pkg/cmd/create/create_pdb.go
export const createPodDisruptionBudget = defineGenerator({
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  usage: 'create poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  summary: 'Create a pod disruption budget with the specified name',
  examples: ['kubectl create pdb web --selector=app=web --min-available=2'],
  makes: {
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    namespaced: true,
  },
  failure: 'failed to create poddisruptionbudget:',
  flags: {
    selector: text('Labels of the pods it covers'),
    'min-available': text('How many of them, or what share, must stay'),
    'max-unavailable': text('How many of them, or what share, may go'),
  },
  make({ flags }, name) {
    const { selector, 'min-available': least, 'max-unavailable': most } = flags
    if (selector === '') throw new CommandError('a selector must be specified')
    if (most === '' && least === '') throw new CommandError('one of min-available or max-unavailable must be specified')
    if (most !== '' && least !== '')
      throw new CommandError('min-available and max-unavailable cannot be both specified')
    const bound = least === '' ? { maxUnavailable: amount(most) } : { minAvailable: amount(least) }
    return {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: { ...bound, selector: selectorOf(selector) },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    }
  },
})

const amount = (given: string): string | number => (/^-?\d+$/.test(given) ? Number(given) : given)

const operators: Readonly<Partial<Record<Requirement['operator'], string>>> = {
  in: 'In',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
}

/** A selector's text as an object: equalities are labels, all else are expressions. upstream: metav1.ParseToLabelSelector */
function selectorOf(given: string): LabelSelector {
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
