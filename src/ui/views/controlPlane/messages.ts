import type { EventRow } from '../../protocol.ts'

/** The boxes of the map. */
export type Box = 'client' | 'api' | 'etcd' | 'controllers' | 'scheduler' | 'kubelet'

const patterns: readonly (readonly [RegExp, Box])[] = [
  [/apiserver|api.?server/i, 'api'],
  [/etcd/i, 'etcd'],
  [/scheduler/i, 'scheduler'],
  [/controller|gc|disruption|endpoint/i, 'controllers'],
  [/kubelet|kube-proxy|runtime/i, 'kubelet'],
]

/** Which box a message came from; whoever is none of them sits at the terminal. */
export function boxOf(row: EventRow): Box {
  if (row.type === 'You') return 'client'
  return patterns.find(([pattern]) => pattern.test(row.from))?.[1] ?? 'client'
}

/** The last messages of each box, newest last. */
export function lastByBox(rows: readonly EventRow[], most: number): ReadonlyMap<Box, readonly EventRow[]> {
  const found = new Map<Box, EventRow[]>()
  for (let at = rows.length - 1; at >= 0 && at > rows.length - 400; at -= 1) {
    const row = rows[at]
    if (!row) continue
    const box = boxOf(row)
    const list = found.get(box) ?? []
    if (list.length < most) found.set(box, [row, ...list])
  }
  return found
}
