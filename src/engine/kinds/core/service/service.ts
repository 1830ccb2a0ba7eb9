import type { Service } from '../../../api/index.ts'
import { defineKind } from '../../defineKind.ts'
import { allocate } from './allocation.ts'
import { serviceUpdateErrors } from './changes.ts'
import { serviceColumns } from './columns.ts'
import { defaultService } from './defaults.ts'
import { defaultStatus, serviceStatusErrors } from './status.ts'
import { carryOver, dropWhatTheTypeLacks, normalizeAddresses } from './update.ts'
import { serviceErrors } from './validation.ts'
import { serviceWarnings } from './warnings.ts'

/** A stable name and address in front of pods. */
export const service = defineKind<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  answersWithDeleted: true,
  subresources: ['proxy', 'status'],
  storagePrefix: 'services/specs',
  validateName: serviceErrors.name,
  defaults: defaultService,
  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} }
    normalizeAddresses(draft, undefined)
  },
  prepareForUpdate(draft, old) {
    carryOver(draft, old)
    normalizeAddresses(draft, old)
    dropWhatTheTypeLacks(draft, old)
  },
  allocate,
  validate: serviceErrors.whole,
  validateUpdate: (next, old, meta) => [...serviceUpdateErrors(next, old), ...meta(), ...serviceErrors.whole(next)],
  prepareForStatusUpdate: defaultStatus,
  validateStatusUpdate: serviceStatusErrors,
  warnings: serviceWarnings,
  columns: serviceColumns,
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
    'spec.type': ({ spec }) => spec.type ?? '',
  },
})
