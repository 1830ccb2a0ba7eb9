import type { Target } from '../stage/pointing.ts'

/** The one context menu of the page: over what, and where. */
export class Menus {
  target: Target | undefined = $state.raw()
  at = $state.raw({ x: 0, y: 0 })
  #from: HTMLElement | undefined

  open(target: Target, at: { readonly x: number; readonly y: number }): void {
    this.#from = document.activeElement instanceof HTMLElement ? document.activeElement : undefined
    this.target = target
    this.at = { ...at }
  }

  /** Closes, and gives the focus back to where it was. */
  close(): void {
    this.target = undefined
    this.#from?.focus()
  }
}
