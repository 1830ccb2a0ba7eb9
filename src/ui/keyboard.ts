import type { DockTab, Overlay, Preset } from './layout.svelte.ts'
import type { StageView } from './session.svelte.ts'

/** What a key asks for. */
export type Command =
  | { readonly do: 'overlay'; readonly overlay: Overlay }
  | { readonly do: 'play' | 'slower' | 'faster' | 'terminal' | 'why' | 'escape' }
  | { readonly do: 'step'; readonly by: -1 | 1; readonly ms?: number }
  | { readonly do: 'chain'; readonly by: -1 | 1 }
  | { readonly do: 'view'; readonly view: StageView }
  | { readonly do: 'tab'; readonly tab: DockTab }
  | { readonly do: 'preset'; readonly preset: Preset }
  | { readonly do: 'region'; readonly by: -1 | 1 }
  | { readonly do: 'prefix' }

/** What is read of a keyboard event. */
export interface Key {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** Where the key was pressed. */
export interface KeyContext {
  /** in the editor, the terminal or an input: single keys belong to it */
  readonly isTyping: boolean
  /** `g` was pressed just before */
  readonly isPrefixed: boolean
  readonly isMac: boolean
}

const singles: Record<string, Command> = {
  ',': { do: 'step', by: -1 },
  '.': { do: 'step', by: 1 },
  '-': { do: 'slower' },
  '=': { do: 'faster' },
  '[': { do: 'chain', by: -1 },
  ']': { do: 'chain', by: 1 },
  w: { do: 'why' },
  b: { do: 'overlay', overlay: 'break' },
  g: { do: 'prefix' },
  '?': { do: 'overlay', overlay: 'help' },
  '1': { do: 'tab', tab: 'manifest' },
  '2': { do: 'tab', tab: 'objects' },
  '3': { do: 'tab', tab: 'events' },
  '4': { do: 'tab', tab: 'inspector' },
}

const views: Record<string, StageView> = { n: 'nodes', c: 'controlPlane', t: 'traffic', o: 'owners' }

const chords: Record<string, Command> = {
  k: { do: 'overlay', overlay: 'finder' },
  j: { do: 'terminal' },
  '1': { do: 'preset', preset: 'learn' },
  '2': { do: 'preset', preset: 'edit' },
  '3': { do: 'preset', preset: 'watch' },
}

const tenSeconds = 10_000

/** The keyboard map: what a key means where it was pressed; undefined where it means nothing to the page. */
export function commandOf(key: Key, context: KeyContext): Command | undefined {
  if (key.key === 'F6') return { do: 'region', by: key.shiftKey ? -1 : 1 }
  if (key.key === 'Escape') return { do: 'escape' }
  // As editors have it, on a Mac too: there the other modifier walks windows.
  if (key.ctrlKey && key.key === '`' && !key.altKey && !key.metaKey) return { do: 'terminal' }
  if (context.isMac ? key.metaKey : key.ctrlKey)
    return key.altKey || key.shiftKey ? undefined : chords[key.key.toLowerCase()]
  if (context.isTyping || key.ctrlKey || key.metaKey || key.altKey) return undefined
  if (context.isPrefixed) return viewCommand(key.key)
  if (key.key === ' ') return { do: 'play' }
  // By place, because Shift changes the character.
  if (key.shiftKey && key.code === 'Comma') return { do: 'step', by: -1, ms: tenSeconds }
  if (key.shiftKey && key.code === 'Period') return { do: 'step', by: 1, ms: tenSeconds }
  return singles[key.key]
}

function viewCommand(key: string): Command | undefined {
  const view = views[key]
  return view ? { do: 'view', view } : undefined
}

/** The same map for reading: what the help shows. */
export const keyMap: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['Ctrl K'], does: 'Find an object or run a command' },
  { keys: ['Space'], does: 'Play, pause' },
  { keys: [',', '.'], does: 'Step back, step on' },
  { keys: ['Shift ,', 'Shift .'], does: 'Back, on by 10 seconds' },
  { keys: ['-', '='], does: 'Slower, faster' },
  { keys: ['[', ']'], does: 'Walk the chain of causes' },
  { keys: ['g n', 'g c', 'g t', 'g o'], does: 'Nodes, Control plane, Traffic, Owners' },
  { keys: ['1', '2', '3', '4'], does: 'Manifest, Objects, Events, Inspector' },
  { keys: ['Ctrl J', 'Ctrl `'], does: 'To the terminal; from there, close it and go back' },
  { keys: ['Ctrl Enter'], does: 'Apply the manifest' },
  { keys: ['arrows', 'Enter'], does: 'Move between tiles and nodes, select' },
  { keys: ['w'], does: 'Why? of what is selected' },
  { keys: ['b'], does: 'Break something' },
  { keys: ['F6'], does: 'Next pane' },
  { keys: ['Ctrl 1', 'Ctrl 2', 'Ctrl 3'], does: 'Layouts: Learn, Edit, Watch' },
  { keys: ['Esc'], does: 'Close, then leave the editor or the terminal' },
  { keys: ['?'], does: 'This map' },
]
