import { parseTime, type Job } from '../../api/index.ts'
import { defineController, nothing, remove } from '../controller.ts'
import { forgive } from '../perform.ts'
import { conditionOf } from './account.ts'

/**
 * Deletes Jobs that have been over for as long as they said.
 * upstream: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go
 */
export const ttlAfterFinishedController = defineController<Job>({
  name: 'ttl-after-finished-controller',
  for: 'Job',
  reconcile({ object: job, now }) {
    const seconds = job.spec.ttlSecondsAfterFinished
    const end = conditionOf(job, 'Complete') ?? conditionOf(job, 'Failed')
    if (seconds === undefined || end === undefined || job.metadata.deletionTimestamp !== undefined) return nothing
    const dueAt = parseTime(end.lastTransitionTime ?? job.metadata.creationTimestamp) + seconds * 1000
    if (dueAt > now) return { writes: [], requeueAfterMs: dueAt - now }
    const { uid } = job.metadata
    const options = { propagationPolicy: 'Foreground', preconditions: { uid } } as const
    return { writes: [remove(job, options, { refused: ({ code }) => (code === 404 ? forgive : undefined) })] }
  },
})
