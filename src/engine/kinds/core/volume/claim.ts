import {
  each,
  invalidValue,
  isEqual,
  isLabel,
  isQualifiedName,
  isSubdomain,
  notAllowed,
  parseQuantity,
  required,
  unsupported,
  type FieldError,
  type PersistentVolumeClaim,
} from '../../../api/index.ts'
import { selectorErrors } from '../../rules/labelSelector.ts'
import { immutable } from '../../rules/meta.ts'
import { jsonDiff } from '../../rules/unifiedDiff.ts'
import { accessModeErrors, classAnnotation, volumeModes } from './claimFacts.ts'
import { goVolume } from './goVolume.ts'
import { amountErrors, positiveErrors } from './spec.ts'

// upstream: pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaim…

type Claim = PersistentVolumeClaim
type ClaimSpec = Claim['spec']

/** What is wrong with a claim's wishes, in a claim or in a template of one. */
export function claimSpecErrors(path: string, spec: Partial<ClaimSpec>, checksGroups = true): readonly FieldError[] {
  const { accessModes = [], selector, resources, storageClassName, volumeMode, volumeAttributesClassName } = spec
  const errors: FieldError[] = []
  if (accessModes.length === 0) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'))
  errors.push(...selectorErrors(`${path}.selector`, selector))
  errors.push(...accessModeErrors(`${path}.accessModes`, accessModes))
  const asked = resources?.requests?.['storage']
  if (asked === undefined) errors.push(required(`${path}.resources[storage]`))
  else errors.push(...positiveErrors(`${path}.resources[storage]`, asked))
  if (storageClassName)
    errors.push(...each(`${path}.storageClassName`, storageClassName, isSubdomain(storageClassName)))
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode))
    errors.push(unsupported(`${path}.volumeMode`, volumeMode, volumeModes))
  dataSourceErrors(errors, path, spec, checksGroups)
  if (volumeAttributesClassName) {
    const bad = isSubdomain(volumeAttributesClassName)
    errors.push(...each(`${path}.volumeAttributesClassName`, volumeAttributesClassName, bad))
  }
  return errors
}

function dataSourceErrors(errors: FieldError[], path: string, spec: Partial<ClaimSpec>, checksGroups: boolean): void {
  const { dataSource, dataSourceRef } = spec
  if (dataSource !== undefined) referenceErrors(errors, `${path}.dataSource`, dataSource, checksGroups)
  if (dataSourceRef !== undefined) {
    referenceErrors(errors, `${path}.dataSourceRef`, dataSourceRef, checksGroups)
    const { namespace } = dataSourceRef
    if (namespace) errors.push(...each(`${path}.dataSourceRef.namespace`, namespace, isLabel(namespace)))
  }
  if (dataSource === undefined || dataSourceRef === undefined) return
  const bad = (text: string): unknown => errors.push(invalidValue(path, `${path}.dataSource`, text))
  if (dataSourceRef.namespace) bad('may not be specified when dataSourceRef.namespace is specified')
  else if (
    dataSource.apiGroup !== dataSourceRef.apiGroup ||
    dataSource.kind !== dataSourceRef.kind ||
    dataSource.name !== dataSourceRef.name
  )
    bad('must match dataSourceRef')
}

type Reference = NonNullable<ClaimSpec['dataSource']>

