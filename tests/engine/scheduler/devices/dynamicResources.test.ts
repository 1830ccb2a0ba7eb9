import { describe, expect, test } from 'vitest'
import { decide } from '../../../../src/engine/scheduler/index.ts'
import { dynamicResources } from '../../../../src/engine/scheduler/plugins/dynamicResources.ts'
import { podInfoOf } from '../../../../src/engine/scheduler/podInfo.ts'
import { snapshotOf, type Snapshot } from '../../../../src/engine/scheduler/snapshot.ts'
import { node, pod } from '../fixtures.ts'

const driver = 'gpu.example.com'
const meta = (name: string, namespace?: string) => ({
  name,
  uid: name,
  resourceVersion: '1',
  creationTimestamp: '',
  ...(namespace && { namespace }),
})

const slice = (nodeName: string, models: readonly string[]) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceSlice',
  metadata: meta(nodeName),
  spec: {
    driver,
    nodeName,
    pool: { name: nodeName, generation: 1, resourceSliceCount: 1 },
    devices: models.map((model, index) => ({
      name: `gpu-${index}`,
      attributes: { model: { string: model } },
      capacity: { memory: { value: model === 'big' ? '40Gi' : '10Gi' } },
    })),
  },
})
const deviceClass = (expression = `device.driver == "${driver}"`) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'DeviceClass',
  metadata: meta('gpu'),
  spec: { selectors: [{ cel: { expression } }] },
})
const claim = (exactly: object, more: object = {}, status: object = {}) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaim',
  metadata: meta('c', 'default'),
  spec: { devices: { requests: [{ name: 'gpus', exactly: { deviceClassName: 'gpu', ...exactly } }], ...more } },
  status,
})
const wanting = pod('p', { spec: { resourceClaims: [{ name: 'x', resourceClaimName: 'c' }] } })

function world(claims: readonly object[], classes: readonly object[] = [deviceClass()]): Snapshot {
  const slices = [slice('a', ['small']), slice('b', ['small', 'big'])]
  const others = { ResourceClaim: claims, DeviceClass: classes, ResourceSlice: slices }
  return snapshotOf({ nodes: [node('a'), node('b'), node('c')], others: others as never })
}

const bySize = (size: string) => ({
  selectors: [{ cel: { expression: `device.capacity["${driver}"].memory.compareTo(quantity("${size}")) >= 0` } }],
})
const taken = {
  allocation: {
    devices: { results: [{ request: 'gpus', driver, pool: 'a', device: 'gpu-0' }] },
    nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] }] },
  },
}
const another = { ...claim({}, {}, taken), metadata: meta('other', 'default') }

describe('devices', () => {
  test.each<[string, readonly object[], Record<string, string> | string]>([
    ['one of a class', [claim({ allocationMode: 'ExactCount', count: 1 })], { c: 'cannot allocate all claims' }],
    ['two of a class', [claim({ count: 2 })], { a: 'cannot allocate all claims', c: 'cannot allocate all claims' }],
    ['a large one', [claim(bySize('20Gi'))], { a: 'cannot allocate all claims', c: 'cannot allocate all claims' }],
    ['two of one model', [claim({ count: 2 }, { constraints: [{ matchAttribute: `${driver}/model` }] })], { a: 'cannot allocate all claims', b: 'cannot allocate all claims', c: 'cannot allocate all claims' }],
    ['one that is given out', [claim({}, {}, taken)], { b: 'resourceclaim not available on the node', c: 'resourceclaim not available on the node' }],
    ['one where another claim has it', [claim({}), another], { a: 'cannot allocate all claims', c: 'cannot allocate all claims' }],
    ['a missing claim', [], 'resourceclaim "c" not found'],
  ])('%s', (_, claims, wanted) => {
    const { nodes, preFilter } = decide(wanting, world(claims))
    if (typeof wanted === 'string') return expect(preFilter?.message).toBe(wanted)
    const failed = Object.entries(nodes).flatMap(([name, { filters }]) => (filters['DynamicResources'] ? [[name, filters['DynamicResources']]] : []))
    expect(Object.fromEntries(failed)).toEqual(wanted)
  }) // prettier-ignore

  test('a class that is not there is named', () => {
    expect(decide(wanting, world([claim({})], [])).preFilter?.message).toBe(
      'request gpus: device class gpu does not exist',
    )
  })

  test('what is given out stands in the plan', () => {
    const snapshot = world([claim({ count: 2 })])
    const plan = dynamicResources.preBind!(podInfoOf(wanting), snapshot.node('b')!, snapshot)
    expect(plan?.devices).toEqual([
      {
        claim: 'default/c',
        allocation: {
          devices: {
            results: [
              { request: 'gpus', driver, pool: 'b', device: 'gpu-0' },
              { request: 'gpus', driver, pool: 'b', device: 'gpu-1' },
            ],
          },
          nodeSelector: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }],
          },
        },
      },
    ])
  })
})
