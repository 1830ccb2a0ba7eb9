import { text } from '../../args/flags.ts'
import { labelSelectorOf } from '../../args/labelSelector.ts'
import { CommandError } from '../../errors.ts'
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
    const bound =
      least === ''
        ? { maxUnavailable: amount('max-unavailable', most) }
        : { minAvailable: amount('min-available', least) }
    return {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: { ...bound, selector: labelSelectorOf(selector) },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    }
  },
})

function amount(flag: string, given: string): string | number {
  if (!/^\d+%?$/.test(given)) throw new CommandError(`invalid format specified for ${flag}`)
  return given.endsWith('%') ? given : Number(given)
}
