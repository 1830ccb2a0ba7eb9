import { expect, test } from 'vitest'
import { unfoldLink } from '../../src/ui/link.ts'
import { routeOf } from '../../src/ui/route.ts'

test.each([
  ['', { page: 'cluster' }],
  ['#', { page: 'cluster' }],
  ['#/', { page: 'home' }],
  ['#/lesson/workloads/scaling', { page: 'lesson', id: 'workloads/scaling' }],
  ['#1.abc-_', { page: 'link', payload: 'abc-_' }],
  ['#2.abc', { page: 'newer' }],
  ['#nonsense', { page: 'cluster' }],
  ['#/cluster', { page: 'cluster' }],
  ['#/nowhere', { page: 'unknown', path: '#/nowhere' }],
])('%s', (hash, route) => expect(routeOf(hash)).toEqual(route))

async function fold(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

test('unfolds what was folded', async () => {
  const text = JSON.stringify({ seed: 7, words: 'Grüße '.repeat(50) })
  expect(await unfoldLink(await fold(text))).toBe(text)
})

test('refuses what is broken, and what would fill the memory', async () => {
  expect(await unfoldLink('not deflate at all')).toBeUndefined()
  expect(await unfoldLink(await fold('x'.repeat(5_000_000)))).toBeUndefined()
})
