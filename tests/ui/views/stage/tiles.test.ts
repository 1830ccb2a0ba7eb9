import { describe, expect, test } from 'vitest'
import { bridgeName, isBusy, itemParts, pipsOf } from '../../../../src/ui/views/stage/bridge.ts'
import { OwnerColours } from '../../../../src/ui/views/stage/colours.ts'
import { findDots, layDots } from '../../../../src/ui/views/stage/dots.ts'
import { arcWay, flightWay, measured, pathOf, pointAlong } from '../../../../src/ui/views/stage/flights.ts'
import { footNote, metaOf, nodeWords, taintBadges } from '../../../../src/ui/views/stage/hull.ts'
import { leftOf, markClass, probeShown } from '../../../../src/ui/views/stage/marks.ts'
import { bareWords } from '../../../../src/ui/views/stage/bareWords.ts'
import { detailOf, fitted, labelOf, phaseOf, wordOf } from '../../../../src/ui/views/stage/phases.ts'
import { nodeRow, podRow } from '../../rows.ts'

describe('a tile says', () => {
  test.each([
    ['kubectl’s word', podRow('a', { look: 'crashLoop', status: 'CrashLoopBackOff' }), 'CrashLoopBackOff'],
    ['that it fits nowhere', podRow('a', { look: 'unschedulable', status: 'Pending' }), 'Unschedulable'],
    ['the last known word of a lost node', podRow('a', { look: 'lost' }), 'Running?'],
    [
      'how far the image is',
      podRow('a', {
        look: 'creating',
        status: 'ContainerCreating',
        containers: [{ name: 'a', role: 'app', state: 'pulling', progress: 0.624, restarts: 0, image: 'a' }],
      }),
      'Pulling 62%',
    ],
  ])('%s', (_, pod, word) => expect(wordOf(pod)).toBe(word))

  test('everything, to those who do not see it', () =>
    expect(labelOf(podRow('web-1'))).toBe('Pod web-1, Running, ready 1/1, restarts 0, node node-1'))

  test.each([
    ['Running', { text: 'Running', isLong: false, hasReady: true }],
    ['Terminating', { text: 'Terminating', isLong: false, hasReady: true }],
    ['Terminating?', { text: 'Terminating?', isLong: false, hasReady: false }],
    ['Unschedulable', { text: 'Unschedulable', isLong: false, hasReady: false }],
    ['ContainerCreating', { text: 'ContainerCreating', isLong: true, hasReady: false }],
    ['ContainerCreating?', { text: 'CtrCreating?', isLong: false, hasReady: false }],
    ['CrashLoopBackOff', { text: 'CrashLoopBackOff', isLong: true, hasReady: false }],
    ['CreateContainerConfigError', { text: 'CreateCtrCfgError', isLong: true, hasReady: false }],
    ['Init:CrashLoopBackOff', { text: 'Init:Cra…pBackOff', isLong: true, hasReady: false }],
  ])('%s so that it fits', (word, seen) => expect(fitted(word)).toEqual(seen))

  test('its own part of the name, which for a Pod that nobody owns was said above', () => {
    expect(detailOf({ name: 'web-7c5d-x8k2p', ownerName: 'web', suffix: 'x8k2p' })).toBe('x8k2p')
    expect(detailOf({ name: 'ui', ownerName: 'ui', suffix: '' })).toBe('bare')
  })

  test('a glyph for each look', () => expect([phaseOf('gated'), phaseOf('lost')]).toEqual(['pending', 'unknown']))
})

test('an empty stage tells the machine room from none at all', () => {
  expect(bareWords(3, 0)).toEqual({
    title: 'No Pods',
    text: '3 nodes are there and waiting. Apply a manifest, or begin with three Pods.',
  })
  expect(bareWords(2, 0, true).text).toBe('2 nodes are there and waiting. The guide says what to do.')
  expect(bareWords(1, 2).title).toBe('No Pods of yours')
  expect(bareWords(1, 2).text).toContain('One node is there and waiting, with nothing but what Kubernetes itself runs.')
})

