import type { MessageBox } from '../../protocol.ts'

/** A line of the map: from whom to the API server, how it runs, and where its pill stands. */
export interface Wire {
  readonly box: Exclude<MessageBox, 'api'>
  readonly d: string
  /** an open watch, unless something is sent up it */
  readonly isWatch: boolean
  readonly x: number
  readonly y: number
}

/** The map's lines, in its own 728 × 332 px. */
export const wires: readonly Wire[] = [
  { box: 'client', d: 'M150 52 H 236', isWatch: false, x: 193, y: 52 },
  { box: 'etcd', d: 'M496 92 H 548', isWatch: false, x: 522, y: 92 },
  { box: 'controllers', d: 'M290 270 C 290 304, 120 286, 120 332', isWatch: true, x: 200, y: 301 },
  { box: 'scheduler', d: 'M366 270 V 332', isWatch: true, x: 366, y: 301 },
  { box: 'kubelet', d: 'M440 270 C 440 304, 612 286, 612 332', isWatch: true, x: 528, y: 301 },
]
