import { expect, test } from 'vitest'
import { failureWords, foldLink, payloadOf, readLink } from '../../../src/ui/link.ts'

test.each(['', '{}', JSON.stringify({ words: 'Grüße, 世界 🚢' }), 'x'.repeat(200_000)])(
  'what was folded unfolds again',
  async (text) => {
    const payload = await foldLink(text)
    expect(payload).toMatch(/^[\w-]*$/)
    expect(await readLink(payload)).toEqual({ text })
  },
)

test('a link of a typical scene is short', async () => {
  const text = JSON.stringify({ version: 1, inputs: Array.from({ length: 40 }, (_, at) => ({ at, do: 'kubectl' })) })
  expect((await foldLink(text)).length).toBeLessThan(1000)
})

test('refuses what would fill the memory, without unfolding all of it', async () => {
  expect(await readLink(await foldLink('x'.repeat(2_000_001)))).toEqual({ failure: 'huge' })
  expect(await readLink('A'.repeat(3_000_001))).toEqual({ failure: 'huge' })
})

test.each(['%%%', 'not deflate at all', '____', ''])('says that %j is broken', async (payload) => {
  expect(await readLink(payload)).toEqual({ failure: 'broken' })
})

test('says that a link cut short is broken', async () => {
  const payload = await foldLink(JSON.stringify({ a: Array.from({ length: 500 }, (_, at) => at * 7919) }))
  expect(await readLink(payload.slice(0, payload.length / 2))).toEqual({ failure: 'broken' })
})

test('what is broken and what is huge are told apart', () => {
  expect(failureWords('broken')).not.toBe(failureWords('huge'))
})

test.each([
  ['https://host/x/#1.ab-_', 'ab-_'],
  [' #1.ab ', 'ab'],
  ['1.ab', 'ab'],
  ['https://host/#/lesson/x', undefined],
  ['javascript:alert(1)', undefined],
])('finds the payload in %j', (text, payload) => expect(payloadOf(text)).toBe(payload))
