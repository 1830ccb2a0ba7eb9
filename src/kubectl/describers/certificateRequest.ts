/** What a certificate request (PKCS #10) says of its owner. */
export interface CertificateRequest {
  /** values of the subject by the number of their attribute: `2.5.4.3` is the common name */
  readonly subject: Readonly<Record<string, readonly string[]>>
  readonly dnsNames: readonly string[]
  readonly emails: readonly string[]
  readonly uris: readonly string[]
  readonly addresses: readonly string[]
}

interface Item {
  readonly tag: number
  readonly bytes: readonly number[]
}

const tags = { sequence: 0x30, attributes: 0xa0 } as const
const alternativeNames = '2.5.29.17'
const extensionRequest = '1.2.840.113549.1.9.14'

/** Reads a request's DER bytes; undefined for what is none. */
export function readCertificateRequest(bytes: readonly number[]): CertificateRequest | undefined {
  const [whole] = itemsOf(bytes)
  const [info] = whole?.tag === tags.sequence ? itemsOf(whole.bytes) : []
  if (info?.tag !== tags.sequence) return undefined
  const [, subject, , ...rest] = itemsOf(info.bytes)
  if (subject?.tag !== tags.sequence) return undefined
  const attributes = rest.find(({ tag }) => tag === tags.attributes)
  const names = attributes === undefined ? [] : namesIn(attributes)
  const texts = (wanted: number): readonly string[] =>
    names.filter(({ tag }) => tag === wanted).map(({ bytes: name }) => textOf(name))
  return {
    subject: subjectOf(subject),
    emails: texts(0x81),
    dnsNames: texts(0x82),
    uris: texts(0x86),
    addresses: names.filter(({ tag }) => tag === 0x87).map(({ bytes: address }) => addressText(address)),
  }
}

/** The parts of an encoded sequence; what is cut off is left out. */
function itemsOf(bytes: readonly number[]): readonly Item[] {
  const items: Item[] = []
  let at = 0
  while (at + 1 < bytes.length) {
    const tag = bytes[at]!
    let length = bytes[at + 1]!
    at += 2
    if (length > 127) {
      const size = length & 127
      length = bytes.slice(at, at + size).reduce((sum, byte) => sum * 256 + byte, 0)
      at += size
    }
    if (at + length > bytes.length) return items
    items.push({ tag, bytes: bytes.slice(at, at + length) })
    at += length
  }
  return items
}

function subjectOf(name: Item): Readonly<Record<string, readonly string[]>> {
  const subject: Record<string, string[]> = {}
  for (const set of itemsOf(name.bytes))
    for (const pair of itemsOf(set.bytes)) {
      const [kind, value] = itemsOf(pair.bytes)
      if (kind !== undefined && value !== undefined) (subject[numberOf(kind.bytes)] ??= []).push(textOf(value.bytes))
    }
  return subject
}

function namesIn(attributes: Item): readonly Item[] {
  return itemsOf(attributes.bytes).flatMap((attribute) => {
    const [kind, values] = itemsOf(attribute.bytes)
    if (kind === undefined || values === undefined || numberOf(kind.bytes) !== extensionRequest) return []
    const extensions = itemsOf(values.bytes).flatMap((list) => itemsOf(list.bytes))
    return extensions.flatMap((extension) => {
      const parts = itemsOf(extension.bytes)
      const [name, value] = [parts[0], parts.at(-1)]
      if (name === undefined || value === undefined || numberOf(name.bytes) !== alternativeNames) return []
      return itemsOf(value.bytes).flatMap((list) => itemsOf(list.bytes))
    })
  })
}

/** `2.5.4.3`: numbers of seven bits a byte, the first byte holding two. */
function numberOf([first = 0, ...rest]: readonly number[]): string {
  const numbers = [Math.min(Math.floor(first / 40), 2)]
  numbers.push(first - numbers[0]! * 40)
  let held = 0
  for (const byte of rest) {
    held = held * 128 + (byte & 127)
    if (byte > 127) continue
    numbers.push(held)
    held = 0
  }
  return numbers.join('.')
}

const textOf = (bytes: readonly number[]): string => String.fromCharCode(...bytes)

function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16),
  )
  const zeros = [...groups.join(':').matchAll(/(^|:)0(:0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0]
  if (zeros === undefined) return groups.join(':')
  const text = groups.join(':')
  const [before, after] = [text.slice(0, zeros.index), text.slice(zeros.index + zeros[0].length)]
  return `${before}::${after.replace(/^:/, '')}`
}
