import {
  each,
  invalidValue,
  isSubdomain,
  notAllowed,
  notNegative,
  parseQuantity,
  required,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { nodeSelectorErrors } from '../pod/affinity.ts'
import { accessModeErrors, volumeModes } from './claimFacts.ts'
import { sourceErrors, type VolumeSpec } from './sources.ts'

const reclaimPolicies = ['Delete', 'Recycle', 'Retain']

/** What is wrong with a volume; `isInline`: it stands in a VolumeAttachment. */
// upstream: pkg/apis/core/validation/validation.go ValidatePersistentVolumeSpec
export function volumeSpecErrors(path: string, spec: VolumeSpec, isInline: boolean): readonly FieldError[] {
  const errors: FieldError[] = []
  if (isInline) inlineErrors(errors, path, spec)
  const { accessModes = [], persistentVolumeReclaimPolicy: policy = '', volumeAttributesClassName: attributes } = spec
  if (accessModes.length === 0) errors.push(required(`${path}.accessModes`))
  errors.push(...accessModeErrors(`${path}.accessModes`, accessModes))
  if (!isInline) {
    capacityErrors(errors, `${path}.capacity`, spec.capacity)
    if (policy !== '' && !reclaimPolicies.includes(policy))
      errors.push(unsupported(`${path}.persistentVolumeReclaimPolicy`, policy, reclaimPolicies))
    affinityErrors(errors, `${path}.nodeAffinity`, spec.nodeAffinity)
  }
  sourceErrors(errors, path, spec)
  if (policy === 'Recycle' && spec.hostPath !== undefined && /^\/*$/.test(spec.hostPath.path ?? ''))
    errors.push(notAllowed(`${path}.persistentVolumeReclaimPolicy`, "may not be 'recycle' for a hostPath mount of '/'"))
  if (!isInline) classErrors(errors, path, spec)
  if (attributes === undefined) return errors
  const at = `${path}.volumeAttributesClassName`
  if (attributes === '') errors.push(required(at, 'an empty string is disallowed'))
  else errors.push(...each(at, attributes, isSubdomain(attributes)))
  if (spec.csi === undefined)
    errors.push(required(`${path}.csi`, 'has to be specified when using volumeAttributesClassName'))
  return errors
}

function inlineErrors(errors: FieldError[], path: string, spec: VolumeSpec): void {
  const text = 'may not be specified in the context of inline volumes'
  if (spec.claimRef !== undefined) errors.push(notAllowed(`${path}.claimRef`, text))
  if (Object.keys(spec.capacity ?? {}).length > 0) errors.push(notAllowed(`${path}.capacity`, text))
  if (spec.csi === undefined)
    errors.push(required(`${path}.csi`, 'has to be specified in the context of inline volumes'))
  const policy = spec.persistentVolumeReclaimPolicy
  if (policy !== undefined && policy !== 'Retain')
    errors.push(
      notAllowed(`${path}.persistentVolumeReclaimPolicy`, 'may only be Retain in the context of inline volumes'),
    )
  if (spec.nodeAffinity !== undefined) errors.push(notAllowed(`${path}.nodeAffinity`, text))
  if (spec.storageClassName) errors.push(notAllowed(`${path}.storageClassName`, text))
  if (spec.volumeMode !== undefined && spec.volumeMode !== 'Filesystem')
    errors.push(
      notAllowed(
        `${path}.volumeMode`,
        'may not specify volumeMode other than Filesystem in the context of inline volumes',
      ),
    )
}

function capacityErrors(errors: FieldError[], path: string, capacity: VolumeSpec['capacity']): void {
  const names = Object.keys(capacity ?? {}).sort()
  if (names.length === 0) errors.push(required(path))
  if (capacity?.['storage'] === undefined || names.length > 1)
    errors.push({
      type: 'FieldValueNotSupported',
      field: path,
      value: names.length === 0 ? null : capacity,
      detail: 'supported values: "storage"',
    })
  for (const name of names) errors.push(...positiveErrors(`${path}[${name}]`, capacity![name]!))
}

/** An amount that has to be more than nothing. */
export function positiveErrors(path: string, amount: string): readonly FieldError[] {
  return parseQuantity(amount) > 0 ? [] : [invalidValue(path, amount, 'must be greater than zero')]
}

function affinityErrors(errors: FieldError[], path: string, affinity: VolumeSpec['nodeAffinity']): void {
  if (affinity === undefined) return
  if (affinity.required === undefined)
    errors.push(required(`${path}.required`, 'must specify required node constraints'))
  else nodeSelectorErrors(errors, `${path}.required`, affinity.required.nodeSelectorTerms)
}

function classErrors(errors: FieldError[], path: string, { storageClassName: name, volumeMode }: VolumeSpec): void {
  if (name) errors.push(...each(`${path}.storageClassName`, name, isSubdomain(name)))
  if (volumeMode !== undefined && !volumeModes.includes(volumeMode))
    errors.push(unsupported(`${path}.volumeMode`, volumeMode, volumeModes))
}

/** Amounts in a status: not negative. */
export function amountErrors(
  path: string,
  amounts: Readonly<Record<string, string>> | undefined,
): readonly FieldError[] {
  return Object.keys(amounts ?? {})
    .sort()
    .flatMap((name) =>
      notNegative('', parseQuantity(amounts![name]!)).map(({ detail }) =>
        invalidValue(`${path}[${name}]`, amounts![name], detail),
      ),
    )
}
