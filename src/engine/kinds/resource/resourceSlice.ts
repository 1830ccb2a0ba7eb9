import {
  each,
  invalidValue,
  isSubdomain,
  quote,
  required,
  type Draft,
  type FieldError,
  type ResourceSlice,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { nodeSelectorErrors } from '../core/pod/affinity.ts'
import { csiDriverErrors } from '../core/volume/sources.ts'
import { defineKind } from '../defineKind.ts'
import { immutable } from '../rules/meta.ts'
import { counterSetErrors, deviceErrors } from './device.ts'
import { poolNameErrors, setErrors } from './lists.ts'

/** Devices a driver offers, on a node or beside all of them. */
export const resourceSlice = defineKind<ResourceSlice>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  namespaced: false,
  hasGeneration: true,
  answersWithDeleted: true,
  defaults(draft) {
    draft.spec ??= {} as typeof draft.spec
    draft.spec.pool ??= { name: '', generation: 0, resourceSliceCount: 0 }
  },
  prepareForCreate(draft, { now }) {
    for (const { taints } of draft.spec.devices ?? []) for (const taint of taints ?? []) taint.timeAdded ??= now
    dropAlpha(draft)
  },
  prepareForUpdate: dropAlpha,
  warnings: ({ spec: { driver } }) =>
    driver === driver.toLowerCase()
      ? []
      : [`spec.driver: driver names should be lowercase; ${quote(driver)} contains uppercase characters`],
  validate: (slice) => sliceErrors(slice, undefined),
  validateUpdate: sliceErrors,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.driver': ({ spec }) => spec.driver,
  },
  columns: [
    nameColumn,
    { name: 'Node', cell: ({ spec }) => spec.nodeName ?? '' },
    { name: 'Driver', cell: ({ spec }) => spec.driver },
    { name: 'Pool', cell: ({ spec }) => spec.pool.name },
    ageColumn,
  ],
})

/** Fields of features that are off: attributes of several values, mappings to what nodes can allocate. */
// upstream: pkg/registry/resource/resourceslice/strategy.go dropDisabledFields
function dropAlpha({ spec }: Draft<ResourceSlice>): void {
  for (const device of spec.devices ?? []) {
    delete device.nodeAllocatableResourceMappings
    for (const attribute of Object.values(device.attributes ?? {}))
      for (const field of ['bools', 'ints', 'strings', 'versions'] as const) delete attribute[field]
  }
}

const devicesMax = 128
const specialDevicesMax = 64

// upstream: pkg/apis/resource/validation/validation.go validateResourceSliceSpec
function sliceErrors({ spec }: ResourceSlice, old: ResourceSlice | undefined): readonly FieldError[] {
  const errors: FieldError[] = [...csiDriverErrors('spec.driver', spec.driver)]
  const { pool, devices = [], sharedCounters } = spec
  errors.push(...poolNameErrors('spec.pool.name', pool.name))
  const { resourceSliceCount = 0, generation = 0 } = pool
  if (resourceSliceCount <= 0)
    errors.push(invalidValue('spec.pool.resourceSliceCount', resourceSliceCount, 'must be greater than zero'))
  if (generation < 0)
    errors.push(invalidValue('spec.pool.generation', generation, 'must be greater than or equal to zero'))
  if (old !== undefined)
    errors.push(
      ...immutable('spec.pool.name', pool.name, old.spec.pool.name),
      ...immutable('spec.driver', spec.driver, old.spec.driver),
      ...immutable('spec.nodeName', spec.nodeName, old.spec.nodeName),
    )
  placeErrors(errors, spec)
  if (sharedCounters !== undefined && spec.devices !== undefined)
    errors.push(invalidValue('spec', '', 'only one of `sharedCounters` or `devices` is allowed'))
  const isSpecial = devices.some(({ taints, consumesCounters }) => taints?.length || consumesCounters?.length)
  const isPlacedEach = spec.perDeviceNodeSelection === true
  const max = isSpecial ? specialDevicesMax : devicesMax
  setErrors(errors, 'spec.devices', devices, max, (path, one) => deviceErrors(errors, path, one, isPlacedEach), nameOf)
  setErrors(
    errors,
    'spec.sharedCounters',
    sharedCounters,
    8,
    (path, one) => counterSetErrors(errors, path, one),
    nameOf,
  )
  return errors
}

const nameOf = ({ name }: { readonly name: string }): string => name

function placeErrors(errors: FieldError[], spec: ResourceSlice['spec']): void {
  const { nodeName, nodeSelector } = spec
  const given: string[] = []
  if (nodeName === '')
    errors.push(invalidValue('spec.nodeName', nodeName, 'must be either unset or set to a non-empty string'))
  else if (nodeName !== undefined) {
    given.push('`nodeName`')
    errors.push(...each('spec.nodeName', nodeName, isSubdomain(nodeName)))
  }
  if (nodeSelector !== undefined) {
    given.push('`nodeSelector`')
    nodeSelectorErrors(errors, 'spec.nodeSelector', nodeSelector.nodeSelectorTerms)
    if (nodeSelector.nodeSelectorTerms?.length !== 1)
      errors.push(
        invalidValue(
          'spec.nodeSelector.nodeSelectorTerms',
          nodeSelector.nodeSelectorTerms,
          'must have exactly one node selector term',
        ),
      )
  }
  for (const field of ['allNodes', 'perDeviceNodeSelection'] as const)
    if (spec[field] === true) given.push(`\`${field}\``)
    else if (spec[field] === false)
      errors.push(invalidValue(`spec.${field}`, false, 'must be either unset or set to true'))
  const one = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required'
  if (given.length === 0) errors.push(required('spec', one))
  if (given.length > 1)
    errors.push(invalidValue('spec', `{${given.join(', ')}}`, `${one}, but multiple fields are set`))
}
