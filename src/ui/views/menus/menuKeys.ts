/**
 * Makes an element a menu: its items are walked by arrows and by their letters, and Enter chooses; Escape, a letter that
 * nothing has, and a press elsewhere close it, and the focus is where it was. Words that were meant for the terminal so
 * never do anything: a letter alone chooses nothing, and one that was opened by a letter has no item in focus.
 */
export function menuKeys(close: () => void, isByLetter = false): (menu: HTMLElement) => () => void {
  return (menu) => {
    const before = document.activeElement
    const items = () => [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"], select, input')]
    const onKey = (event: KeyboardEvent) => {
      const all = items()
      const at = all.indexOf(document.activeElement as HTMLElement)
      const isSelect = document.activeElement instanceof HTMLSelectElement
      const isField = isSelect || document.activeElement instanceof HTMLInputElement
      if (event.key === 'Escape') close()
      else if (event.key === 'ArrowDown' && !isSelect) (at < 0 ? firstOf(all) : all[(at + 1) % all.length])?.focus()
      else if (event.key === 'ArrowUp' && !isSelect) all.at(at <= 0 ? -1 : at - 1)?.focus()
      else if (event.key === 'Home') all[0]?.focus()
      else if (event.key === 'End') all.at(-1)?.focus()
      else if (/^[a-z]$/i.test(event.key) && !event.ctrlKey && !event.metaKey && !isField) {
        const chosen = all.find(({ dataset }) => dataset.letter === event.key.toUpperCase())
        if (chosen) chosen.focus()
        else if (all.some(({ dataset }) => dataset.letter)) close()
        else return
      } else return
      event.preventDefault()
      event.stopPropagation()
    }
    // The button that opened it closes it by itself: closed here already, it would open it anew.
    const opener = menu.previousElementSibling
    const onPress = ({ target }: PointerEvent) => {
      if (!(target instanceof Node) || menu.contains(target)) return
      if (!(opener instanceof HTMLButtonElement && opener.contains(target))) close()
    }
    menu.addEventListener('keydown', onKey)
    // Not before the press that opened it is over.
    const timer = setTimeout(() => document.addEventListener('pointerdown', onPress, true))
    const first = isByLetter ? menu : (firstOf(items()) ?? menu)
    first.focus({ preventScroll: true })
    return () => {
      clearTimeout(timer)
      menu.removeEventListener('keydown', onKey)
      document.removeEventListener('pointerdown', onPress, true)
      if (isAstray(menu) && before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }
}

const firstOf = (items: readonly HTMLElement[]) => items.find((item) => item.role?.startsWith('menuitem'))

/** Whether the focus goes with a menu that closes: what was chosen may have taken it elsewhere. */
function isAstray(menu: HTMLElement): boolean {
  const { activeElement: at, body } = document
  return at === null || at === body || menu.contains(at)
}
