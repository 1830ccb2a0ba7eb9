import { describe, expect, test } from 'vitest'
import { resourceClaim } from '../../../src/engine/kinds/resource/resourceClaim.ts'
import type { ResourceClaim } from '../../../src/engine/api/index.ts'
import { askerOf } from './asked.ts'

describe('a ResourceSlice', () => {
  const slice = askerOf('resource.k8s.io/v1', 'ResourceSlice')
  const spec = { driver: 'a.b', pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, nodeName: 'n' }
  const withDevice = (device: object): string =>
    slice.create({ spec: { ...spec, devices: [{ name: 'gpu-0', ...device }] } })

  test.each<[string, object, string]>([
    ['binding conditions', { bindingConditions: ['a'], bindingFailureConditions: ['b'] }, ''],
    [
      'conditions that cannot fail',
      { bindingConditions: ['a'] },
      'spec.devices[0].bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions',
    ],
    [
      'a condition that is both',
      { bindingConditions: ['a'], bindingFailureConditions: ['a'] },
      'spec.devices[0].bindingFailureConditions[0]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions',
    ],
    [
      'a condition twice',
      { bindingConditions: ['a', 'a'], bindingFailureConditions: ['b'] },
      'spec.devices[0].bindingConditions[1]: Duplicate value: "a"',
    ],
    [
      'an attribute that is no identifier',
      { attributes: { 'a-b': { bool: true } } },
      'spec.devices[0].attributes: Invalid value: "a-b": a valid C identifier',
    ],
    [
      'counters of one set twice',
      {
        consumesCounters: [
          { counterSet: 's', counters: { c: { value: '1' } } },
          { counterSet: 's', counters: { c: { value: '1' } } },
        ],
      },
      'spec.devices[0].consumesCounters[1]: Duplicate value: "s"',
    ],
    [
      'a counter of no name',
      { consumesCounters: [{ counterSet: 's', counters: { C: { value: '1' } } }] },
      'spec.devices[0].consumesCounters[0].counters: Invalid value: "C"',
    ],
  ])('%s', (_, device, words) => {
    const told = withDevice(device)
    if (words === '') expect(told).toBe('')
    else expect(told).toContain(words)
  })

  const policy = (requestPolicy: object): string =>
    withDevice({ allowMultipleAllocations: true, capacity: { memory: { value: '4Gi', requestPolicy } } })
  const at = 'spec.devices[0].capacity[memory].requestPolicy'

  test.each<[string, object, string]>([
    ['values', { default: '1Gi', validValues: ['1Gi', '2Gi'] }, ''],
    ['a range', { default: '1Gi', validRange: { min: '1Gi', max: '4Gi', step: '1Gi' } }, ''],
    [
      'both',
      { default: '1Gi', validValues: ['1Gi'], validRange: { min: '1Gi' } },
      `${at}: Forbidden: exactly one policy can be specified`,
    ],
    ['no usual value', { validValues: ['1Gi'] }, `${at}.default: Required value: required when validValues is defined`],
    [
      'values in disorder',
      { default: '1Gi', validValues: ['2Gi', '1Gi'] },
      `${at}.validValues[1]: Invalid value: "1Gi": values must be sorted in ascending order`,
    ],
    [
      'a value too large',
      { default: '1Gi', validValues: ['1Gi', '8Gi'] },
      `${at}.validValues[1]: Invalid value: "8Gi": option is larger than capacity value: 4Gi`,
    ],
    [
      'a usual value that is none of them',
      { default: '3Gi', validValues: ['1Gi'] },
      `${at}.validValues: Invalid value: "3Gi": default value is not valid according to the requestPolicy`,
    ],
    [
      'a step beyond the end',
      { default: '1Gi', validRange: { min: '1Gi', step: '4Gi' } },
      `${at}.validRange.step: Invalid value: "4Gi": one step 5Gi is larger than capacity value: 4Gi`,
    ],
    [
      'a usual value between steps',
      { default: '1500Mi', validRange: { min: '1Gi', step: '1Gi' } },
      `${at}.validRange.step: Invalid value: "1500Mi": value is not a multiple of a given step (1Gi) from (1Gi)`,
    ],
    [
      'a first step that floats could not add up',
      { default: '100m', validRange: { min: '100m', step: '200000000000000000200m' } },
      `one step 200000000000000000300m is larger than capacity value: 4Gi`,
    ],
  ])('a policy with %s', (_, requestPolicy, words) => {
    const told = policy(requestPolicy)
    if (words === '') expect(told).toBe('')
    else expect(told).toContain(words)
  })
})

