import type { CostRow } from '../../protocol.ts'

const hourMs = 3_600_000

/** What machines cost an hour, and have cost by now; without a currency, because nobody said which. */
export function costWords(
  { at, spent, perHour, groups }: NonNullable<CostRow>,
  now: number,
): { readonly perHour: string; readonly spent: string; readonly groups: string } {
  const sofar = spent + (perHour * Math.max(0, now - at)) / hourMs
  const lines = groups.map(
    ({ name, nodes, perHour: each }) =>
      `${name}: ${nodes} ${nodes === 1 ? 'machine' : 'machines'}, ${money(each)} an hour`,
  )
  return { perHour: money(perHour), spent: money(sofar), groups: lines.join('\n') }
}

/** Two decimals; three below a tenth, so that small bills are seen to grow. */
function money(amount: number): string {
  return amount.toFixed(amount < 0.1 && amount > 0 ? 3 : 2)
}
