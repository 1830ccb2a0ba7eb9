import {
  duplicate,
  each,
  invalidValue,
  isCidr,
  isLabelValue,
  isQualifiedName,
  notAllowed,
  required,
  unsupported,
  type Draft,
  type FieldError,
  type Node,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { cidrWarnings } from '../rules/canonical.ts'
import { parseCidr } from '../networking/cidr.ts'
import { taintEffects } from './pod/scheduling.ts'
import { quantityErrors } from './pod/resources.ts'
import { goStruct } from '../rules/goStruct.ts'

const rolePrefix = 'node-role.kubernetes.io/'

/** A machine of the cluster. */
export const node = defineKind<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  namespaced: false,
  subresources: ['proxy', 'status'],
  storagePrefix: 'minions',
  defaults(draft) {
    const spec = (draft.spec ??= {})
    const status = (draft.status ??= {})
    if (spec.podCIDR !== undefined && spec.podCIDRs === undefined) spec.podCIDRs = [spec.podCIDR]
    if (spec.podCIDRs?.[0] !== undefined) spec.podCIDR = spec.podCIDRs[0]
    if (status.capacity !== undefined) status.allocatable ??= { ...status.capacity }
    status.daemonEndpoints ??= { kubeletEndpoint: { Port: 0 } } as unknown as NonNullable<typeof status.daemonEndpoints>
    status.nodeInfo ??= unknownSystem()
  },
  prepareForCreate: dropConfigSource,
  prepareForUpdate: dropConfigSource,
  validate: wholeErrors,
  // upstream's strategy looks at the whole, and then at the change
  validateUpdate: (next, old, meta) => [...meta(), ...wholeErrors(next), ...changeErrors(next, old)],
  validateStatusUpdate: changeErrors,
  warnings: ({ spec }) => [
    ...(spec.externalID ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes'] : []),
    ...(spec.podCIDRs ?? []).flatMap((cidr, index) => cidrWarnings(`spec.podCIDRs[${index}]`, cidr)),
  ],
  columns: [
    nameColumn,
    { name: 'Status', cell: statusText },
    { name: 'Roles', cell: rolesText },
    ageColumn,
    { name: 'Version', cell: ({ status }) => status.nodeInfo?.kubeletVersion ?? '' },
    { name: 'Internal-IP', priority: 1, cell: (one) => addressOf(one, 'InternalIP') },
    { name: 'External-IP', priority: 1, cell: (one) => addressOf(one, 'ExternalIP') },
    { name: 'OS-Image', priority: 1, cell: ({ status }) => status.nodeInfo?.osImage || '<unknown>' },
    { name: 'Kernel-Version', priority: 1, cell: ({ status }) => status.nodeInfo?.kernelVersion || '<unknown>' },
    {
      name: 'Container-Runtime',
      priority: 1,
      cell: ({ status }) => status.nodeInfo?.containerRuntimeVersion || '<unknown>',
    },
  ],
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(spec.unschedulable ?? false) },
})

/** A feature that is gone: the field stays away. */
// upstream: pkg/registry/core/node/strategy.go dropDisabledFields
function dropConfigSource({ spec }: Draft<Node>): void {
  if (spec.configSource !== undefined) delete spec.configSource
}

function unknownSystem() {
  return {
    machineID: '',
    systemUUID: '',
    bootID: '',
    kernelVersion: '',
    osImage: '',
    containerRuntimeVersion: '',
    kubeletVersion: '',
    kubeProxyVersion: '',
    operatingSystem: '',
    architecture: '',
  }
}

// upstream: pkg/printers/internalversion/printers.go printNode
function statusText({ spec, status }: Node): string {
  const ready = status.conditions?.find(({ type }) => type === 'Ready')
  const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return spec.unschedulable === true ? `${word},SchedulingDisabled` : word
}

function rolesText({ metadata }: Node): string {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length))
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value)
  }
  return [...roles].sort().join(',') || '<none>'
}

