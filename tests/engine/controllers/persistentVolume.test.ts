import { expect, test } from 'vitest'
import type { PersistentVolume, PersistentVolumeClaim } from '../../../src/engine/api/index.ts'
import { bestVolumeFor, complaintAbout } from '../../../src/engine/controllers/persistentVolume/matching.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const volume = (name: string, spec: object = {}, rest: object = {}): PersistentVolume =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'c',
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/data/${name}` },
      ...spec,
    },
    ...rest,
  }) as unknown as PersistentVolume

const claim = (name: string, spec: object = {}): PersistentVolumeClaim =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'c',
      resources: { requests: { storage: '1Gi' } },
      ...spec,
    },
  }) as unknown as PersistentVolumeClaim

const free = (name: string, spec: object = {}, metadata: object = {}): PersistentVolume => {
  const made = volume(name, spec, { status: { phase: 'Available' } })
  return { ...made, metadata: { ...made.metadata, ...metadata } }
}
const sized = (name: string, storage: string): PersistentVolume => free(name, { capacity: { storage } })
const reserved = free('mine', { capacity: { storage: '9Gi' }, claimRef: { namespace: 'default', name: 'x' } })
const manyModes = free('many', { accessModes: ['ReadOnlyMany', 'ReadWriteOnce'] })

test.each<[string, readonly PersistentVolume[], object, string | undefined]>([
  ['the smallest that fits', [sized('a', '10Gi'), sized('b', '2Gi'), sized('c', '512Mi')], {}, 'b'],
  ['one that names the claim, whatever its size', [sized('a', '1Gi'), reserved], {}, 'mine'],
  ['the one with the fewest access modes, whatever its size', [manyModes, sized('b', '10Gi')], {}, 'b'],
  ['none of another class', [free('a', { storageClassName: 'other' })], {}, undefined],
  ['none of another mode', [free('a', { volumeMode: 'Block' })], {}, undefined],
  ['none that is not declared available', [volume('a')], {}, undefined],
  ['none that is being deleted', [free('a', {}, { deletionTimestamp: 'x' })], {}, undefined],
  ['none whose labels are others', [free('a')], { selector: { matchLabels: { disk: 'fast' } } }, undefined],
  ['none that another claim has', [free('a', { claimRef: { namespace: 'default', name: 'y' } })], {}, undefined],
])('a claim gets %s', (_, volumes, spec, expected) => {
  expect(bestVolumeFor(claim('x', spec), volumes, false)?.metadata.name).toBe(expected)
})

test('a claim that waits for its first pod gets only what names it', () => {
  expect(bestVolumeFor(claim('x'), [sized('a', '1Gi')], true)).toBeUndefined()
  expect(bestVolumeFor(claim('x'), [reserved], true)?.metadata.name).toBe('mine')
})

test.each([
  ['requested PV is too small', sized('a', '1Mi')],
  ['storageClassName does not match', free('a', { storageClassName: 'other' })],
  ['incompatible volumeMode', free('a', { volumeMode: 'Block' })],
  ['incompatible accessMode', free('a', { accessModes: ['ReadOnlyMany'] })],
  [undefined, free('a')],
])('a volume that is asked for by name: %s', (complaint, asked) => {
  expect(complaintAbout(asked, claim('x'))).toBe(complaint)
})

const at = { namespace: 'default' }
const phaseOf = ({ api }: TestWorld, name: string): string | undefined =>
  api.get<PersistentVolume>('PersistentVolume', name).status?.phase
const claimOf = ({ api }: TestWorld, name: string): PersistentVolumeClaim =>
  api.get<PersistentVolumeClaim>('PersistentVolumeClaim', name, at)

test('binds, and keeps a retained volume for nobody else until its reference is cleared', () => {
  const world = createTestWorld()
  const { api, sim } = world
  api.create(volume('v'))
  api.create(claim('x'))
  sim.advanceTo(11_000)
  expect(claimOf(world, 'x')).toMatchObject({ spec: { volumeName: 'v' }, status: { phase: 'Bound' } })
  api.delete('PersistentVolumeClaim', 'x', at)
  sim.advanceTo(12_000)
  expect(phaseOf(world, 'v')).toBe('Released')
  api.create(claim('y'))
  api.patch('PersistentVolume', 'v', { spec: { claimRef: null } }, { type: 'merge' })
  sim.advanceTo(30_000)
  expect(claimOf(world, 'y')).toMatchObject({ spec: { volumeName: 'v' }, status: { phase: 'Bound' } })
})

test.each([
  ['nobody can delete', { nfs: { server: 's', path: '/' }, hostPath: undefined }, 'Failed'],
  ['is outside /tmp', {}, 'Failed'],
])('a volume of policy Delete that %s', (_, spec, phase) => {
  const world = createTestWorld()
  world.api.create(volume('v', { persistentVolumeReclaimPolicy: 'Delete', ...spec }))
  world.api.create(claim('x'))
  world.sim.advanceTo(11_000)
  world.api.delete('PersistentVolumeClaim', 'x', at)
  world.sim.advanceTo(12_000)
  expect(phaseOf(world, 'v')).toBe(phase)
})

test('deletes a host path below /tmp with its claim', () => {
  const { api, sim } = createTestWorld()
  api.create(volume('v', { persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/tmp/v' } }))
  api.create(claim('x'))
  sim.advanceTo(11_000)
  api.delete('PersistentVolumeClaim', 'x', at)
  sim.advanceTo(12_000)
  expect(api.find('PersistentVolume', 'v')).toBeUndefined()
})

test('says what a claim waits for', () => {
  const { api, sim, eventsOf } = createTestWorld()
  const ofClass = (name: string, provisioner: string, volumeBindingMode: string): object => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner,
    volumeBindingMode,
  })
  api.create(ofClass('later', 'kubernetes.io/no-provisioner', 'WaitForFirstConsumer'))
  api.create(ofClass('disk', 'example.com/disk', 'Immediate'))
  for (const name of ['later', 'disk', 'missing']) api.create(claim(name, { storageClassName: name }))
  api.create(claim('none', { storageClassName: '' }))
  sim.advanceTo(11_000)
  const said = (name: string): string | undefined => eventsOf('PersistentVolumeClaim', name)[0]
  expect(said('later')).toBe('WaitForFirstConsumer: waiting for first consumer to be created before binding')
  expect(said('disk')).toMatch(/^ExternalProvisioning: Waiting .* the external provisioner 'example.com\/disk' or/)
  expect(said('missing')).toBe('ProvisioningFailed: storageclass.storage.k8s.io "missing" not found')
  expect(said('none')).toMatch(/^FailedBinding: no persistent volumes available/)
})

test('a bound claim whose volume goes is lost', () => {
  const world = createTestWorld()
  const { api, sim } = world
  api.create(volume('v'))
  api.create(claim('x'))
  sim.advanceTo(11_000)
  api.patch('PersistentVolume', 'v', { metadata: { finalizers: null } }, { type: 'merge' })
  api.delete('PersistentVolume', 'v')
  sim.advanceTo(12_000)
  expect(claimOf(world, 'x').status?.phase).toBe('Lost')
  expect(world.eventsOf('PersistentVolumeClaim', 'x')).toEqual([
    'ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
  ])
})
