import type { EventRow } from '../../protocol.ts'

/** The boxes of the map. */
export type Box = 'client' | 'api' | 'etcd' | 'controllers' | 'scheduler' | 'kubelet'

const patterns: readonly (readonly [RegExp, Box])[] = [
  [/apiserver|api.?server/i, 'api'],
  [/etcd/i, 'etcd'],
  [/scheduler/i, 'scheduler'],
  [/kubelet|kube-proxy|node-/i, 'kubelet'],
  [/controller|gc|disruption|endpoint/i, 'controllers'],
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

/** `Pod/default/web-7c5ddbdf54-x8k2p` → `pods/web-…-x8k2p`, as short as a box is wide. */
export function shortObject(object: string): string {
  const parts = object.split('/')
  const name = parts.at(-1) ?? ''
  const pieces = name.split('-')
  const short = pieces.length > 2 ? `${pieces[0]}-…-${pieces.at(-1)}` : name
  return parts.length > 1 ? `${(parts[0] ?? '').toLowerCase()}/${short}` : short
}
