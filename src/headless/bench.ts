import { spawnSync } from 'node:child_process'
import { figures, type Figure } from './figures.ts'

/** Prints the budgets' figures: one JSON line each with `--json`, else a table. Names after the options choose some. */
const words = process.argv.slice(2)
const asJson = words.includes('--json')
const names = words.filter((word) => !word.startsWith('-'))
const unknown = names.filter((name) => figures[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`no figure ${unknown.join(', ')}; one of ${Object.keys(figures).join(' ')}\n`)
  process.exit(2)
}

/** Chosen when none is named: what a laptop measures within a minute. */
const usual = [
  'pods-1000',
  'pods-10000',
  'sched-5000',
  'sched-5000-spread',
  'idle-100',
  'rewind-10m',
  'api-get',
  'api-create',
  'page-initial',
  'link',
]

const [first = '', ...others] = names.length > 0 ? names : usual
if (others.length === 0) {
  const figure = await figures[first]!()
  process.stdout.write(asJson ? `${JSON.stringify({ name: first, ...figure })}\n` : `${row(first, figure)}\n`)
} else for (const name of [first, ...others]) measureApart(name)

/** Each figure has a process of its own: what was measured before, and compiled and collected for it, must not show in it. */
function measureApart(name: string): void {
  const options = words.filter((word) => word.startsWith('-'))
  const [, script = ''] = process.argv
  const { status } = spawnSync(process.execPath, [...process.execArgv, script, ...options, name], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = status ?? 1
}

function row(name: string, { value, unit, budget, ...rest }: Figure): string {
  const more = Object.entries(rest).map(([key, each]) => `${key} ${String(each)}`)
  return [name.padEnd(20), `${value} ${unit}`.padEnd(24), `budget ${budget}`.padEnd(18), ...more].join(' ').trimEnd()
}
