import type { KubeObject } from '../../api/index.ts'
import type { FindObject } from './question.ts'
import type { RemedyStep } from './remedy.ts'

/** A class of the priority just above one, with the commands that make it if nobody has. */
export function priorityClassFor(
  above: number,
  find: FindObject,
): { readonly steps: readonly RemedyStep[]; readonly name: string; readonly value: number } {
  const value = above + 1
  const name = `above-${above < 0 ? `minus-${-above}` : above}`
  const known = find('PriorityClass', '', name) as (KubeObject & { readonly value?: number }) | undefined
  if (known?.value === value) return { steps: [], name, value }
  return { steps: [{ argv: ['create', 'priorityclass', name, `--value=${value}`] }], name, value }
}
