import { expect, test } from 'vitest'
import type { KubeObject } from '../../../src/engine/api/index.ts'
import { createClient, createProcess, type Client } from '../../../src/engine/client/index.ts'
import { bareServer, type Bare } from '../../golden/api/server.ts'

type Counted = KubeObject & {
  readonly spec: { readonly replicas: number }
  readonly status: { readonly replicas: number }
}

const controllerOf = ({ sim, server }: Bare): Client =>
  createClient(createProcess(sim, server, 'kube-controller-manager')).as('replicaset-controller')

const labels = { app: 'web' }
const spec = {
  replicas: 1,
  selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
}

/** A ReplicaSet, and the controller that reports of it. */
function begin(): { bare: Bare; controller: Client; found: () => Counted } {
  const bare = bareServer()
  bare.create({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web' }, spec }, 'golden')
  const controller = controllerOf(bare)
  return { bare, controller, found: () => controller.find<Counted>('ReplicaSet', 'web', 'golden')! }
}

test('of a report nothing but the status is taken', () => {
  const { controller, found } = begin()
  const read = found()
  const answer = controller.updateStatus({ ...read, spec: { ...read.spec, replicas: 9 }, status: { replicas: 1 } })
  expect(found()).toBe(answer)
  expect(answer.spec.replicas).toBe(1)
  expect(answer.status).toEqual({ replicas: 1 })
  const { resourceVersion, ...metadata } = read.metadata
  expect(answer.metadata).toMatchObject(metadata)
  expect(Number(answer.metadata.resourceVersion)).toBeGreaterThan(Number(resourceVersion))
})

test('a report that says nothing new is not written', () => {
  const { controller, found } = begin()
  const read = found()
  expect(controller.updateStatus({ ...read, status: { ...read.status } })).toBe(read)
})

test('a report of what has changed since it was read is refused', () => {
  const { controller, found } = begin()
  const read = found()
  controller.updateStatus({ ...read, status: { replicas: 1 } })
  expect(() => controller.updateStatus({ ...read, status: { replicas: 2 } })).toThrow('the object has been modified')
})

test('a report that makes no sense is refused, and so is one while nobody answers', () => {
  const { bare, controller, found } = begin()
  const read = found()
  expect(() => controller.updateStatus({ ...read, status: { replicas: -1 } })).toThrow('status.replicas')
  bare.server.setStore(false)
  expect(() => controller.updateStatus({ ...read, status: { replicas: 1 } })).toThrow()
})
