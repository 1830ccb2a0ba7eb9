import { expect, test } from 'vitest'
import { storeBuiltIns } from '../../../src/engine/apiserver/builtIns/index.ts'
import { bareServer, type Thing } from '../../golden/api/server.ts'

const lists = [
  'scheduling.k8s.io/v1/priorityclasses',
  'networking.k8s.io/v1/servicecidrs',
  'networking.k8s.io/v1/ipaddresses',
  'flowcontrol.apiserver.k8s.io/v1/flowschemas',
  'flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations',
  'apiregistration.k8s.io/v1/apiservices',
]

test('what a new server holds would be accepted as it is, and changes nothing', () => {
  const bare = bareServer()
  storeBuiltIns(bare.server.etcd)
  for (const list of lists) {
    const { items } = bare.send('GET', `/apis/${list}`).body as { readonly items: readonly Thing[] }
    expect(items.length, list).toBeGreaterThan(0)
    for (const item of items) {
      const answer = bare.send('PUT', `/apis/${list}/${item.metadata.name}`, item)
      expect(answer.code, JSON.stringify(answer.body)).toBe(200)
      expect(answer.body).toMatchObject(item)
    }
  }
})

test('each is born once, with a name and a number of its own', () => {
  const objects = lists.flatMap((list) => {
    const bare = bareServer()
    storeBuiltIns(bare.server.etcd)
    return (bare.send('GET', `/apis/${list}`).body as { items: { metadata: { uid: string } }[] }).items
  })
  expect(new Set(objects.map(({ metadata }) => metadata.uid)).size).toBe(objects.length)
})

test('what every request needs stays as it is', () => {
  const bare = bareServer()
  storeBuiltIns(bare.server.etcd)
  const change = (list: string, name: string, changed: (spec: Record<string, unknown>) => object): string => {
    const path = `/apis/flowcontrol.apiserver.k8s.io/v1/${list}/${name}`
    const item = bare.send('GET', path).body as Thing & { readonly spec: Record<string, unknown> }
    const { message = '' } = bare.send('PUT', path, { ...item, spec: changed(item.spec) }).body as { message?: string }
    return message
  }
  const levels = 'prioritylevelconfigurations'
  expect(change(levels, 'exempt', () => ({ type: 'Exempt', exempt: { nominalConcurrencyShares: 7 } }))).toBe('')
  expect(change(levels, 'catch-all', (spec) => ({ ...spec, limited: {} }))).toContain(
    "spec of 'catch-all' must equal the fixed value",
  )
  expect(change('flowschemas', 'exempt', (spec) => ({ ...spec, matchingPrecedence: 2 }))).toContain(
    "spec of 'exempt' must equal the fixed value",
  )
  expect(change('flowschemas', 'probes', (spec) => ({ ...spec, matchingPrecedence: 3 }))).toBe('')
})
