import type { DecisionRecord } from '../../../src/engine/scheduler/decision.ts'
import type { RecordedCase } from './recordedCase.ts'

/** Everything that differs between what the real scheduler decided and what ours did. */
export function differences(recorded: RecordedCase, got: DecisionRecord): string[] {
  return [
    ...resultDifferences(recorded, got),
    ...nodeDifferences(recorded, got),
    ...preemptionDifferences(recorded, got),
  ]
}

function resultDifferences({ result, preFilter }: RecordedCase, got: DecisionRecord): string[] {
  const wrong: string[] = []
  const { node, message } = got.result as { node?: string; message?: string }
  if (result.unschedulable) wrong.push(...differing('message', result.unschedulable.message, message))
  else if (result.candidates || result.node) {
    const allowed = result.candidates ?? [result.node!]
    if (!allowed.includes(node ?? '')) wrong.push(`node: expected ${allowed.join('|')}, got ${node ?? message}`)
    if (result.candidates && !result.sampled)
      wrong.push(...differing('candidates', result.candidates, [...got.candidates].sort()))
  }
  if (result.sampled) {
    const { evaluated, feasible } = result.sampled
    if (evaluated !== undefined) wrong.push(...differing('evaluated', evaluated, got.evaluated))
    if (feasible !== undefined) wrong.push(...differing('feasible', feasible, got.feasible))
  }
  return [...wrong, ...differing('preFilter', preFilter, got.preFilter?.message)]
}

function nodeDifferences({ filters, scores, result }: RecordedCase, got: DecisionRecord): string[] {
  const wrong: string[] = []
  for (const [name, { plugin, message, code }] of Object.entries(filters ?? {}))
    wrong.push(
      ...differing(
        `filter ${name}`,
        { filters: { [plugin]: message }, code },
        { filters: got.nodes[name]?.filters, code: got.codes[name] },
      ),
    )
  for (const name of Object.keys(got.codes))
    if (filters && !filters[name] && !result.sampled) wrong.push(`filter ${name}: not rejected there`)
  for (const [name, expected] of Object.entries(scores ?? {})) {
    const verdict = got.nodes[name]
    if (result.sampled && verdict === undefined) continue
    wrong.push(
      ...differing(`scores ${name}`, sorted(expected), sorted({ ...verdict?.scores, total: verdict?.total ?? NaN })),
    )
  }
  return wrong
}

function preemptionDifferences({ preemption }: RecordedCase, got: DecisionRecord): string[] {
  if (preemption === undefined) return []
  const wrong: string[] = []
  const { nominatedNode, victims } = got.result as { nominatedNode?: string; victims?: readonly string[] }
  const allowed: readonly (string | undefined)[] =
    preemption.nominatedNodes ?? (preemption.nominatedNode ? [preemption.nominatedNode] : [undefined])
  if (!allowed.includes(nominatedNode)) wrong.push(`nominated: expected ${allowed.join('|')}, got ${nominatedNode}`)
  else if (nominatedNode)
    wrong.push(...differing('victims', preemption.victims?.[nominatedNode], [...(victims ?? [])].sort()))
  for (const [name, run] of Object.entries(preemption.dryRun ?? {})) {
    const mine = got.dryRun?.[name] as typeof run | undefined
    wrong.push(
      ...differing(
        `dry run ${name}`,
        { ...run, victims: run.victims && [...run.victims].sort() },
        mine && { ...mine, victims: mine.victims && [...mine.victims].sort() },
      ),
    )
  }
  return wrong
}

function differing(what: string, expected: unknown, got: unknown): string[] {
  const [a, b] = [JSON.stringify(expected), JSON.stringify(got)]
  return a === b ? [] : [`${what}: expected ${a}, got ${b}`]
}

function sorted(record: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}
