import { expect, test } from 'vitest'
import { createCluster, type Cluster } from '#engine'

const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'default' } }
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default' },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
}

function withStatus(status: object | undefined): Cluster {
  const cluster = createCluster({ controlPlane: 'api' })
  const made = cluster.api.create({ ...quota, spec: { hard: { pods: '1', services: '1' } } } as never)
  if (status) cluster.api.request({ verb: 'update', ...place, body: { ...made, status } as never })
  return cluster
}

const place = {
  group: '',
  version: 'v1',
  resource: 'resourcequotas',
  namespace: 'default',
  name: 'q',
  subresource: 'status',
}

test.each([
  ['that no controller has looked at matches nothing yet', undefined, ''],
  ['whose use is known has room', { hard: { pods: '1' }, used: { pods: '0' } }, ''],
  [
    'whose use is not known refuses',
    { hard: { pods: '1', services: '1' }, used: { services: '0' } },
    'pods "web" is forbidden: status unknown for quota: q, resources: pods',
  ],
  ['whose unknown use is of others has room', { hard: { pods: '1', services: '1' }, used: { pods: '0' } }, ''],
])('a quota %s', (_, status, refusal) => {
  const cluster = withStatus(status)
  let message = ''
  try {
    cluster.api.create(pod as never)
  } catch (error) {
    message = (error as Error).message
  }
  expect(message).toBe(refusal)
})
