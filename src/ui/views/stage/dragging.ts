import { targetOf } from './pointing.ts'

interface Hands {
  isTakeable(pod: string): boolean
  over(node: string | undefined): void
  drop(node: string): void
}

const startsAtPx = 6

/** Takes a pod's tile to a node by the pointer. A press that does not move stays a press. */
export function dragging(hands: Hands): (root: HTMLElement) => () => void {
  return (root) => {
    let held: { readonly tile: HTMLElement; readonly x: number; readonly y: number } | undefined
    let copy: HTMLElement | undefined

    const take = (event: PointerEvent) => {
      const at = targetOf(event.target)
      const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-pod]') : null
      if (at?.kind !== 'pod' || !tile || event.button !== 0 || !hands.isTakeable(at.key)) return
      held = { tile, x: event.clientX, y: event.clientY }
    }
    const move = (event: PointerEvent) => {
      if (!held) return
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y]
      if (!copy) {
        if (Math.hypot(dx, dy) < startsAtPx) return
        copy = copyOf(held.tile)
        // so that the press does not end on the tile as a click
        root.setPointerCapture(event.pointerId)
      }
      copy.style.transform = `translate(${dx}px, ${dy}px)`
      hands.over(nodeUnder(event))
    }
    const drop = (event: PointerEvent) => {
      const node = copy && event.type === 'pointerup' ? nodeUnder(event) : undefined
      copy?.remove()
      copy = undefined
      held = undefined
      if (node !== undefined) hands.drop(node)
    }
    root.addEventListener('pointerdown', take)
    root.addEventListener('pointermove', move)
    root.addEventListener('pointerup', drop)
    root.addEventListener('pointercancel', drop)
    return () => {
      copy?.remove()
      root.removeEventListener('pointerdown', take)
      root.removeEventListener('pointermove', move)
      root.removeEventListener('pointerup', drop)
      root.removeEventListener('pointercancel', drop)
    }
  }
}

function nodeUnder({ clientX, clientY }: PointerEvent): string | undefined {
  return document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-node]')?.dataset.node
}

function copyOf(tile: HTMLElement): HTMLElement {
  const box = tile.getBoundingClientRect()
  const copy = tile.cloneNode(true) as HTMLElement
  for (const name of ['data-pod', 'data-stop', 'id']) copy.removeAttribute(name)
  copy.setAttribute('aria-hidden', 'true')
  copy.classList.add('ghost', 'guess')
  Object.assign(copy.style, {
    position: 'fixed',
    zIndex: '20',
    left: `${box.left}px`,
    top: `${box.top}px`,
    width: `${box.width}px`,
    height: `${box.height}px`,
    pointerEvents: 'none',
  })
  document.body.append(copy)
  return copy
}
