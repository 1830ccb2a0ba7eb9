import { breath } from '../../breath.ts'

/**
 * Monaco is megabytes of modules that are evaluated when they are imported: half a second at once, or a frame's worth at a time.
 * Each piece imports what the next ones need, from the ground up; the order is that of Monaco's own imports.
 */
const pieces: readonly (() => Promise<unknown>)[] = [
  () => import('./pieces/options.ts'),
  () => import('./pieces/ground.ts'),
  () => import('./pieces/theme.ts'),
  () => import('./pieces/hands.ts'),
  () => import('./pieces/commands.ts'),
  () => import('./pieces/view.ts'),
  () => import('./pieces/model.ts'),
  () => import('./pieces/widget.ts'),
  () => import('./pieces/texts.ts'),
  () => import('./pieces/lists.ts'),
  () => import('./pieces/picks.ts'),
  () => import('./pieces/difference.ts'),
  () => import('./pieces/core.ts'),
  () => import('./pieces/featuresA.ts'),
  () => import('./pieces/featuresB.ts'),
  () => import('./pieces/featuresC.ts'),
]

/** Loads the manifest editor for keyboards, leaving the page room to draw between its pieces. */
export async function loadMonacoEditor() {
  for (const piece of pieces) {
    await breath()
    await piece()
  }
  await breath()
  return import('../MonacoEditor.svelte')
}