describe('marks', () => {
  test.each([
    ['app', 'running', false, ''],
    ['init', 'done', true, 'init done'],
    ['sidecar', 'waiting', false, 'side wait'],
    ['app', 'running', true, 'gone'],
  ] as const)('%s %s', (role, state, isGone, look) =>
    expect(markClass({ name: 'a', role, state, restarts: 0, image: '' }, isGone)).toBe(look),
  )

  test('a countdown drains, and never below nothing', () => {
    const countdown = { kind: 'grace', from: 1000, until: 31_000 } as const
    expect([leftOf(countdown, 1000), leftOf(countdown, 16_000), leftOf(countdown, 99_000)]).toEqual([1, 0.5, 0])
  })

  test('probes show where a pod is not ready, or failed lately', () => {
    const probes = [
      { letter: 'L', results: [true, true] },
      { letter: 'R', results: [true, true, false, false, true] },
    ] as const
    expect(probeShown(podRow('a', { look: 'notReady', probes }))).toMatchObject({
      letter: 'R',
      results: [true, false, false, true],
    })
    expect(probeShown(podRow('a', { probes: [probes[0]] }))).toBeUndefined()
  })
})

describe('owners’ colours', () => {
  test('stay, and keep apart while there are any left', () => {
    const colours = new OwnerColours()
    const names = ['web', 'api', 'cart', 'db', 'mail', 'search', 'etl'].map((name) => `Deployment/default/${name}`)
    const given = names.map((name) => colours.of(name))
    expect(new Set(given).size).toBe(7)
    expect(names.map((name) => colours.of(name))).toEqual(given)
    expect(given).not.toContain('var(--o5)')
  })
  test('are grey for the machine room', () => {
    const colours = new OwnerColours()
    expect(colours.of('DaemonSet/default/exporter')).toBe('var(--o5)')
    expect(colours.of('Deployment/kube-system/coredns')).toBe('var(--o5)')
  })
})

describe('the bridge', () => {
  const row = { name: 'scheduler', state: 'up', figure: '', item: '', busyAt: 1000 } as const
  test('is busy for half a second', () => {
    expect([isBusy(row, 1200), isBusy(row, 1600), isBusy({ ...row, state: 'down' }, 1200)]).toEqual([
      true,
      false,
      false,
    ])
  })
  test('splits the item in hand into word and name', () => {
    expect(itemParts('replicaset web-7c5d')).toEqual({ word: 'replicaset', code: 'web-7c5d' })
    expect(itemParts('updated Pod/default/web-7c5ddbdf54-x8k2p')).toEqual({ word: 'updated', code: 'pod/web-…-x8k2p' })
    expect(itemParts('PUT status pod/web-x8k2p')).toEqual({ word: 'PUT status', code: 'pod/web-x8k2p' })
    expect(itemParts('web goes from 2 to 3 Pods')).toEqual({ word: 'web goes from 2 to 3 Pods', code: '' })
    expect(itemParts('POST configmap/averyveryverylongnameindeed').code).toBe('configmap/…ameindeed')
    expect(itemParts('POST pods')).toEqual({ word: 'pods', code: 'POST' })
    expect(itemParts('web-…-q4n7d')).toEqual({ word: '', code: 'web-…-q4n7d' })
  })
  test('shows a queue as pips', () => expect(pipsOf(2)).toEqual([true, true, false, false]))
  test('has short names for the phone', () => expect(bridgeName('controllerManager', true)).toBe('Ctrl mgr'))
})

