import type { Pod } from '../../api/index.ts'
import type { Container, ContainerRecord } from './state.ts'

/** An init container that goes on running beside the others. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

/** The policy that holds for a container: its own, or its pod's. */
export function policyOf({ spec }: Pod, container: Container): string {
  return container.restartPolicy ?? spec.restartPolicy ?? 'Always'
}

/** Whether an end with this code is followed by another run. upstream: pkg/kubelet/container/helpers.go */
export function restartsAfter(pod: Pod, container: Container, exitCode: number): boolean {
  const rule = container.restartPolicyRules?.find(
    ({ exitCodes }) => exitCodes !== undefined && fits(exitCodes, exitCode),
  )
  if (rule !== undefined) return true
  const policy = policyOf(pod, container)
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
}

/** Whether the next sync should start the container. upstream: ShouldContainerBeRestarted */
export function shouldStart(pod: Pod, container: Container, newest: ContainerRecord | undefined): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  if (newest === undefined || newest.state === 'created') return true
  return newest.state === 'exited' && restartsAfter(pod, container, newest.exitCode ?? 0)
}

/** Whether an init container that failed is run again. */
export function retriesInit(pod: Pod, container: Container): boolean {
  return policyOf(pod, container) !== 'Never'
}

/** A rule whose answer to an exit code is to begin the whole pod anew. */
export function restartsAll(container: Container, exitCode: number): boolean {
  const rule = container.restartPolicyRules?.find(
    ({ exitCodes }) => exitCodes !== undefined && fits(exitCodes, exitCode),
  )
  return rule?.action === 'RestartAllContainers'
}

/** Whether some container of the pod has such a rule. */
export function mayRestartAll({ spec }: Pod): boolean {
  return spec.containers.some(hasRuleForAll) || (spec.initContainers ?? []).some(hasRuleForAll)
}

function hasRuleForAll({ restartPolicyRules }: Pick<Container, 'restartPolicyRules'>): boolean {
  if (restartPolicyRules === undefined) return false
  return restartPolicyRules.some(({ action }) => action === 'RestartAllContainers')
}

function fits(
  { operator, values = [] }: { readonly operator: string; readonly values?: readonly number[] },
  exitCode: number,
): boolean {
  return values.includes(exitCode) === (operator === 'In')
}
