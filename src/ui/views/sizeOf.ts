import type { Attachment } from 'svelte/attachments'

/** Tells an element's inner size after each layout. Asking for it instead would lay the page out in the middle of drawing it. */
export function sizeOf(tell: (width: number, height: number) => void): Attachment<HTMLElement> {
  return (element) => {
    const observer = new ResizeObserver(() => tell(element.clientWidth, element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }
}
