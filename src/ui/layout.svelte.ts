import { createContext } from 'svelte'
import { keep, readKept } from './keep.ts'
import type { SheetStop } from './views/shell/sheet.ts'

export type Preset = 'learn' | 'edit' | 'watch'
export type Pane = 'guide' | 'dock' | 'terminal'
export type DockTab = 'manifest' | 'objects' | 'events' | 'inspector'
export type PhoneTab = 'guide' | 'stage' | 'terminal' | 'manifest' | 'objects' | 'events'
export type Overlay = 'finder' | 'share' | 'help' | 'break' | 'layout' | 'cluster' | 'more'

export const dockTabs: readonly DockTab[] = ['manifest', 'objects', 'events', 'inspector']

/** What a pane may measure, in px. */
export const limits: Record<Pane, { min: number; max: number; rail: number }> = {
  guide: { min: 220, max: 520, rail: 44 },
  dock: { min: 280, max: 900, rail: 44 },
  terminal: { min: 96, max: 700, rail: 34 },
}

interface Sizes {
  guide?: number
  dock?: number
  terminal?: number
}

interface Kept {
  preset: Preset
  sizes: Partial<Record<Preset, Sizes>>
  collapsed: Partial<Record<Preset, readonly Pane[]>>
  dockTab: DockTab
}

const collapsedAtFirst: Record<Preset, readonly Pane[]> = {
  learn: [],
  edit: ['guide'],
  watch: ['guide', 'dock', 'terminal'],
}

/** Which panes are open, how large they are, and what lies over them. Sizes are kept for each preset. */
export class Layout {
  readonly #kept: Kept = {
    preset: 'learn',
    sizes: {},
    collapsed: {},
    dockTab: 'manifest',
    ...readKept<Partial<Kept>>('layout', {}),
  }
  width = $state(typeof innerWidth === 'undefined' ? 1440 : innerWidth)
  /** how much of the height notices take, above the page */
  noticesPx = $state(0)
  height = $state(typeof innerHeight === 'undefined' ? 900 : innerHeight)
  preset: Preset = $state(this.#kept.preset)
  sizes: Sizes = $state(this.#kept.sizes[this.#kept.preset] ?? {})
  collapsed: readonly Pane[] = $state(this.#kept.collapsed[this.#kept.preset] ?? collapsedAtFirst[this.#kept.preset])
  dockTab: DockTab = $state(this.#kept.dockTab)
  phoneTab: PhoneTab = $state('stage')
  /** how high the phone's terminal lies over the stage; undefined: as the room has it */
  sheet: SheetStop | undefined = $state()
  overlay: Overlay | undefined = $state()
  /** the terminal takes the focus as soon as it is there */
  isTerminalAsked = $state(false)
  /** the guide's heading takes the focus as soon as it is there */
  isGuideAsked = $state(false)
  /** below 1240 px the dock is a rail, and opens as a sheet over the stage; on a phone the inspector is such a sheet */
  isSheetOpen = $state(false)

  readonly isPhone = $derived(this.width < 760)
  readonly isDockSheet = $derived(this.width <= 1240)

  isOpen(pane: Pane): boolean {
    return !this.collapsed.includes(pane)
  }

  /** The size of a pane in px; its rail where it is collapsed. */
  sizeOf(pane: Pane): number {
    if (!this.isOpen(pane)) return limits[pane].rail
    return this.sizes[pane] ?? this.#sizeAtFirst(pane)
  }

  #sizeAtFirst(pane: Pane): number {
    if (pane === 'terminal') return 204
    if (pane === 'guide') return this.width <= 1400 ? 264 : 292
    if (this.preset === 'edit') return Math.round((this.width - limits.guide.rail) / 2)
    return this.width <= 1400 ? 340 : 396
  }

  resize(pane: Pane, size: number): void {
    const { min, max } = limits[pane]
    this.sizes = { ...this.sizes, [pane]: Math.round(Math.max(min, Math.min(max, size))) }
    this.#keep()
  }

  toggle(pane: Pane, isOpen = !this.isOpen(pane)): void {
    const others = this.collapsed.filter((one) => one !== pane)
    this.collapsed = isOpen ? others : [...others, pane]
    this.#keep()
  }

  /** Shows the terminal, which then takes the focus. */
  askTerminal(): void {
    this.isTerminalAsked = true
    if (this.isPhone) this.phoneTab = 'terminal'
    else this.toggle('terminal', true)
  }

  /** Shows the guide, whose heading then takes the focus. */
  askGuide(): void {
    this.isGuideAsked = true
    if (this.isPhone) this.phoneTab = 'guide'
    else this.toggle('guide', true)
  }

  choose(preset: Preset): void {
    this.preset = preset
    this.sizes = this.#kept.sizes[preset] ?? {}
    this.collapsed = collapsedAtFirst[preset]
    this.#keep()
  }

  /** Shows a tab of the dock, wherever the dock is now. */
  showTab(tab: DockTab): void {
    this.dockTab = tab
    if (this.isPhone) {
      this.isSheetOpen = tab === 'inspector'
      if (tab !== 'inspector') this.phoneTab = tab
    } else if (this.isDockSheet) this.isSheetOpen = true
    else this.toggle('dock', true)
    this.#keep()
  }

  /** Lets the stage be seen where something lies over it. */
  showStage(): void {
    this.isSheetOpen = false
    if (this.isPhone) this.phoneTab = 'stage'
  }

  /** Lets the guide be read on a phone, where it is a pane of its own. */
  showGuide(): void {
    this.isSheetOpen = false
    if (this.isPhone) this.phoneTab = 'guide'
  }

  open(overlay: Overlay | undefined): void {
    this.overlay = overlay
  }

  #keep(): void {
    this.#kept.preset = this.preset
    this.#kept.sizes[this.preset] = this.sizes
    this.#kept.collapsed[this.preset] = this.collapsed
    this.#kept.dockTab = this.dockTab
    keep('layout', this.#kept)
  }
}

/** The layout of this page, for every component below `App`. */
export const [getLayout, setLayout] = createContext<Layout>()