function addressOf({ status }: Node, type: string): string {
  return status.addresses?.find((address) => address.type === type)?.address ?? '<none>'
}

function wholeErrors(one: Node): readonly FieldError[] {
  return [...taintErrors(one), ...amountErrors(one), ...cidrErrors(one)]
}

// upstream: pkg/apis/core/validation/validation.go ValidateNodeUpdate
function changeErrors(next: Node, old: Node): readonly FieldError[] {
  const errors = [...amountErrors(next), ...addressErrors(next), ...fixedErrors(next, old), ...taintErrors(next)]
  if (next.spec.externalID !== old.spec.externalID) errors.push(notAllowed('spec.externalID', 'may not be updated'))
  return errors
}

// upstream: pkg/apis/core/validation/validation.go validateNodeTaints; the path is upstream's slip
function taintErrors({ spec }: Node): readonly FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  spec.taints?.forEach((taint, index) => {
    const { key = '', value = '', effect = '' } = taint
    const at = `metadata.taints[${index}]`
    errors.push(...each(`${at}.key`, key, isQualifiedName(key)))
    const bad = isLabelValue(value)
    if (bad.length > 0) errors.push(invalidValue(`${at}.value`, value, bad.join(';')))
    if (effect === '') errors.push(required(`${at}.effect`))
    else if (!taintEffects.includes(effect)) errors.push(unsupported(`${at}.effect`, effect, taintEffects))
    if (seen.has(`${key}:${effect}`))
      errors.push(duplicate(at, goStruct('Taint', taint), 'taints must be unique by key and effect pair'))
    seen.add(`${key}:${effect}`)
  })
  return errors
}

function amountErrors({ status }: Node): readonly FieldError[] {
  const errors: FieldError[] = []
  for (const list of ['capacity', 'allocatable'] as const)
    for (const [name, amount] of Object.entries(status[list] ?? {}))
      quantityErrors(errors, `status.${list}.${name}`, name, amount)
  return errors
}

function cidrErrors({ spec }: Node): readonly FieldError[] {
  const cidrs = spec.podCIDRs ?? []
  const errors = cidrs.flatMap((cidr, index) => each(`spec.podCIDRs[${index}]`, cidr, isCidr(cidr)))
  if (cidrs.length < 2) return errors
  const bad = cidrs.find((cidr) => parseCidr(cidr) === undefined)
  const families = new Set(cidrs.map((cidr) => parseCidr(cidr)?.family))
  if (bad !== undefined)
    errors.push({
      type: 'InternalError',
      field: 'spec.podCIDRs',
      detail: `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR address: ${bad}`,
    })
  if (bad !== undefined || families.size < 2 || cidrs.length > 2)
    errors.push(invalidValue('spec.podCIDRs', cidrs, 'may specify no more than one CIDR for each IP family'))
  cidrs.forEach((cidr, index) => {
    if (cidrs.indexOf(cidr) < index) errors.push(duplicate(`spec.podCIDRs[${index}]`, cidr))
  })
  return errors
}

function addressErrors({ status }: Node): readonly FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  status.addresses?.forEach(({ type, address }, index) => {
    if (seen.has(`${type} ${address}`))
      errors.push(duplicate(`status.addresses[${index}]`, { Type: type, Address: address }))
    seen.add(`${type} ${address}`)
  })
  return errors
}

function fixedErrors({ spec: next }: Node, { spec: old }: Node): readonly FieldError[] {
  const errors: FieldError[] = []
  const cidrs = old.podCIDRs ?? []
  const given = next.podCIDRs ?? []
  const changed =
    cidrs.length === given.length ? cidrs.filter((cidr, index) => cidr !== given[index]) : cidrs.slice(0, 1)
  for (const _ of changed)
    errors.push(notAllowed('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'))
  if (old.providerID && old.providerID !== next.providerID)
    errors.push(notAllowed('spec.providerID', 'node updates may not change providerID except from "" to valid'))
  return errors
}
