const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** A text as base64 of its UTF-8 bytes. */
export function encodeBase64(text: string): string {
  const bytes = utf8Bytes(text)
  let encoded = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(index, index + 3)
    const bits = a * 65536 + b * 256 + c
    const left = bytes.length - index
    encoded += alphabet[bits >> 18]! + alphabet[(bits >> 12) & 63]!
    encoded += (left > 1 ? alphabet[(bits >> 6) & 63]! : '=') + (left > 2 ? alphabet[bits & 63]! : '=')
  }
  return encoded
}

/** The text of base64, its bytes read as UTF-8. */
export function decodeBase64(encoded: string): string {
  return utf8Text(base64Bytes(encoded))
}

/** The bytes of base64, in its usual or its URL alphabet; anything else in it is passed over. */
export function base64Bytes(encoded: string): number[] {
  const bytes: number[] = []
  let bits = 0
  let count = 0
  for (const char of encoded) {
    const value = alphabet.indexOf(char === '-' ? '+' : char === '_' ? '/' : char)
    if (value < 0) continue
    bits = ((bits << 6) | value) & 0xffffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes.push((bits >> count) & 255)
  }
  return bytes
}

/** How many bytes base64 stands for. */
export function base64Size(encoded: string): number {
  return Math.floor((encoded.replace(/=+$/, '').length * 3) / 4)
}

/** The UTF-8 bytes of a text. */
export function utf8Bytes(text: string): number[] {
  const bytes: number[] = []
  for (const char of text) {
    const point = char.codePointAt(0)!
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
  }
  return bytes
}

function utf8Text(bytes: readonly number[]): string {
  let text = ''
  for (let index = 0; index < bytes.length;) {
    const first = bytes[index]!
    const extra = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3
    let point = extra === 0 ? first : first & (0x3f >> extra)
    for (let more = 1; more <= extra; more++) point = (point << 6) | ((bytes[index + more] ?? 0x80) & 63)
    text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
    index += extra + 1
  }
  return text
}
