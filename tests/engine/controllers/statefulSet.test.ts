import { expect, test } from 'vitest'
import type { ControllerRevision, Pod, PersistentVolumeClaim, StatefulSet } from '../../../src/engine/api/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const at = { namespace: 'default' }

function worldWith(spec: object): TestWorld {
  const world = createTestWorld()
  const labels = { app: 'web' }
  world.api.create({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', ...at },
    spec: {
      replicas: 3,
      serviceName: 'web',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
      ...spec,
    },
  })
  world.sim.advanceTo(11_000)
  return world
}

const namesOf = (world: TestWorld): readonly string[] =>
  world
    .pods()
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.name)
    .sort()

function patchSet({ api, sim }: TestWorld, spec: object): void {
  api.patch('StatefulSet', 'web', { spec }, { ...at, type: 'merge' })
  sim.advanceTo(sim.now() + 1000)
}

function makeAllReady(world: TestWorld, times = 3): void {
  for (let time = 0; time < times; time++) {
    world.makeReady()
    world.sim.advanceTo(world.sim.now() + 1000)
  }
}

test('makes one pod after the other', () => {
  const world = worldWith({})
  expect(namesOf(world)).toEqual(['web-0'])
  makeAllReady(world, 1)
  expect(namesOf(world)).toEqual(['web-0', 'web-1'])
})

test('makes and removes all at once when it may', () => {
  const world = worldWith({ podManagementPolicy: 'Parallel' })
  expect(namesOf(world)).toEqual(['web-0', 'web-1', 'web-2'])
  patchSet(world, { replicas: 0 })
  expect(namesOf(world)).toEqual([])
})

const withImage = (image: string): object => ({ template: { spec: { containers: [{ name: 'app', image }] } } })
const imageOf = ({ spec }: Pod): string | undefined => spec.containers[0]?.image

test('replaces nobody when only deletion does', () => {
  const world = worldWith({ updateStrategy: { type: 'OnDelete' }, replicas: 1 })
  makeAllReady(world, 1)
  patchSet(world, withImage('app:2'))
  expect(world.pods().map(imageOf)).toEqual(['app:1'])
  world.api.delete('Pod', 'web-0', at, { gracePeriodSeconds: 0 })
  world.sim.advanceTo(world.sim.now() + 1000)
  expect(world.pods().map(imageOf)).toEqual(['app:2'])
})

test('keeps as many old revisions as it is told', () => {
  const world = worldWith({ revisionHistoryLimit: 1, replicas: 0 })
  for (const image of ['app:2', 'app:3', 'app:4']) patchSet(world, withImage(image))
  const kept = world.api.list<ControllerRevision>('ControllerRevision', at).map(({ revision }) => revision)
  expect(kept.sort()).toEqual([3, 4])
})

const claims = [
  { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
]

test.each([
  ['nobody', {}, undefined],
  ['the set', { whenDeleted: 'Delete' }, 'StatefulSet'],
  ['nobody as long as its pod is wanted', { whenScaled: 'Delete' }, undefined],
])('a claim goes with %s', (_, persistentVolumeClaimRetentionPolicy, kind) => {
  const world = worldWith({ persistentVolumeClaimRetentionPolicy, volumeClaimTemplates: claims, replicas: 1 })
  const claim = world.api.get<PersistentVolumeClaim>('PersistentVolumeClaim', 'data-web-0', at)
  expect(claim.metadata.ownerReferences?.[0]?.kind).toBe(kind)
})

test('a claim goes with a pod that is not wanted any more', () => {
  const persistentVolumeClaimRetentionPolicy = { whenScaled: 'Delete' }
  const world = worldWith({ persistentVolumeClaimRetentionPolicy, volumeClaimTemplates: claims, replicas: 1 })
  makeAllReady(world, 1)
  patchSet(world, { replicas: 0 })
  const claim = world.api.get<PersistentVolumeClaim>('PersistentVolumeClaim', 'data-web-0', at)
  expect(claim.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'Pod', name: 'web-0', controller: true })
})

test('says where it stands', () => {
  const world = worldWith({ replicas: 2 })
  makeAllReady(world)
  const { status } = world.api.get<StatefulSet>('StatefulSet', 'web', at)
  expect(status).toMatchObject({ replicas: 2, readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2 })
  expect(status.currentRevision).toBe(status.updateRevision)
  expect(world.eventsOf('StatefulSet', 'web')).toEqual([
    'SuccessfulCreate: Create Pod web-0 in StatefulSet web successful',
    'SuccessfulCreate: Create Pod web-1 in StatefulSet web successful',
  ])
})
