import { expect, test } from 'vitest'
import { parseLine, parseTime, type Line } from '../../src/lessons/index.ts'

test.each<[string, Line]>([
  ['power off ship-1', { do: 'fault', fault: { kind: 'nodePower', node: 'ship-1', on: false } }],
  ['power on ship-1', { do: 'fault', fault: { kind: 'nodePower', node: 'ship-1', on: true } }],
  ['cut ship-1', { do: 'fault', fault: { kind: 'nodeNetwork', node: 'ship-1', on: false } }],
  ['join ship-1', { do: 'fault', fault: { kind: 'nodeNetwork', node: 'ship-1', on: true } }],
  ['stop etcd', { do: 'fault', fault: { kind: 'component', name: 'etcd', on: false } }],
  ['start kubelet@ship-1', { do: 'fault', fault: { kind: 'component', name: 'kubelet@ship-1', on: true } }],
  ['load 26', { do: 'load', rps: 26 }],
  ['load 5 http://ui/', { do: 'load', rps: 5, url: 'http://ui/' }],
  ['crash app=ui', { do: 'crash', pod: 'app=ui' }],
  ['advance 1h30m', { do: 'advance', ms: 5_400_000 }],
  ['  kubectl get pods | wc -l ', { do: 'shell', line: 'kubectl get pods | wc -l' }],
])('%s', (line, wanted) => expect(parseLine(line)).toEqual(wanted))

test.each(['power ship-1', 'cut', 'join', 'stop', 'start', 'load many', 'load', 'crash', 'advance', 'advance soon'])(
  '%s is refused',
  (line) => expect(() => parseLine(line)).toThrow(/is not how this word is used/),
)

test('times', () => {
  expect(['200ms', '1.5s', '2d', '5', 's', ''].map(parseTime)).toEqual([
    200,
    1500,
    172_800_000,
    undefined,
    undefined,
    undefined,
  ])
})
