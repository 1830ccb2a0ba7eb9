/** What on the stage is pointed at. */
export type Target = { readonly kind: 'pod'; readonly key: string } | { readonly kind: 'node'; readonly name: string }

interface Handlers {
  select(target: Target): void
  hover(podKey: string | undefined, node: string | undefined): void
  menu(target: Target, at: { readonly x: number; readonly y: number }): void
}

const longPressMs = 500

/** The pod or the node under an element. */
export function targetOf(element: EventTarget | null): Target | undefined {
  if (!(element instanceof Element)) return undefined
  const pod = element.closest<HTMLElement>('[data-pod]')?.dataset.pod
  if (pod) return { kind: 'pod', key: pod }
  const name = element.closest<HTMLElement>('[data-node]')?.dataset.node
  return name ? { kind: 'node', name } : undefined
}

/** Selecting, hovering and asking for a menu, for all tiles and hulls at once. */
export function pointing(handlers: Handlers): (root: HTMLElement) => () => void {
  return (root) => {
    let press: ReturnType<typeof setTimeout> | undefined
    let isMenuOpened = false
    const release = () => clearTimeout(press)
    const listeners: { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void } = {
      click: ({ target }) => {
        const at = targetOf(target)
        if (at && !isMenuOpened && !isControl(target)) handlers.select(at)
        isMenuOpened = false
      },
      pointerover: ({ target }) => handlers.hover(podOf(target), nodeOf(target)),
      pointerleave: () => handlers.hover(undefined, undefined),
      focusin: ({ target }) => handlers.hover(podOf(target), nodeOf(target)),
      // Later, because a tile that is taken off the page loses its focus in the middle of an update.
      focusout: () => queueMicrotask(() => handlers.hover(undefined, undefined)),
      contextmenu: (event) => {
        const at = targetOf(event.target)
        if (!at) return
        event.preventDefault()
        handlers.menu(at, placeOf(event))
      },
      pointerdown: (event) => {
        const at = targetOf(event.target)
        release()
        isMenuOpened = false
        if (event.pointerType !== 'touch' || !at) return
        const place = { x: event.clientX, y: event.clientY }
        press = setTimeout(() => {
          isMenuOpened = true
          handlers.menu(at, place)
        }, longPressMs)
      },
      pointerup: release,
      pointercancel: release,
      pointermove: (event) => {
        if (Math.hypot(event.movementX, event.movementY) > 4) release()
      },
    }
    const entries = Object.entries(listeners) as [string, EventListener][]
    for (const [name, listener] of entries) root.addEventListener(name, listener)
    return () => {
      release()
      for (const [name, listener] of entries) root.removeEventListener(name, listener)
    }
  }
}

/** A button that does something of its own on a hull. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button')?.hasAttribute('data-stop') === false
}

function podOf(target: EventTarget | null): string | undefined {
  const at = targetOf(target)
  return at?.kind === 'pod' ? at.key : undefined
}

function nodeOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-node]')?.dataset.node : undefined
}

/** The pointer, or, where the menu key was pressed, the middle of what has the focus. */
function placeOf(event: MouseEvent): { x: number; y: number } {
  if (event.clientX !== 0 || event.clientY !== 0 || !(event.target instanceof Element)) {
    return { x: event.clientX, y: event.clientY }
  }
  const box = event.target.getBoundingClientRect()
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 }
}
