import { keep, readKept } from './keep.ts'

export type ThemeChoice = 'light' | 'dark' | 'system'

const systemDark = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)')

/** Light, dark, or as the system says; `shown` is what the page wears. */
export class Theme {
  choice: ThemeChoice = $state(readKept<ThemeChoice>('theme', 'system'))
  #isSystemDark = $state(systemDark?.matches ?? false)
  readonly shown: 'light' | 'dark' = $derived(
    this.choice === 'system' ? (this.#isSystemDark ? 'dark' : 'light') : this.choice,
  )

  constructor() {
    systemDark?.addEventListener('change', ({ matches }) => {
      this.#isSystemDark = matches
      this.wear()
    })
    this.wear()
  }

  set(choice: ThemeChoice): void {
    this.choice = choice
    keep('theme', choice)
    this.wear()
  }

  /** The other of light and dark. */
  switch(): void {
    this.set(this.shown === 'dark' ? 'light' : 'dark')
  }

  wear(): void {
    if (typeof document !== 'undefined') document.documentElement.dataset.theme = this.shown
  }
}

/** The page's theme. */
export const theme = new Theme()
