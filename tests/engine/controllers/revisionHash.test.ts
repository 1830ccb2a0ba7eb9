import { expect, test } from 'vitest'
import type { ControllerRevision } from '../../../src/engine/api/index.ts'
import { createTestWorld } from './world.ts'

// as recorded of a real cluster: golden controllers 33, 35
test.each([
  ['app:1', '5cd748bc4'],
  ['app:2', '74c9548cf9'],
])('a StatefulSet of %s has the revision that a real cluster gives it', (image, hash) => {
  const { api, sim } = createTestWorld()
  const labels = { app: 'web' }
  const containers = [{ name: 'app', image }]
  api.create({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      serviceName: 'web',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 30, containers } },
    },
  })
  sim.advanceTo(11_000)
  const revisions = api.list<ControllerRevision>('ControllerRevision', { namespace: 'default' })
  expect(revisions.map(({ metadata }) => metadata.name)).toEqual([`web-${hash}`])
})