describe('a hull', () => {
  test('says where it is and what it carries', () => {
    expect(metaOf(nodeRow('n', { zone: 'europe-west-1-a' }), 7)).toBe('zone a · 7 pods')
    expect(metaOf(nodeRow('n', { zone: '', condition: 'Unknown' }), 7)).toBe('')
  })
  test('shows its taints and its cordon, with words for who does not see them', () => {
    const taints = ['gpu=yes:NoSchedule', 'node.kubernetes.io/unschedulable:NoSchedule']
    const node = nodeRow('n', { taints, isCordoned: true })
    expect(taintBadges(node).map(({ text }) => text)).toEqual(['gpu=yes:NoSchedule'])
    expect(nodeWords(node, 1)).toBe(
      'Node n, Ready, SchedulingDisabled, cordoned: no new Pods, taint gpu=yes:NoSchedule, no new Pod comes here unless it tolerates this, 1 pod',
    )
    const lost = nodeRow('n', { taints: ['node.kubernetes.io/unreachable:NoExecute'] })
    expect(taintBadges(lost)[0]?.text).toBe('unreachable:NoExecute')
  })
  test('tells the truth and what the cluster knows of it', () => {
    expect(footNote(nodeRow('n'))).toBeUndefined()
    expect(footNote(nodeRow('n', { isPowered: false }))).toContain('does not know yet')
    expect(footNote(nodeRow('n', { isConnected: false, condition: 'Unknown', silentSince: 42_000 }))).toContain(
      'since 00:42',
    )
  })
})

describe('flights', () => {
  const queue = { x: 200, y: 100, width: 100, height: 60 }
  const slot = { x: 400, y: 300, width: 100, height: 58 }
  test('start below the queue and end above the slot', () =>
    expect(pathOf(arcWay(queue, slot))).toMatch(/^M250,160C.*450,298$/))
  test('keep to the gutter where the hull is next to the queue', () => {
    expect(pathOf(flightWay(queue, slot, { x: 300, y: 170, width: 220, height: 300 }))).toContain('Q')
    expect(pathOf(flightWay(queue, slot, { x: 300, y: 270, width: 220, height: 300 }))).toContain('C')
  })
  test('are measured in equal steps from end to end', () => {
    const points = measured(flightWay(queue, slot, { x: 300, y: 170, width: 220, height: 300 }))
    const lengths = points.slice(1).map(({ x, y }, index) => Math.hypot(x - points[index]!.x, y - points[index]!.y))
    expect(points[0]).toEqual({ x: 250, y: 160 })
    expect(points.at(-1)).toEqual({ x: 501, y: 329 })
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeLessThan(1.6)
  })
  test('are drawn between measured points', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 20 },
    ]
    expect([pointAlong(points, 0.25), pointAlong(points, 0.75), pointAlong(points, 2)]).toEqual([
      { x: 5, y: 0 },
      { x: 10, y: 10 },
      { x: 10, y: 20 },
    ])
  })
})

describe('dots', () => {
  const nodes = Array.from({ length: 40 }, (_, node) => ({
    row: nodeRow(`node-${node}`),
    pods: Array.from({ length: 25 }, (_, pod) =>
      podRow(`web-${node}-${pod}`, { look: pod === 3 ? 'crashLoop' : 'ready' }),
    ),
  }))
  const layout = layDots(nodes, 726, 400)
  test('lie inside the cell of their node', () => {
    expect(layout.dots).toHaveLength(1000)
    for (const [index, dot] of layout.dots.entries()) {
      const cell = layout.cells[Math.floor(index / 25)]
      expect(
        cell && dot.x > cell.x && dot.x < cell.x + cell.width && dot.y > cell.y && dot.y < cell.y + cell.height,
      ).toBe(true)
    }
  })
  test('stand as far apart as there is room, and their nodes show load bars then', () => {
    const full = Array.from({ length: 100 }, (_, pod) => podRow(`web-${pod}`))
    const few = ['node-1', 'node-2', 'node-3'].map((name) => ({ row: nodeRow(name), pods: full }))
    const roomy = layDots(few, 726, 340)
    expect(roomy.zoom).toBeGreaterThan(1.5)
    expect(roomy.height).toBeGreaterThan(340 * 0.7)
    expect(roomy.height).toBeLessThanOrEqual(340)
    expect(roomy.cells[0]?.loads.map(({ name }) => name)).toEqual(['cpu', 'mem'])
    expect(layout).toMatchObject({ zoom: 1, cells: expect.arrayContaining([expect.objectContaining({ loads: [] })]) })
  })
  test('are found under the pointer', () => {
    const dot = layout.dots[500]
    expect(dot && findDots(layout.dots).find(dot.x + 2, dot.y - 1, 8)?.key).toBe(dot?.key)
  })
})
