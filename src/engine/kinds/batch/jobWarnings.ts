import type { Job } from '../../api/index.ts'
import type { PodTemplate } from '../core/pod/types.ts'
import { podWarnings } from '../core/pod/warnings.ts'

const tooManyToTrack =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, ' +
  'Kubernetes might not be able to track completedIndexes when a big number of indexes fail'

/** What is accepted of a Job's spec, but not without a word. */
// upstream: pkg/api/job/warnings.go WarningsForJobSpec
export function jobSpecWarnings(spec: Job['spec'], path: string): readonly string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec
  const isHuge = completionMode === 'Indexed' && completions > 100_000 && parallelism > 10_000
  const template = spec.template as PodTemplate
  return [
    ...(isHuge ? [`${path}: ${tooManyToTrack}`] : []),
    ...(template.spec ? podWarnings(template, `${path}.template`) : []),
  ]
}