test('a ResourceSlice keeps no fields of features that are off, and warns of capitals', () => {
  const slice = askerOf('resource.k8s.io/v1', 'ResourceSlice')
  const device = { name: 'a', attributes: { a: { bool: true } } }
  const spec = { driver: 'A.b', pool: { name: 'p', generation: 1, resourceSliceCount: 1 }, nodeName: 'n' }
  const given = { ...device, nodeAllocatableResourceMappings: { cpu: { allocationMultiplier: '1' } } }
  expect(slice.stored({ spec: { ...spec, devices: [given] } })['spec']).toMatchObject({ devices: [device] })
  expect(slice.stored({ spec: { ...spec, devices: [given] } })['spec']).not.toHaveProperty([
    'devices',
    0,
    'nodeAllocatableResourceMappings',
  ])
  expect(slice.create({ spec: { ...spec, devices: [{ name: 'a', attributes: { a: { ints: [1] } } }] } })).toContain(
    'spec.devices[0].attributes[a]: Invalid value: "": exactly one value must be specified',
  )
  expect(slice.warnings({ spec })).toEqual([
    'spec.driver: driver names should be lowercase; "A.b" contains uppercase characters',
  ])
})

describe('a ResourceClaim', () => {
  const claim = askerOf('resource.k8s.io/v1', 'ResourceClaim')
  const asking = (exactly: object): object => ({
    spec: { devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'gpu', ...exactly } }] } },
  })

  test('tolerates any taint by an empty key', () =>
    expect(claim.create(asking({ tolerations: [{ effect: 'NoSchedule' }] }))).toBe(''))

  test('has admin access only where the namespace allows it', () =>
    expect(claim.create(asking({ adminAccess: true }))).toContain(
      'spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the ' +
        '`resource.kubernetes.io/admin-access: true` label on the containing namespace',
    ))

  test('has parameters that are an object', () => {
    const config = (parameters: unknown): object => ({
      spec: { devices: { config: [{ opaque: { driver: 'a.b', parameters } }] } },
    })
    expect(claim.create(config({ a: 1 }))).toBe('')
    expect(claim.create(config('text'))).toContain('Invalid value: "<value omitted>": must be a valid JSON object')
  })

  type Status = ResourceClaim['status']
  const given = claim.stored(asking({})) as unknown as ResourceClaim
  const result = { request: 'a', driver: 'a.b', pool: 'p', device: 'gpu-0' }
  const allocation = (more: object = {}): object => ({ devices: { results: [{ ...result, ...more }] } })
  const refusals = (next: object, old: object = {}): readonly string[] =>
    resourceClaim.validateStatusUpdate!({ ...given, status: next as Status }, { ...given, status: old as Status }).map(
      ({ field, detail }) => `${field}: ${detail}`,
    )
  const device = { driver: 'a.b', pool: 'p', device: 'gpu-0' }

  test.each<[string, object, readonly string[]]>([
    ['what was asked for', { allocation: allocation() }, []],
    [
      'what was not asked for',
      { allocation: allocation({ request: 'b' }) },
      [
        'status.allocation.devices.results[0].request: must be the name of a request in the claim or the name of a request and a ' +
          "subrequest separated by '/'",
      ],
    ],
    [
      'a share with no id',
      { allocation: allocation({ shareID: 'x' }) },
      [expect.stringContaining('status.allocation.devices.results[0].shareID: uid must be') as unknown as string],
    ],
    [
      'parameters from nowhere',
      { allocation: { devices: { results: [result], config: [{ opaque: { driver: 'a.b', parameters: {} } }] } } },
      ['status.allocation.devices.config[0].source: '],
    ],
    ['a device that works', { allocation: allocation(), devices: [device] }, []],
    [
      'a device that is not its own',
      { devices: [device] },
      ['status.devices[0]: must be an allocated device in the claim'],
    ],
    [
      'an address that is none',
      { allocation: allocation(), devices: [{ ...device, networkData: { ips: ['10.0.0.1', '010.0.0.1/8'] } }] },
      [
        'status.devices[0].networkData.ips[0]: must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
        'status.devices[0].networkData.ips[1]: must be in canonical form ("10.0.0.1/8")',
      ],
    ],
  ])('is given %s', (_, status, told) => expect(refusals(status)).toEqual(told))

  test('keeps what it was given', () =>
    expect(refusals({ allocation: allocation({ device: 'gpu-1' }) }, { allocation: allocation() })).toEqual([
      'status.allocation: field is immutable',
    ]))

  test('loses what was said of a device together with it', () => {
    const draft = { status: { devices: [device] } }
    resourceClaim.prepareForStatusUpdate!(
      draft as never,
      { status: { allocation: allocation() } } as never,
      {} as never,
    )
    expect(draft.status).toEqual({})
  })
})
