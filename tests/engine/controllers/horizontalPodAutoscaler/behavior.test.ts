import { expect, test } from 'vitest'
import {
  normalize,
  normalizeWith,
  withScaleEvent,
  type Past,
} from '../../../../src/engine/controllers/horizontalPodAutoscaler/behavior.ts'

const now = 1_000_000
const nothing: Past = { recommendations: [], ups: [], downs: [] }
const ago = (seconds: number): number => now - seconds * 1000
const wish = (current: number, desired: number) => ({ current, desired, min: 1, max: 20, now })
const up = (policies: object[], more: object = {}) => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies,
  ...more,
})
const pods = (value: number, periodSeconds = 60) => ({ type: 'Pods', value, periodSeconds })
const percent = (value: number, periodSeconds = 60) => ({ type: 'Percent', value, periodSeconds })

test.each<[string, Parameters<typeof normalize>[0], Past, number, readonly string[]]>([
  ['follows', wish(2, 3), nothing, 3, ['ReadyForNewScale', 'DesiredWithinRange']],
  ['doubles at most', wish(3, 12), nothing, 6, ['ReadyForNewScale', 'ScaleUpLimit']],
  ['or goes to four', wish(1, 12), nothing, 4, ['ReadyForNewScale', 'ScaleUpLimit']],
  ['keeps to the most', wish(15, 40), nothing, 20, ['ReadyForNewScale', 'TooManyReplicas']],
  ['keeps to the least', wish(2, 0), nothing, 1, ['ReadyForNewScale', 'TooFewReplicas']],
  [
    'remembers five minutes on the way down',
    wish(5, 1),
    { ...nothing, recommendations: [{ replicas: 4, at: ago(300) }] },
    4,
    ['ScaleDownStabilized', 'DesiredWithinRange'],
  ],
  [
    'and forgets what is older',
    wish(5, 1),
    { ...nothing, recommendations: [{ replicas: 4, at: ago(301) }] },
    1,
    ['ReadyForNewScale', 'DesiredWithinRange'],
  ],
])('without a behavior it %s', (_, asked, past, replicas, reasons) => {
  const normal = normalize(asked, past)
  expect(normal.replicas).toBe(replicas)
  expect(normal.findings.map(({ reason }) => reason)).toEqual(reasons)
})

test.each<[string, object, ReturnType<typeof wish>, Past, number, readonly string[]]>([
  [
    'the most generous policy',
    { scaleUp: up([pods(4), percent(100)]) },
    wish(2, 9),
    nothing,
    6,
    ['ReadyForNewScale', 'ScaleUpLimit'],
  ],
  [
    'the least',
    { scaleUp: up([pods(4), percent(100)], { selectPolicy: 'Min' }) },
    wish(2, 9),
    nothing,
    4,
    ['ReadyForNewScale', 'ScaleUpLimit'],
  ],
  [
    'none',
    { scaleUp: up([pods(4)], { selectPolicy: 'Disabled' }) },
    wish(2, 9),
    nothing,
    2,
    ['ReadyForNewScale', 'ScaleUpLimit'],
  ],
  [
    'what the period has used up',
    { scaleUp: up([pods(4)]) },
    wish(5, 9),
    {
      ...nothing,
      ups: [
        { change: 3, at: ago(30) },
        { change: 2, at: ago(60) },
      ],
    },
    6,
    ['ReadyForNewScale', 'ScaleUpLimit'],
  ],
  [
    'a share on the way down, cut off',
    { scaleDown: up([percent(10)]) },
    wish(15, 2),
    nothing,
    13,
    ['ReadyForNewScale', 'ScaleDownLimit'],
  ],
  [
    'the lowest of a window on the way up',
    { scaleUp: up([pods(9)], { stabilizationWindowSeconds: 60 }) },
    wish(2, 9),
    { ...nothing, recommendations: [{ replicas: 3, at: ago(30) }] },
    3,
    ['ScaleUpStabilized', 'DesiredWithinRange'],
  ],
  [
    'the highest of five minutes on the way down, unless said otherwise',
    { scaleDown: { policies: [percent(100)], selectPolicy: 'Max' } },
    wish(5, 1),
    { ...nothing, recommendations: [{ replicas: 4, at: ago(299) }] },
    4,
    ['ScaleDownStabilized', 'DesiredWithinRange'],
  ],
])('a behavior allows %s', (_, behavior, asked, past, replicas, reasons) => {
  const normal = normalizeWith(behavior as never, asked, past)
  expect(normal.replicas).toBe(replicas)
  expect(normal.findings.map(({ reason }) => reason)).toEqual(reasons)
})

test('remembers changes of size as long as a policy may ask for them', () => {
  const behavior = { scaleUp: up([pods(4, 60), percent(10, 15)]), scaleDown: up([pods(1, 15)]) } as never
  const past = {
    ...nothing,
    ups: [
      { change: 1, at: ago(61) },
      { change: 2, at: ago(59) },
    ],
  }
  const next = withScaleEvent(behavior, past, 3, now)
  expect(next.ups).toEqual([
    { change: 2, at: ago(59) },
    { change: 3, at: now },
  ])
  expect(withScaleEvent(behavior, next, -2, now).downs).toEqual([{ change: 2, at: now }])
})
