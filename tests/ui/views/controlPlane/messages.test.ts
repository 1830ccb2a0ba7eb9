import { expect, test } from 'vitest'
import { boxOf, lastByBox } from '../../../../src/ui/views/controlPlane/messages.ts'
import type { EventRow } from '../../../../src/ui/protocol.ts'

const event = (from: string, type: EventRow['type'] = 'Trace', id = from): EventRow => ({
  id,
  seq: 0,
  at: 0,
  type,
  reason: '',
  object: '',
  from,
  message: '',
  count: 1,
})

test.each([
  ['kube-apiserver', 'api'],
  ['default-scheduler', 'scheduler'],
  ['replicaset-controller', 'controllers'],
  ['node-controller', 'controllers'],
  ['kubelet, node-1', 'kubelet'],
  ['etcd', 'etcd'],
  ['terminal', 'client'],
])('%s speaks from %s', (from, box) => expect(boxOf(event(from))).toBe(box))

test('keeps the last words of each', () => {
  const rows = [event('etcd', 'Trace', 'a'), event('etcd', 'Trace', 'b'), event('etcd', 'Trace', 'c')]
  expect(
    lastByBox(rows, 2)
      .get('etcd')
      ?.map(({ id }) => id),
  ).toEqual(['b', 'c'])
})
