import type { CronJob, Draft } from '../../api/index.ts'
import { ageColumn, containerImages, containerNames, nameColumn, since } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { defaultTemplate } from '../core/pod/defaults.ts'
import type { PodSpecDraft } from '../core/pod/types.ts'
import { nameWarnings } from '../core/pod/warnings.ts'
import { cronJobErrors } from './cronJobRules.ts'
import { jobSpecWarnings } from './jobWarnings.ts'

const unofficialZone =
  'CRON_TZ or TZ used in spec.schedule is not officially supported, see ' +
  'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details'

/** Makes a Job each time its schedule comes round. */
export const cronJob = defineKind<CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  defaults: fillIn,
  prepareForCreate(draft) {
    draft.status = {}
  },
  validate: (object) => cronJobErrors(object, undefined),
  validateUpdate: cronJobErrors,
  warnings(next, old) {
    const warnings = old === undefined ? [...nameWarnings(next.metadata.name, 'Pod names and hostnames')] : []
    if (old === undefined || next.metadata.generation !== old.metadata.generation)
      warnings.push(...jobSpecWarnings(next.spec.jobTemplate.spec!, 'spec.jobTemplate.spec'))
    if (next.spec.schedule.includes('TZ')) warnings.push(unofficialZone)
    return warnings
  },
  columns: [
    nameColumn,
    { name: 'Schedule', cell: ({ spec }) => spec.schedule },
    { name: 'Timezone', cell: ({ spec }) => spec.timeZone ?? '<none>' },
    { name: 'Suspend', type: 'boolean', cell: ({ spec }) => (spec.suspend === true ? 'True' : 'False') },
    { name: 'Active', type: 'integer', cell: ({ status }) => status.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      cell: ({ status }, now) => (status.lastScheduleTime ? since(status.lastScheduleTime, now) : '<none>'),
    },
    ageColumn,
    { name: 'Containers', priority: 1, cell: ({ spec }) => containerNames(templated(spec)) },
    { name: 'Images', priority: 1, cell: ({ spec }) => containerImages(templated(spec)) },
    // a Job's selector is made when the Job is
    { name: 'Selector', priority: 1, cell: () => '<none>' },
  ],
})

type Templated = Parameters<typeof containerNames>[0]

const templated = ({ jobTemplate }: CronJob['spec']): Templated => ({ spec: jobTemplate.spec }) as Templated

// upstream: pkg/apis/batch/v1/defaults.go SetDefaults_CronJob
function fillIn(draft: Draft<CronJob>): void {
  const spec = (draft.spec ??= {} as typeof draft.spec)
  draft.status ??= {}
  spec.concurrencyPolicy ||= 'Allow'
  spec.suspend ??= false
  spec.successfulJobsHistoryLimit ??= 3
  spec.failedJobsHistoryLimit ??= 1
  spec.schedule ??= ''
  const jobTemplate = (spec.jobTemplate ??= {})
  jobTemplate.metadata ??= {}
  const jobSpec = (jobTemplate.spec ??= {} as NonNullable<typeof jobTemplate.spec>)
  jobSpec.template ??= {}
  defaultTemplate(jobSpec.template as { spec?: PodSpecDraft })
}
