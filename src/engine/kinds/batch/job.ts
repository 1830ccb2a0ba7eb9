import { formatSelector, parseTime, type Draft, type Job } from '../../api/index.ts'
import { ageColumn, containerImages, containerNames, humanDuration, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { defaultTemplate } from '../core/pod/defaults.ts'
import type { PodSpecDraft } from '../core/pod/types.ts'
import { nameWarnings } from '../core/pod/warnings.ts'
import { jobErrors, jobUpdateErrors } from './jobRules.ts'
import { jobStatusErrors } from './jobStatusRules.ts'
import { jobSpecWarnings } from './jobWarnings.ts'

/** Runs pods until enough of them have succeeded. */
export const job = defineKind<Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  subresources: ['status'],
  hasGeneration: true,
  defaultPropagation: 'Orphan',
  defaults: fillIn,
  prepareForCreate(draft) {
    draft.status = {}
    generateSelector(draft)
  },
  beforeStorage: takeLabels,
  validate: (object) => jobErrors(object),
  validateUpdate: (next, old, meta) => [...meta(), ...jobErrors(next, old), ...jobUpdateErrors(next, old)],
  validateStatusUpdate: jobStatusErrors,
  warnings(next, old) {
    const name = old === undefined ? nameWarnings(next.metadata.name, 'Pod names and hostnames') : []
    const isNew = old === undefined || next.metadata.generation !== old.metadata.generation
    return isNew ? [...name, ...jobSpecWarnings(next.spec, 'spec')] : name
  },
  columns: [
    nameColumn,
    { name: 'Status', cell: stateOf },
    { name: 'Completions', cell: completionsOf },
    { name: 'Duration', cell: durationOf },
    ageColumn,
    { name: 'Containers', priority: 1, cell: containerNames },
    { name: 'Images', priority: 1, cell: containerImages },
    { name: 'Selector', priority: 1, cell: ({ spec }) => formatSelector(spec.selector) || '<none>' },
  ],
  selectableFields: { 'status.successful': ({ status }) => String(status.succeeded ?? 0) },
})

// upstream: pkg/apis/batch/v1/defaults.go SetDefaults_Job
function fillIn(draft: Draft<Job>): void {
  const spec = (draft.spec ??= {} as typeof draft.spec)
  draft.status ??= {}
  spec.template ??= {}
  defaultTemplate(spec.template as { spec?: PodSpecDraft })
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  spec.parallelism ??= 1
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2147483647
  // both names for one map: what the server adds to the template's labels shows on the Job too
  if (isEmpty(draft.metadata.labels) && spec.template.metadata?.labels !== undefined)
    draft.metadata.labels = spec.template.metadata.labels
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  for (const rule of spec.podFailurePolicy?.rules ?? [])
    for (const condition of rule.onPodConditions ?? []) condition.status ??= 'True'
  spec.manualSelector ??= false
  spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed'
}

function isEmpty(labels: Readonly<Record<string, string>> | undefined): boolean {
  for (const _ in labels) return false
  return true
}

/** A selector that no other Job can have, and the labels that it selects. */
// upstream: pkg/registry/batch/job/strategy.go generateSelector
function generateSelector({ metadata, spec }: Draft<Job>): void {
  if (spec.manualSelector === true) return
  const template = (spec.template.metadata ??= {})
  const isShared = template.labels !== undefined && metadata.labels === template.labels
  template.labels = {
    'job-name': metadata.name,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': metadata.uid,
    'batch.kubernetes.io/controller-uid': metadata.uid,
    ...template.labels,
  }
  if (isShared) metadata.labels = { ...template.labels }
  const selector = (spec.selector ??= {})
  if (selector.matchLabels?.['controller-uid'] === undefined)
    selector.matchLabels = { ...selector.matchLabels, 'batch.kubernetes.io/controller-uid': metadata.uid }
}

/** A Job without labels of its own takes those of its template. */
function takeLabels({ metadata, spec }: Draft<Job>): void {
  const labels = spec.template.metadata?.labels
  if (labels !== undefined && isEmpty(metadata.labels)) metadata.labels = { ...labels }
}

// upstream: pkg/printers/internalversion/printers.go printJob
function stateOf({ metadata, status }: Job): string {
  const has = (type: string): boolean =>
    status.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (metadata.deletionTimestamp !== undefined) return 'Terminating'
  if (has('Suspended')) return 'Suspended'
  if (has('FailureTarget')) return 'FailureTarget'
  if (has('SuccessCriteriaMet')) return 'SuccessCriteriaMet'
  return 'Running'
}

function completionsOf({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`
  const parallelism = spec.parallelism ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function durationOf({ status }: Job, now: number): string {
  if (!status.startTime) return ''
  const end = status.completionTime ? parseTime(status.completionTime) : now
  return humanDuration(end - parseTime(status.startTime))
}
