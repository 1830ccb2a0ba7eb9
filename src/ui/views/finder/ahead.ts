/** What of a keyboard event says what is typed. */
export type Typed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

let text = ''

/** Takes a key that is typed while the finder loads; false where it is no part of a text. */
export function typeAhead({ key, ctrlKey, metaKey, altKey }: Typed): boolean {
  if (ctrlKey || metaKey || altKey) return false
  if (key === 'Backspace') text = text.slice(0, -1)
  else if ([...key].length === 1) text += key
  else return false
  return true
}

/** Hands over what was typed so far. */
export function takeAhead(): string {
  const taken = text
  text = ''
  return taken
}
