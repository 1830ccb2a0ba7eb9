import type { DockTab } from '../../layout.svelte.ts'

/** a view may have to be loaded before it can be stood on */
const framesMost = 120

/** Puts the focus on what was opened, as soon as it is there. */
export function land(selector: string): void {
  let frames = 0
  const before = document.activeElement
  function look(): void {
    // Whoever has gone elsewhere meanwhile is left there.
    if (frames > 0 && document.activeElement !== before && document.activeElement !== document.body) return
    const found = [...document.querySelectorAll<HTMLElement>(selector)].find(
      ({ offsetParent }) => offsetParent !== null,
    )
    if (found) found.focus({ preventScroll: true })
    else if ((frames += 1) < framesMost) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** Where the focus belongs when a tab of the dock was opened; a phone shows it as a pane, or as a sheet. */
export function dockSpot(tab: DockTab, isPhone: boolean): string {
  if (!isPhone) return `#tab-${tab}`
  return tab === 'inspector' ? '.p-sheet' : stageSpot
}

/** The pane in front: the stage, or what a phone shows in its place. */
export const stageSpot = 'main[data-region]'

/** The guide, or its rail. */
export const guideSpot = '.guide[data-region]'
