import { stepsFor, type PodEdit } from '../podEdit.ts'
import type { Finder } from '../question.ts'
import { changedPod } from '../sandbox.ts'

/** Opens the scheduling gates that keep a pod from being looked at. */
export const removeGates: Finder = ({ sandbox, pod, find }) => {
  const gates = pod.pod.spec.schedulingGates ?? []
  if (gates.length === 0) return []
  const node = sandbox.choiceFor(changedPod(pod, withoutGates(pod.pod.spec)))
  if (node === undefined) return []
  const names = gates.map(({ name }) => name).join(', ')
  const sentence = `Remove the scheduling ${gates.length === 1 ? 'gate' : 'gates'} ${names}; ${node} would take the pod then.`
  // whoever put the gate on pods means to open it on each of them: its template stays
  const apply = stepsFor(
    { ...pod.pod, metadata: { ...pod.pod.metadata, ownerReferences: [] } },
    withoutGates,
    'inPlace',
    find,
  )
  return [{ kind: 'removeGate', sentence, node, size: 1, apply }]
}

const withoutGates: PodEdit = (spec) => ({ ...spec, schedulingGates: [] })
