const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Text of base64: bytes are read as UTF-8. */
export function fromBase64(text: string): string {
  return decodeUtf8(bytesOfBase64(text))
}

/** Bytes of base64. */
export function bytesOfBase64(text: string): number[] {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) continue
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255)
  }
  return bytes
}

/** UTF-8 text as base64. */
export function toBase64(text: string): string {
  const bytes = utf8Of(text)
  let result = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3)
    const left = bytes.length - at
    result += alphabet[a >> 2]! + alphabet[((a & 3) << 4) | (b >> 4)]!
    result += (left > 1 ? alphabet[((b & 15) << 2) | (c >> 6)]! : '=') + (left > 2 ? alphabet[c & 63]! : '=')
  }
  return result
}

/** The UTF-8 bytes of a text. */
export function utf8Of(text: string): number[] {
  return [...text].flatMap((character) => {
    const code = character.codePointAt(0)!
    if (code < 0x80) return [code]
    if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)]
    if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]
    return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]
  })
}

function decodeUtf8(bytes: readonly number[]): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at++]!
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
    let code = more === 0 ? first : first & (0x3f >> more)
    for (let index = 0; index < more; index++) code = (code << 6) | ((bytes[at++] ?? 0) & 63)
    text += String.fromCodePoint(code)
  }
  return text
}
