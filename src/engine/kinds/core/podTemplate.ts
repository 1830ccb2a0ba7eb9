import { formatLabels, isEqual, type PodTemplate } from '../../api/index.ts'
import { containerImages, containerNames, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { defaultTemplate } from './pod/defaults.ts'
import { templateErrors } from './pod/spec.ts'
import type { PodSpecDraft, PodTemplate as Template } from './pod/types.ts'
import { podWarnings } from './pod/warnings.ts'

/** A pod's description put aside for whoever makes pods of it. */
export const podTemplate = defineKind<PodTemplate>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
  hasGeneration: true,
  answersWithDeleted: true,
  isNewGeneration: (next, old) => !isEqual(next.template, old.template),
  defaults(draft) {
    draft.template ??= {}
    defaultTemplate(draft.template as { spec?: PodSpecDraft })
  },
  validate: ({ template }) => templateErrors('template', template as Template),
  validateUpdate: ({ template }, _old, meta) => [...meta(), ...templateErrors('template', template as Template)],
  warnings(next, old) {
    const isNew = old === undefined || next.metadata.generation !== old.metadata.generation
    return isNew && next.template?.spec ? podWarnings(next.template as Template, 'template') : []
  },
  columns: [
    nameColumn,
    { name: 'Containers', cell: (one) => containerNames(templated(one)) },
    { name: 'Images', cell: (one) => containerImages(templated(one)) },
    { name: 'Pod Labels', cell: ({ template }) => formatLabels(template?.metadata?.labels ?? {}) || '<none>' },
  ],
})

type Templated = Parameters<typeof containerNames>[0]

const templated = ({ template }: PodTemplate): Templated => ({ spec: { template: template ?? {} } }) as Templated
