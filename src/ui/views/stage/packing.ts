import type { Density } from '../../session.svelte.ts'

/** How hulls stand: so many in a row, and whether their figures stand beside the bars. */
export interface Packing {
  readonly columns: number
  readonly isTight: boolean
}

const gap = 10
const hullWidth: Record<Shown, number> = { rich: 226, compact: 168, dots: 96 }
/** below this the bar beside its figures would be too short to read */
const tightWidth = 320

export type Shown = Exclude<Density, 'auto'>

/** Rows of equal length, as few as fit. */
export function packHulls(count: number, width: number, density: Shown): Packing {
  const fitting = Math.max(1, Math.floor((width + gap) / (hullWidth[density] + gap)))
  const rows = Math.max(1, Math.ceil(count / fitting))
  const columns = Math.max(1, Math.min(fitting, Math.ceil(count / rows)))
  const hull = (width - gap * (columns - 1)) / columns
  return { columns, isTight: (rows > 1 || columns === 1) && hull >= tightWidth }
}

/** The height that rich tiles of the fullest node would need, in px. */
export function richHeight(podsPerNode: readonly number[], width: number): number {
  const { columns } = packHulls(podsPerNode.length, width, 'rich')
  const hull = (width - gap * (columns - 1)) / columns - 22
  const perRow = Math.max(1, Math.floor((hull + 5) / (98 + 5)))
  let height = 0
  for (let at = 0; at < podsPerNode.length; at += columns) {
    const fullest = Math.max(...podsPerNode.slice(at, at + columns))
    height += 118 + Math.ceil(fullest / perRow) * 63
  }
  return height
}

const richPods = 30
const compactPods = 300
/** beyond so many hulls even small squares are too many elements to move */
const compactNodes = 60

/** Rich up to about 30 pods or while tiles fit in one and a half screens, compact to about 300, dots above. */
export function densityFor(
  podsPerNode: readonly number[],
  podCount: number,
  width: number,
  height: number,
  chosen: Density,
): Shown {
  if (chosen !== 'auto') return chosen
  if (podCount > compactPods || podsPerNode.length > compactNodes) return 'dots'
  if (podCount <= richPods || richHeight(podsPerNode, width) <= height * 1.5) return 'rich'
  return 'compact'
}
