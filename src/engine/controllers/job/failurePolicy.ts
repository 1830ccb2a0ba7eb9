import { keyOf, type Job, type Pod } from '../../api/index.ts'

/** What a Job's rules make of a failed pod. */
export interface Verdict {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count' | undefined
  /** whether it counts towards the limit */
  readonly counts: boolean
  /** why the Job as a whole fails */
  readonly message: string | undefined
}

const usual: Verdict = Object.freeze({ action: undefined, counts: true, message: undefined })

/** The first rule that matches decides. upstream: pkg/controller/job/pod_failure_policy.go matchPodFailurePolicy */
export function verdictOn({ spec }: Job, pod: Pod): Verdict {
  const rules = spec.podFailurePolicy?.rules
  if (rules === undefined) return usual
  for (const [place, rule] of rules.entries()) {
    const action = rule.action as Verdict['action']
    if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) continue
    const exit = rule.onExitCodes && matchingExit(rule.onExitCodes, pod)
    const condition = rule.onPodConditions && matchingCondition(rule.onPodConditions, pod)
    if (exit === undefined && condition === undefined) continue
    if (action === 'Ignore') return { action, counts: false, message: undefined }
    if (action !== 'FailJob') return { action, counts: true, message: undefined }
    const why = exit
      ? `Container ${exit.name} for pod ${keyOf(pod)} failed with exit code ${exit.exitCode}`
      : `Pod ${keyOf(pod)} has condition ${condition}`
    return { action, counts: true, message: `${why} matching FailJob rule at index ${place}` }
  }
  return usual
}

type Rule = NonNullable<NonNullable<Job['spec']['podFailurePolicy']>['rules']>[number]

function matchingExit(
  { containerName, operator, values }: NonNullable<Rule['onExitCodes']>,
  { status }: Pod,
): { readonly name: string; readonly exitCode: number } | undefined {
  const ended = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]
  for (const { name, state } of ended) {
    const exitCode = state?.terminated?.exitCode
    if (exitCode === undefined || exitCode === 0) continue
    if (containerName !== undefined && containerName !== name) continue
    if (values.includes(exitCode) === (operator === 'In')) return { name, exitCode }
  }
  return undefined
}

function matchingCondition(patterns: NonNullable<Rule['onPodConditions']>, { status }: Pod): string | undefined {
  for (const { type, status: is } of status.conditions ?? [])
    if (patterns.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === is)) return type
  return undefined
}
