/** What a link may unfold to; a larger one is refused before it fills the memory. */
const charactersAtMost = 2_000_000
/** Base64 of more than this cannot be a scene of ours: deflate makes nothing larger. */
const payloadAtMost = 3_000_000

/** A link longer than this is cut off by some chats and mail programs. */
export const linkWarnAt = 8_192

/** What became of a link: its scene as JSON text, or why there is none. */
export type Unfolded = { readonly text: string } | { readonly failure: 'broken' | 'huge' }

/** Folds a scene into the payload of a share link: deflated, base64url. */
export async function foldLink(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  let binary = ''
  // In slices: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Unfolds the payload of a share link (after `#1.`), and says what is wrong with one that cannot be. */
export async function readLink(payload: string): Promise<Unfolded> {
  if (payload.length > payloadAtMost) return { failure: 'huge' }
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
    const reader = stream.pipeThrough(new TextDecoderStream('utf-8', { fatal: true })).getReader()
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { text }
      text += value
      if (text.length > charactersAtMost) {
        await reader.cancel()
        return { failure: 'huge' }
      }
    }
  } catch {
    return { failure: 'broken' }
  }
}

/** The scene of a share link's payload; undefined where it is broken or too large. */
export async function unfoldLink(payload: string): Promise<string | undefined> {
  const link = await readLink(payload)
  return 'text' in link ? link.text : undefined
}

/** A failure in words for whoever followed the link. */
export function failureWords(failure: 'broken' | 'huge'): string {
  return failure === 'huge'
    ? 'This link unfolds to more than 2 MB: it is refused. Your own cluster is open instead.'
    : 'This link is damaged, perhaps cut short on its way: its scene could not be unfolded. Your own cluster is open instead.'
}

/** The payload in whatever somebody pastes: a whole link, its end, or the payload alone with its `1.`. */
export function payloadOf(text: string): string | undefined {
  const trimmed = text.trim()
  return /(?:^|#)1\.([\w-]+=*)$/.exec(trimmed)?.[1]
}
