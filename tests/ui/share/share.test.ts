import { expect, test } from 'vitest'
import { parseScene } from '#session'
import { fileName, freshScene, linkOf, sizeWords } from '../../../src/ui/views/share/share.ts'

test('only the manifests: a fresh cluster of the same shape to which they are applied', () => {
  const run = JSON.stringify({
    version: 1,
    seed: 9,
    nodes: 4,
    files: {},
    inputs: [],
    at: 90_000,
    view: { stage: 'nodes', isPaused: true },
  })
  const scene = parseScene(freshScene(run, 'kind: Pod\n'))
  expect(scene).toMatchObject({ seed: 9, nodes: 4, at: 0 })
  expect(scene.view, 'time runs: nothing would come of manifests otherwise').toEqual({ stage: 'nodes' })
  expect(scene.inputs).toEqual([
    { at: 0, do: 'kubectl', argv: ['apply', '-f', 'scene.yaml'], files: { 'scene.yaml': 'kind: Pod\n' } },
  ])
  expect(parseScene(freshScene(run, '\n')).inputs).toEqual([])
})

test('a link replaces whatever the address ended with', () => {
  expect(linkOf('https://host/a/?x=1#/lesson/b', 'pay')).toBe('https://host/a/?x=1#1.pay')
  expect(linkOf('https://host/', 'pay')).toBe('https://host/#1.pay')
})

test('warns above 8 KB alone', () => {
  expect(sizeWords(900)).toEqual({ size: '900 characters' })
  expect(sizeWords(8_192).warning).toBeUndefined()
  expect(sizeWords(8_193).warning).toBeDefined()
})

test('files have plain names', () => {
  expect(fileName('Replace every Pod, <b>now</b>!', 'json')).toBe('drydock-replace-every-pod-b-now-b.json')
  expect(fileName(undefined, 'yaml')).toBe('drydock-scene.yaml')
  expect(fileName('…', 'yaml')).toBe('drydock-scene.yaml')
})
