/** What `echo` prints: dash reads escapes always, the others after `-e`. */
export function formatEcho(words: readonly string[], flavour: 'dash' | 'ash' | 'bash'): string {
  let at = 0
  let hasNewline = true
  let reads = flavour === 'dash'
  const option = flavour === 'dash' ? /^-n$/ : /^-[neE]+$/
  while (at < words.length && option.test(words[at]!)) {
    const word = words[at++]!
    if (word.includes('n')) hasNewline = false
    if (word.includes('e')) reads = true
    if (word.includes('E')) reads = false
  }
  const text = words.slice(at).join(' ')
  if (!reads) return hasNewline ? `${text}\n` : text
  const stop = text.indexOf('\\c')
  if (stop >= 0) return readEscapes(text.slice(0, stop))
  return readEscapes(text) + (hasNewline ? '\n' : '')
}

const plainEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  e: '\x1b',
  '\\': '\\',
}

/** `\n`, `\t`, `\033`, `\x41` and their kin. */
export function readEscapes(text: string): string {
  return text.replace(
    /\\(?:0?([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([ntrabfve\\]))/g,
    (_, octal?: string, hex?: string, letter?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      return hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : plainEscapes[letter!]!
    },
  )
}

const directive = /%([-+ 0#]*)(\d+|\*)?(?:\.(\d+))?([diouxXeEfgGcsbq%])/g

/** What `printf` prints; the format repeats while words are left. */
export function formatPrintf(format: string, words: readonly string[]): string {
  const plain = readEscapes(format.replace(/\\"/g, '"'))
  const rest = [...words]
  let out = ''
  do {
    const before = rest.length
    out += plain.replace(
      directive,
      (_, flags: string, width: string | undefined, precision: string | undefined, type: string) => {
        if (type === '%') return '%'
        const size = width === '*' ? Number(rest.shift() ?? 0) : Number(width ?? 0)
        return padded(formatted(type, flags, precision, rest.shift()), flags, size)
      },
    )
    if (rest.length === before) break
  } while (rest.length > 0)
  return out
}

function formatted(type: string, flags: string, precision: string | undefined, word: string | undefined): string {
  const text = word ?? ''
  switch (type) {
    case 's':
      return precision === undefined ? text : text.slice(0, Number(precision))
    case 'b':
      return readEscapes(text)
    case 'q':
      return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`
    case 'c':
      return text.slice(0, 1)
    case 'e':
    case 'E':
      return numeric(text).toExponential(Number(precision ?? 6))
    case 'f':
    case 'g':
    case 'G':
      return type === 'f' ? numeric(text).toFixed(Number(precision ?? 6)) : String(numeric(text))
    case 'x':
      return Math.trunc(numeric(text)).toString(16)
    case 'X':
      return Math.trunc(numeric(text)).toString(16).toUpperCase()
    case 'o':
      return Math.trunc(numeric(text)).toString(8)
    default: {
      const value = String(Math.trunc(numeric(text)))
      return flags.includes('+') && !value.startsWith('-') ? `+${value}` : value
    }
  }
}

function numeric(text: string): number {
  if (/^['"]/.test(text)) return text.charCodeAt(1)
  const value = Number(text)
  return Number.isNaN(value) ? Number.parseFloat(text) || 0 : value
}

function padded(text: string, flags: string, size: number): string {
  if (flags.includes('-')) return text.padEnd(size)
  if (flags.includes('0') && !/[^\d.+-]/.test(text)) {
    const sign = /^[+-]/.exec(text)?.[0] ?? ''
    return sign + text.slice(sign.length).padStart(size - sign.length, '0')
  }
  return text.padStart(size)
}
