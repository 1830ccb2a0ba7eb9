/** One thing that came from the keyboard, or a text that was pasted. */
export type Input = { readonly key: string } | { readonly pasted: string }

const pasteStart = '\x1b[200~'
const pasteEnd = '\x1b[201~'

/** Takes apart what a terminal sends: keys and their escape sequences one by one, a paste as a whole. */
export function keysOf(data: string): readonly Input[] {
  const inputs: Input[] = []
  let at = 0
  while (at < data.length) {
    if (data.startsWith(pasteStart, at)) {
      const end = data.indexOf(pasteEnd, at)
      const stop = end < 0 ? data.length : end
      inputs.push({ pasted: data.slice(at + pasteStart.length, stop).replace(/\r\n?/g, '\n') })
      at = end < 0 ? data.length : end + pasteEnd.length
      continue
    }
    // eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
    const key = /^(?:\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O[A-Z]|[^[O])?|[^])/u.exec(data.slice(at))?.[0] ?? data.charAt(at)
    inputs.push({ key })
    at += key.length
  }
  return inputs
}
