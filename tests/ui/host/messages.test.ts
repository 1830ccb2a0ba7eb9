import { expect, test } from 'vitest'
import { createSession, viewOf, type Session } from '#session'
import { differences } from '../../../src/ui/host/differences.ts'
import { changesOf, messagesOf } from '../../../src/ui/host/messages.ts'

const quiet = { out: () => undefined, err: () => undefined }

function started(...lines: readonly string[]): Session {
  const session = createSession({ cluster: { nodes: 2 } })
  session.advanceTo(30_000)
  for (const line of lines) session.kubectl({ argv: line.split(' '), files: viewOf({}) }, quiet)
  return session
}

test('a person’s write and who hears of it', () => {
  const session = started('run web --image=nginx')
  const row = messagesOf(session.cluster(), 10).rows.find(({ from }) => from === 'client')
  expect(row).toMatchObject({ request: 'POST pods', object: 'Pod/default/web', type: 'ADDED' })
  expect(row?.heard.map(({ box }) => box)).toEqual(expect.arrayContaining(['scheduler', 'controllers']))
  expect(row?.heard.some(({ box }) => box === 'kubelet')).toBe(false)
})

test('what a binding changed, and that the kubelet of the node hears of it', () => {
  const session = started('run web --image=nginx')
  session.advanceTo(31_000)
  const { rows, gates } = messagesOf(session.cluster(), 40)
  expect(gates[0]).toBe('authentication')
  const bound = rows.find(({ request }) => request === 'POST pods/web/binding')
  expect(bound?.from).toBe('scheduler')
  expect(bound?.heard.find(({ box }) => box === 'kubelet')?.names).toHaveLength(1)
  expect(changesOf(session.cluster(), bound?.seq ?? 0)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^\+ spec\.nodeName: node-[12]$/)]),
  )
})

test('a refused request stops at its gate', () => {
  const session = started('run web --image=nginx', 'label pod web !=x', 'scale deployment/none --replicas=2')
  const bad = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"A_B"}]}}'
  session.request({ method: 'POST', path: '/api/v1/namespaces/default/pods', headers: {}, body: bad } as never)
  const row = messagesOf(session.cluster(), 10).rows.at(-1)
  expect(row).toMatchObject({ refusedAt: 'validation', reason: 'Invalid', request: 'POST pods' })
  expect(row?.revision).toBeUndefined()
})

test('differences are lines, and items go by their names', () => {
  const before = { spec: { replicas: 1 }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }
  const after = {
    spec: { replicas: 3 },
    status: {
      conditions: [
        { type: 'New', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
    },
  }
  expect(differences(before, after)).toEqual([
    '~ spec.replicas: 1 → 3',
    '+ status.conditions[New].type: New',
    '+ status.conditions[New].status: True',
  ])
  expect(differences({ a: 1 }, undefined)).toEqual(['- a: 1'])
})
