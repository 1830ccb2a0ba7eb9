import { describe, expect, test } from 'vitest'
import { parseScene, SceneError, sceneLimits } from '../../src/session/scene.ts'

const good = {
  version: 1,
  seed: 7,
  nodes: 2,
  files: { 'web.yaml': 'kind: Pod' },
  inputs: [
    { at: 20, do: 'fault', fault: { kind: 'nodePower', node: 'node-1', on: false } },
    { at: 10, do: 'kubectl', argv: ['apply', '-f', 'web.yaml'], files: { 'web.yaml': 'kind: Pod' } },
  ],
  at: 30,
}

describe('parseScene', () => {
  test('reads what a page wrote, actions in the order of their times', () => {
    const scene = parseScene(JSON.stringify(good))
    expect(scene.inputs.map(({ at }) => at)).toEqual([10, 20])
    expect(scene).toMatchObject({ seed: 7, nodes: 2, at: 30 })
  })

  test.each<[name: string, text: string, words: RegExp]>([
    ['no JSON', '{', /not valid JSON/],
    ['a list', '[]', /damaged/],
    ['a newer format', JSON.stringify({ ...good, version: 9 }), /format 9.*newer page/],
    ['a huge text', ' '.repeat(sceneLimits.jsonChars + 1), /too large/],
    ['a thousand nodes', JSON.stringify({ ...good, nodes: 1000 }), /nodes must be a whole number/],
    ['a moment in a year', JSON.stringify({ ...good, at: 1e12 }), /seven days/],
    ['too many actions', JSON.stringify({ ...good, inputs: Array(3000).fill(good.inputs[0]) }), /more than 2000/],
    ['an unknown action', JSON.stringify({ ...good, inputs: [{ at: 1, do: 'eval', code: 'x' }] }), /does not know/],
    [
      'an unknown fault',
      JSON.stringify({ ...good, inputs: [{ at: 1, do: 'fault', fault: { kind: 'meteor' } }] }),
      /fault/,
    ],
    [
      'a command that is no list',
      JSON.stringify({ ...good, inputs: [{ at: 1, do: 'kubectl', argv: 'get' }] }),
      /not a list/,
    ],
    [
      'a time before the start',
      JSON.stringify({ ...good, inputs: [{ at: -1, do: 'kubectl', argv: [] }] }),
      /seven days/,
    ],
    [
      'a manifest that is too long',
      JSON.stringify({ ...good, files: { a: 'x'.repeat(sceneLimits.fileChars + 1) } }),
      /too large: its manifests .* 500 thousand/,
    ],
    ['a prototype as a file', JSON.stringify({ ...good, files: { __proto__: null, a: 3 } }), /manifests/],
  ])('refuses %s and says why', (_name, text, words) => {
    expect(() => parseScene(text)).toThrow(SceneError)
    expect(() => parseScene(text)).toThrow(words)
  })

  test('keeps nothing of a view but plain words', () => {
    const scene = parseScene(JSON.stringify({ ...good, view: { stage: 'nodes', evil: { a: 1 } } }))
    expect(scene.view).toEqual({ stage: 'nodes' })
  })
})
