/** What a link may unfold to; a larger one is refused before it fills the memory. */
const charactersAtMost = 4_000_000

/** Unfolds the payload of a share link (after `#1.`): base64url, deflated. Undefined where it is broken or too large. */
export async function unfoldLink(payload: string): Promise<string | undefined> {
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text
      text += value
      if (text.length > charactersAtMost) {
        await reader.cancel()
        return undefined
      }
    }
  } catch {
    return undefined
  }
}
