import { expect, test } from 'vitest'
import { createCluster, type Cluster } from '#engine'

function create(cluster: Cluster, name: string): void {
  cluster.api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } })
}

const stages = ({ trace }: Cluster): readonly unknown[] =>
  [...trace.since(0)].filter(({ what }) => what === 'refused').map(({ detail }) => detail?.['stage'])

test('a request that a stopped server refuses came nowhere, whatever the one before it did', () => {
  const cluster = createCluster({ nodes: 1, addOns: false })
  create(cluster, 'a')
  cluster.control.fault({ kind: 'component', name: 'kube-apiserver', on: false })
  expect(() => create(cluster, 'b')).toThrow()
  expect(stages(cluster)).toEqual(['authentication'])
})
