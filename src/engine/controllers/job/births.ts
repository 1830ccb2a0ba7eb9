import type { Job, Pod } from '../../api/index.ts'
import { create, event, type Write } from '../controller.ts'
import { forgive } from '../perform.ts'
import { isNamespaceTerminating, podFrom } from '../podControl.ts'
import { failuresBefore, replacesFailedOnly, trackingFinalizer, type Account } from './account.ts'
import { finishedAt, restOf } from './backoff.ts'
import { verdictOn } from './failurePolicy.ts'
import { indexAnnotation, indexFailures, indexIgnoredFailures, indexOf, isIndexed } from './indexes.ts'

/** what one reconciliation creates at most. upstream: MaxPodCreateDeletePerSync */
const burst = 500

/** The pods to be made now, and how long others must wait. */
export interface Births {
  readonly writes: readonly Write[]
  readonly count: number
  readonly restMs: number | undefined
}

const none: Births = Object.freeze({ writes: [], count: 0, restMs: undefined })

/** Makes up to so many pods, unless failures of late ask for a rest. upstream: manageJob */
export function birthsOf(account: Account, missing: number): Births {
  const { job, failures, now } = account
  if (missing <= 0) return none
  const isPerIndex = job.spec.backoffLimitPerIndex !== undefined
  const restMs = isPerIndex ? 0 : restOf(failures, now)
  if (restMs > 0) return { writes: [], count: 0, restMs }
  const wanted = Math.min(missing, burst)
  if (!isIndexed(job)) return bornNow(Array.from({ length: wanted }, () => birth(job, template(job))))
  const rests: number[] = []
  const ready = pendingIndexes(account, wanted).filter((index) => {
    const rest = restOfIndex(account, index)
    if (rest > 0) rests.push(rest)
    return rest <= 0
  })
  const born = bornNow(ready.map((index) => birth(job, templateOf(account, index))))
  return rests.length === 0 ? born : { ...born, restMs: Math.min(...rests) }
}

function bornNow(writes: readonly Write[]): Births {
  return { writes: writes.length > 0 ? [{ do: 'slowly', writes }] : [], count: writes.length, restMs: undefined }
}

/** upstream: firstPendingIndexes */
function pendingIndexes({ job, pods, active, succeededIndexes, failedIndexes }: Account, count: number): number[] {
  const busy = new Set((replacesFailedOnly(job) ? pods.filter(isUnfinished) : active).map((pod) => indexOf(job, pod)))
  const pending: number[] = []
  for (let index = 0; index < (job.spec.completions ?? 0) && pending.length < count; index++)
    if (!busy.has(index) && !succeededIndexes.has(index) && !failedIndexes.has(index)) pending.push(index)
  return pending
}

const isUnfinished = ({ status }: Pod): boolean => status.phase !== 'Succeeded' && status.phase !== 'Failed'

function restOfIndex({ kept, now }: Account, index: number): number {
  const pod = kept.get(index)
  if (pod === undefined) return 0
  const count = failuresBefore(pod) + failuresBefore(pod, indexIgnoredFailures) + 1
  return restOf({ count, lastAt: finishedAt(pod) }, now)
}

type Made = ReturnType<typeof template>

function template(job: Job) {
  const pod = podFrom(job, job.spec.template) as {
    metadata: { generateName: string; finalizers?: readonly string[]; labels?: object; annotations?: object }
    spec: Pod['spec']
  }
  const finalizers = [...(pod.metadata.finalizers ?? []), trackingFinalizer]
  return { ...pod, metadata: { ...pod.metadata, finalizers } }
}

/** A pod for one number: told in its labels, its variables and its host name. */
function templateOf({ job, kept }: Account, index: number): Made {
  const made = template(job)
  const text = String(index)
  return {
    ...made,
    metadata: {
      ...made.metadata,
      generateName: `${job.metadata.name}-${index}-`,
      labels: { ...made.metadata.labels, [indexAnnotation]: text },
      annotations: { ...made.metadata.annotations, [indexAnnotation]: text, ...failureNotes(job, kept.get(index)) },
    },
    spec: {
      ...made.spec,
      hostname: `${job.metadata.name}-${index}`,
      containers: made.spec.containers.map(withIndex),
      ...(made.spec.initContainers && { initContainers: made.spec.initContainers.map(withIndex) }),
    },
  } as Made
}

/** upstream: addCompletionIndexEnvVariable */
function withIndex<T extends { readonly env?: readonly { readonly name: string }[] }>(container: T): T {
  if (container.env?.some(({ name }) => name === 'JOB_COMPLETION_INDEX')) return container
  const fieldRef = { fieldPath: `metadata.labels['${indexAnnotation}']` }
  return { ...container, env: [...(container.env ?? []), { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef } }] }
}

/** How often the number has failed before, for the next time. upstream: addIndexFailureCountAnnotation */
function failureNotes(job: Job, last: Pod | undefined): object {
  if (job.spec.backoffLimitPerIndex === undefined) return {}
  const counts = last !== undefined && verdictOn(job, last).counts
  const failed = last === undefined ? 0 : failuresBefore(last) + Number(counts)
  const ignored = last === undefined ? 0 : failuresBefore(last, indexIgnoredFailures) + Number(!counts)
  return { [indexFailures]: String(failed), ...(ignored > 0 && { [indexIgnoredFailures]: String(ignored) }) }
}

function birth(job: Job, pod: object): Write {
  return create('Pod', pod, {
    namespace: job.metadata.namespace,
    done: ({ metadata }) => [event(job, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`)],
    refused: (error) =>
      isNamespaceTerminating(error)
        ? forgive
        : [event(job, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)],
  })
}
