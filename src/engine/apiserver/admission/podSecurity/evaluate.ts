import { baselineChecks } from './baseline.ts'
import { restrictedChecks } from './restricted.ts'
import type { Check, Find, Metadata, PodSpec, Violation } from './violation.ts'

/** How much a pod may do to its node. */
export type Level = 'privileged' | 'baseline' | 'restricted'

/** A level as of a version: `restricted:latest`. */
export interface Standard {
  readonly level: Level
  /** `latest`, or `v1.24` */
  readonly version: string
}

/** The minor version of this server. */
const latest = 36

const known = new Map<string, readonly Find[]>()

/** All that a pod breaks of a standard: first of the baseline, then of what goes beyond it, each in the order of the checks' names. */
// upstream: staging/src/k8s.io/pod-security-admission/policy/registry.go
export function violationsOf({ level, version }: Standard, spec: PodSpec, metadata: Metadata): readonly Violation[] {
  if (level === 'privileged') return []
  const minor = version === 'latest' ? latest : Math.min(latest, Number(version.slice('v1.'.length)))
  const key = `${level}/${minor}`
  let finds = known.get(key)
  if (finds === undefined) known.set(key, (finds = findsOf(level, minor)))
  return finds.flatMap((find) => find(spec, metadata) ?? [])
}

function findsOf(level: Level, minor: number): readonly Find[] {
  const checks = level === 'baseline' ? baselineChecks : [...baselineChecks, ...restrictedChecks]
  const valid = checks.filter((check) => variantOf(check, minor) !== undefined)
  const overridden = new Set(valid.map(({ overrides }) => overrides))
  return valid
    .filter(({ id }) => !overridden.has(id))
    .sort((a, b) => (a.level === b.level ? (a.id < b.id ? -1 : 1) : a.level === 'baseline' ? -1 : 1))
    .map((check) => variantOf(check, minor)!)
}

function variantOf({ versions }: Check, minor: number): Find | undefined {
  let found: Find | undefined
  for (const [since, find] of versions) if (since <= minor) found = find
  return found
}

/** `reason (detail), reason (detail)` */
export function detailsText(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ')
}

/** The reasons alone. */
export const reasonsText = (violations: readonly Violation[]): string =>
  violations.map(({ reason }) => reason).join(', ')
