import { flushSync } from 'svelte'
import { describe, expect, test } from 'vitest'
import { Board, byName } from '../../src/ui/board.svelte.ts'
import type { PodRow } from '../../src/ui/protocol.ts'
import { nodeRow, podRow } from './rows.ts'

const set = (...rows: PodRow[]) => ({ set: rows, gone: [] })
const namesOn = (board: Board, node: string) => board.node(node)?.pods.map(({ row }) => row.name)

function boardWith(...pods: PodRow[]): Board {
  const board = new Board()
  board.applyNodes({ set: [nodeRow('node-1'), nodeRow('node-2')], gone: [] }, true)
  board.applyPods(set(...pods), true)
  return board
}

describe('the board', () => {
  test('keeps tiles in the order of owner, then name', () => {
    const board = boardWith(podRow('web-2'), podRow('api-9'), podRow('web-10'), podRow('web-1'))
    expect(namesOn(board, 'node-1')).toEqual(['api-9', 'web-1', 'web-2', 'web-10'])
  })

  test('moves a pod from the queue to its node', () => {
    const board = boardWith(podRow('web-1', { node: '' }))
    expect(board.unbound).toHaveLength(1)
    const bound = set(podRow('web-1', { node: 'node-2' }))
    expect(board.movesOf(bound)).toMatchObject({ bound: ['default/web-1'], born: [], gone: [] })
    board.applyPods(bound, false)
    expect(board.unbound).toHaveLength(0)
    expect(namesOn(board, 'node-2')).toEqual(['web-1'])
  })

  test('says what leaves, what turns ready, and which places make room', () => {
    const board = boardWith(podRow('web-1'), podRow('web-2', { look: 'notReady' }))
    const moves = board.movesOf({ set: [podRow('web-2')], gone: ['default/web-1', 'default/nobody'] })
    expect(moves).toMatchObject({ gone: ['default/web-1'], ready: ['default/web-2'], bound: [] })
    expect([...moves.places]).toEqual(['node-1'])
  })

  test('a whole frame forgets what it does not name', () => {
    const board = boardWith(podRow('web-1'), podRow('web-2'))
    board.applyPods(set(podRow('web-2')), true)
    board.applyNodes({ set: [nodeRow('node-1')], gone: [] }, true)
    expect([...board.pods.keys()]).toEqual(['default/web-2'])
    expect(board.nodes.map(({ row }) => row.name)).toEqual(['node-1'])
  })

  test('finds pods whose node is heard of later', () => {
    const board = new Board()
    board.applyPods(set(podRow('web-1', { node: 'node-9' })), true)
    board.applyNodes({ set: [nodeRow('node-9')], gone: [] }, false)
    expect(namesOn(board, 'node-9')).toEqual(['web-1'])
  })

  test('tells only those who read a changed pod', () => {
    const board = boardWith(podRow('web-1'), podRow('web-2'))
    const seen: string[] = []
    const stop = $effect.root(() => {
      for (const key of ['default/web-1', 'default/web-2'])
        $effect(() => void seen.push(board.pods.get(key)?.row.status ?? ''))
      $effect(() => void seen.push(`list ${board.node('node-1')?.pods.length}`))
    })
    flushSync()
    seen.length = 0
    board.applyPods(set(podRow('web-2', { status: 'Terminating', look: 'terminating' })), false)
    flushSync()
    expect(seen).toEqual(['Terminating'])
    stop()
  })

  test('counts owners, the machine room last', () => {
    const board = boardWith(
      podRow('coredns-1', { namespace: 'kube-system' }),
      podRow('coredns-2', { namespace: 'kube-system' }),
      podRow('web-1'),
    )
    expect(board.owners.map(({ name, count }) => `${name} ${count}`)).toEqual(['web 1', 'coredns 2'])
    expect(board.namespaces).toEqual(['default', 'kube-system'])
  })

  test('sorts names as people do', () => {
    expect(['node-10', 'node-2'].sort(byName)).toEqual(['node-2', 'node-10'])
  })
})
