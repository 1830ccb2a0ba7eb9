const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The text in a Secret's data: base64 of UTF-8; bytes that are no text become U+FFFD. */
export function decodeBase64(encoded: string): string {
  const bytes: number[] = []
  let bits = 0
  let count = 0
  for (const character of encoded) {
    const value = digits.indexOf(character)
    if (value < 0) continue
    bits = ((bits << 6) | value) & 0xffffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes.push((bits >> count) & 0xff)
  }
  return decodeUtf8(bytes)
}

function decodeUtf8(bytes: readonly number[]): string {
  let text = ''
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index]!
    const length = first < 0x80 ? 1 : first >> 5 === 6 ? 2 : first >> 4 === 14 ? 3 : first >> 3 === 30 ? 4 : 0
    const rest = bytes.slice(index + 1, index + length)
    const isWhole = length > 0 && rest.length === length - 1 && rest.every((byte) => byte >> 6 === 2)
    if (!isWhole) {
      text += '\ufffd'
      index++
      continue
    }
    const head = length === 1 ? first : first & (0xff >> (length + 1))
    text += String.fromCodePoint(rest.reduce((code, byte) => (code << 6) | (byte & 0x3f), head))
    index += length
  }
  return text
}
