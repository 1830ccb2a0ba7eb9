import { expect, test } from 'vitest'
import { growTree, layTree } from '../../../../src/ui/views/owners/tree.ts'
import { podRow } from '../../rows.ts'

test('grows namespaces, owners and pods, and stops at a dozen', () => {
  const pods = [
    ...Array.from({ length: 15 }, (_, index) => podRow(`web-${index}`)),
    podRow('dns-1', { namespace: 'kube-system' }),
  ]
  const tree = growTree(pods)
  expect(tree.children?.map(({ label }) => label)).toEqual(['default', 'kube-system'])
  const web = tree.children?.[0]?.children?.[0]
  expect(web?.children).toHaveLength(13)
  expect(web?.children?.at(-1)?.label).toBe('+3')
  expect(web?.detail).toBe('Deployment · 15 of 15 ready')
})

test.each([
  [4, '2 of 4 ready, 5 Pods'],
  [5, '2 of 5 ready'],
  [undefined, '2 of 5 ready'],
])('counts what is ready as an owner does that wants %s', (count, words) => {
  const pods = [
    podRow('web-1'),
    podRow('web-2'),
    podRow('web-3', { look: 'terminating' }),
    podRow('web-4', { look: 'creating', isReady: false }),
    podRow('web-5', { look: 'creating', isReady: false }),
  ]
  const tree = growTree(pods, count === undefined ? {} : { 'Deployment/default/web': count })
  expect(tree.children?.[0]?.children?.[0]?.detail).toBe(`Deployment · ${words}`)
})

test('lays owners between namespaces and pods, nothing above the edge', () => {
  const { marks, links } = layTree(growTree([podRow('web-1'), podRow('api-1')]), 720)
  expect(Math.min(...marks.map(({ y }) => y))).toBeGreaterThan(0)
  expect(links).toHaveLength(4)
})
