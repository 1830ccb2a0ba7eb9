import type { Pod } from '../../api/index.ts'
import { podInfoOf } from '../podInfo.ts'
import type { Finding, FindObject, Question } from './question.ts'
import { removeGates } from './remedies/gates.ts'
import { finders } from './remedies/index.ts'
import type { Remedy } from './remedy.ts'
import { createSandbox, type SandboxInput } from './sandbox.ts'

const remediesMax = 16

/**
 * The smallest single changes that would place a pod, smallest first; none when it fits already. Each was found by asking the scheduler's own
 * plugins about a copy of the cluster with that change made. Nothing outside the copy changes.
 */
export function whatIf(pod: Pod, input: SandboxInput, find: FindObject): readonly Remedy[] {
  const sandbox = createSandbox(input)
  const info = podInfoOf(pod)
  const { refusal, objections } = sandbox.tryOut(info)
  const isGated = (pod.spec.schedulingGates?.length ?? 0) > 0
  const findings: readonly Finding[] =
    refusal === undefined ? sandbox.snapshot.nodes().map((node) => ({ node, objections: objections(node) })) : []
  if (!isGated && findings.some((finding) => finding.objections.length === 0)) return []
  const question: Question = { sandbox, pod: info, refusal, findings, find }
  const remedies = isGated ? removeGates(question) : finders.flatMap((finder) => finder(question))
  return [...remedies].sort((a, b) => a.size - b.size).slice(0, remediesMax)
}