function referenceErrors(errors: FieldError[], path: string, reference: Reference, checksGroups: boolean): void {
  const { apiGroup = '', kind = '', name } = reference
  if (!name) errors.push(required(`${path}.name`))
  if (kind === '') errors.push(required(`${path}.kind`))
  if (apiGroup === '' && kind !== 'PersistentVolumeClaim')
    errors.push(invalidValue(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
  if (apiGroup !== '' && checksGroups) errors.push(...each(`${path}.apiGroup`, apiGroup, isSubdomain(apiGroup)))
}

/** What an update of a claim may not do. */
export function claimUpdateErrors(next: Claim, old: Claim): readonly FieldError[] {
  const hadGroup = old.spec.dataSource?.apiGroup !== undefined || old.spec.dataSourceRef?.apiGroup !== undefined
  const errors: FieldError[] = [...claimSpecErrors('spec', next.spec, !hadGroup)]
  const [before, after] = comparable(errors, next, old)
  if (!isEqual(before, after)) {
    const text =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
    errors.push(notAllowed('spec', `${text}\n${jsonDiff(before, after)}`))
  }
  sizeErrors(errors, next, old)
  errors.push(...immutable('volumeMode', next.spec.volumeMode, old.spec.volumeMode))
  attributesErrors(errors, next.spec.volumeAttributesClassName, old.spec.volumeAttributesClassName)
  return errors
}

/** Both specs, without what may differ. */
function comparable(errors: FieldError[], next: Claim, old: Claim): readonly [before: unknown, after: unknown] {
  const before = { ...old.spec, volumeName: old.spec.volumeName || next.spec.volumeName }
  const after = { ...next.spec }
  const annotated = old.metadata.annotations?.[classAnnotation]
  const annotatedNext = next.metadata.annotations?.[classAnnotation]
  const names = next.spec.storageClassName
  const isMoved =
    annotated !== undefined &&
    old.spec.storageClassName === undefined &&
    names === annotated &&
    (annotatedNext === undefined || annotatedNext === annotated)
  if (isMoved) delete (after as { storageClassName?: string }).storageClassName
  else {
    if (annotatedNext !== annotated)
      errors.push(invalidValue(`metadata.annotations[${classAnnotation}]`, annotatedNext ?? '', 'field is immutable'))
    const wasUnset = old.spec.storageClassName === undefined && (annotated === undefined || annotated === names)
    if (names !== undefined && wasUnset) delete (after as { storageClassName?: string }).storageClassName
  }
  if (next.status.phase === 'Bound') {
    const { requests } = next.spec.resources ?? {}
    const storage = old.spec.resources?.requests?.['storage']
    if (requests !== undefined && storage !== undefined)
      after.resources = { ...next.spec.resources, requests: { ...requests, storage } }
    if (after.volumeAttributesClassName !== undefined)
      after.volumeAttributesClassName = old.spec.volumeAttributesClassName
  }
  return [goVolume('PersistentVolumeClaimSpec', before), goVolume('PersistentVolumeClaimSpec', after)]
}

/** A claim may ask for less only down to what it has, so that a failed growth can be taken back. */
function sizeErrors(errors: FieldError[], next: Claim, old: Claim): void {
  const asked = (claim: Claim): number => parseQuantity(claim.spec.resources?.requests?.['storage'] ?? '0')
  const has = parseQuantity(old.status.capacity?.['storage'] ?? '0')
  if (asked(next) < asked(old) && asked(next) <= has)
    errors.push(notAllowed('spec.resources.requests.storage', 'field can not be less than status.capacity'))
}

function attributesErrors(errors: FieldError[], next: string | undefined, old: string | undefined): void {
  if (old === undefined || next === old) return
  const path = 'spec.volumeAttributesClassName'
  if (next === undefined) errors.push(notAllowed(path, 'update from non-nil value to nil is forbidden'))
  else if (next === '') errors.push(notAllowed(path, 'update from non-nil value to an empty string is forbidden'))
}

const resizeStates = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
].sort()

/** What is wrong with what is reported of a claim. */
export function claimStatusErrors({ spec, status }: Claim): readonly FieldError[] {
  const errors: FieldError[] = []
  if (!spec.accessModes?.length) errors.push(required('Spec.accessModes'))
  errors.push(...amountErrors('status.capacity', status.capacity))
  const path = 'status.allocatedResourceStatus'
  for (const [name, state] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    errors.push(...resourceKeyErrors(path, name))
    if (!resizeStates.includes(state)) errors.push(unsupported(path, name, resizeStates))
  }
  for (const name of Object.keys(status.allocatedResources ?? {}))
    errors.push(...resourceKeyErrors('status.allocatedResources', name))
  return [...errors, ...amountErrors('status.allocatedResources', status.allocatedResources)]
}

function resourceKeyErrors(path: string, name: string): readonly FieldError[] {
  const bad = isQualifiedName(name)
  if (bad.length > 0) return each(path, name, bad)
  const isNative = !name.includes('/') || name.includes('kubernetes.io/')
  return isNative && name !== 'storage' ? [unsupported(path, name, ['storage'])] : []
}
