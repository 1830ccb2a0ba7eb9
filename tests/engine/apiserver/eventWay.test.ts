import { expect, test } from 'vitest'
import { createClient, createProcess, type Client } from '../../../src/engine/client/index.ts'
import { bareServer, type Bare } from '../../golden/api/server.ts'

const speak = (client: Client, reason: string): void => {
  const metadata = { name: 'web', namespace: 'golden', uid: 'u' }
  client.event({ apiVersion: 'v1', kind: 'Pod', metadata } as never, { type: 'Normal', reason, message: 'so it is' })
}

const kubeletOf = ({ sim, server }: Bare): Client => createClient(createProcess(sim, server, 'kubelet@node-1'))

const reasonsIn = ({ send }: Bare): readonly string[] => {
  const { items } = send('GET', '/api/v1/namespaces/golden/events').body as { items: readonly { reason: string }[] }
  return items.map(({ reason }) => reason).sort()
}

test('a namespace that begins to go takes in no more Events', () => {
  const bare = bareServer()
  const kubelet = kubeletOf(bare)
  speak(kubelet, 'Pulled')
  bare.send('DELETE', '/api/v1/namespaces/golden')
  speak(kubelet, 'Created')
  expect(reasonsIn(bare)).toEqual(['Pulled'])
})

test('a quota counts the Events that come after it', () => {
  const bare = bareServer()
  const kubelet = kubeletOf(bare)
  speak(kubelet, 'Pulled')
  bare.create(
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard: { 'count/events': '1' } } },
    'golden',
  )
  const status = { hard: { 'count/events': '1' }, used: { 'count/events': '1' } }
  bare.send('PATCH', '/api/v1/namespaces/golden/resourcequotas/few/status', { status }, 'application/merge-patch+json')
  speak(kubelet, 'Created')
  expect(reasonsIn(bare)).toEqual(['Pulled'])
  bare.send('DELETE', '/api/v1/namespaces/golden/resourcequotas/few')
  speak(kubelet, 'Started')
  expect(reasonsIn(bare)).toEqual(['Pulled', 'Started'])
})
