import { cronJob } from './cronJob.ts'
import { job } from './job.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const batchKinds = [cronJob, job] as const
