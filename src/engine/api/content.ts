import { utf8Bytes } from './base64.ts'

// upstream: apimachinery/pkg/util/validation/validation.go, apimachinery/pkg/api/validate/content. Each function says what is wrong
// with a text, in nothing but complaints: an empty list means that it is fine.

const fine: readonly string[] = Object.freeze([])

/** Whether a text takes more than `max` bytes in UTF-8, which is how Go counts. */
function isLonger(text: string, max: number): boolean {
  if (text.length * 3 <= max) return false
  return text.length > max || utf8Bytes(text).length > max
}

/** Whether a text is a DNS label, or several joined by dots. By characters: every name that is written passes here. */
function isDns(text: string, mayHaveDots: boolean): boolean {
  let before = dot
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const isPlain = (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
    if (!isPlain) {
      if (code === dash ? before === dot : code !== dot || !mayHaveDots || before === dot || before === dash)
        return false
    }
    before = code
  }
  return before !== dot && before !== dash
}

const dot = 46
const dash = 45

const label = { test: (text: string) => isDns(text, false) }
const subdomain = { test: (text: string) => isDns(text, true) }
const underscoredSubdomain = /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/
const label1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const nameParts = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

const labelFmt = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const subdomainFmt = `${labelFmt}(\\.${labelFmt})*`
const nameFmt = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

function regexError(text: string, format: string, ...examples: string[]): string {
  return `${text} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${format}')`
}

const nameRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const ending = 'must start and end with an alphanumeric character'
const labelText = regexError(
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and ${ending}`,
  labelFmt,
  'my-name',
  '123-abc',
)
const subdomainText = regexError(
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and ${ending}`,
  subdomainFmt,
  'example.com',
)
const label1035Text = regexError(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  'my-name',
  'abc-123',
)
const nameText = regexError(nameRule, nameFmt, 'MyName', 'my.name', '123-abc')
const labelValueText = regexError(
  `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and ${ending}`,
  '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
  'MyValue',
  'my_value',
  '12345',
)

/** What keeps a name from being a DNS label. */
export function isLabel(name: string): readonly string[] {
  if (name.length <= 63 && label.test(name)) return fine
  const long = isLonger(name, 63) ? ['must be no more than 63 characters'] : []
  if (label.test(name)) return long
  return [...long, subdomain.test(name) ? 'must not contain dots' : labelText]
}

/** What keeps a name from being a DNS subdomain. */
export function isSubdomain(name: string): readonly string[] {
  if (name.length <= 253 && subdomain.test(name)) return fine
  const long = isLonger(name, 253) ? ['must be no more than 253 characters'] : []
  return subdomain.test(name) ? long : [...long, subdomainText]
}

/** A DNS subdomain in which underscores are allowed, as in search paths. */
export function isSubdomainWithUnderscore(name: string): readonly string[] {
  const long = isLonger(name, 253) ? ['must be no more than 253 characters'] : []
  if (underscoredSubdomain.test(name)) return long
  const format = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*'
  const text = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and ${ending}`
  return [...long, regexError(text, format, 'example.com')]
}

/** What keeps a name from being an old-style DNS label, which begins with a letter. */
export function isLabel1035(name: string): readonly string[] {
  const long = isLonger(name, 63) ? ['must be no more than 63 characters'] : []
  return label1035.test(name) ? long : [...long, label1035Text]
}

/** What keeps a text from being a label's key: `[prefix/]name`. */
export function isQualifiedName(name: string): readonly string[] {
  if (fineNames.has(name)) return fine
  const bad = badName(name)
  if (bad.length === 0) {
    if (fineNames.size >= fineNamesMax) fineNames.clear()
    fineNames.add(name)
  }
  return bad
}

// a memo of the rule: the same few keys are looked at for each of thousands of pods
const fineNames = new Set<string>()
const fineNamesMax = 1000

function badName(name: string): readonly string[] {
  if (name.length <= 63 && nameParts.test(name)) return fine
  const parts = name.split('/')
  if (parts.length > 2)
    return [
      `${regexError(`a valid label key ${nameRule}`, nameFmt, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  const bad: string[] = []
  if (parts.length === 2) {
    const prefix = parts[0]!
    if (prefix === '') bad.push('prefix part must be non-empty')
    else for (const text of isSubdomain(prefix)) bad.push(`prefix part ${text.replace(/253 characters$/, '253 bytes')}`)
  }
  const own = parts[parts.length - 1]!
  if (own === '') bad.push('name part must be non-empty')
  else if (isLonger(own, 63)) bad.push('name part must be no more than 63 bytes')
  if (!nameParts.test(own)) bad.push(`name part ${nameText}`)
  return bad
}

/** What keeps a text from being a label's value. */
export function isLabelValue(value: string): readonly string[] {
  if (value.length <= 63 && labelValue.test(value)) return fine
  const long = isLonger(value, 63) ? ['must be no more than 63 bytes'] : []
  return labelValue.test(value) ? long : [...long, labelValueText]
}

/** `must be between 1 and 65535, inclusive`. */
export const inRange = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`

/** What keeps a number from being a port. */
export function isPortNumber(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? fine : [inRange(1, 65535)]
}

/** What keeps a text from being the name of a container's port. */
export function isPortName(name: string): readonly string[] {
  const bad: string[] = []
  if (isLonger(name, 15)) bad.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(name)) bad.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(name)) bad.push('must contain at least one letter (a-z)')
  if (name.includes('--')) bad.push('must not contain consecutive hyphens')
  if (name.startsWith('-') || name.endsWith('-')) bad.push('must not begin or end with a hyphen')
  return bad
}

/** What keeps a text from being a key of a ConfigMap or Secret. */
export function isConfigKey(key: string): readonly string[] {
  const bad: string[] = []
  if (isLonger(key, 253)) bad.push('must be no more than 253 characters')
  if (!/^[-._a-zA-Z0-9]+$/.test(key))
    bad.push(
      regexError(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        '[-._a-zA-Z0-9]+',
        'key.name',
        'KEY_NAME',
        'key-name',
      ),
    )
  if (key === '.') bad.push("must not be '.'")
  else if (key === '..') bad.push("must not be '..'")
  else if (key.startsWith('..')) bad.push("must not start with '..'")
  return bad
}

/** What keeps a text from being the name of an environment variable. */
export function isEnvName(name: string): readonly string[] {
  if (name === '') return ['environment variable name must be non-empty']
  if (/^[ -<>-~]+$/.test(name)) return fine
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** What keeps a text from being a percentage. */
export function isPercent(text: string): readonly string[] {
  if (/^[0-9]+%$/.test(text)) return fine
  return [
    regexError("a valid percent string must be a numeric string followed by an ending '%'", '[0-9]+%', '1%', '93%'),
  ]
}

/** What keeps a text from being the name of an HTTP header. */
export function isHttpHeader(name: string): readonly string[] {
  if (/^[-A-Za-z0-9]+$/.test(name)) return fine
  return [
    regexError("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', 'X-Header-Name'),
  ]
}

/** What keeps a number from being the id of a user or group. */
export function isUserId(id: number): readonly string[] {
  return id >= 0 && id <= 2147483647 ? fine : [inRange(0, 2147483647)]
}

const notAnIp = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
const notACidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'

const byte = '0*(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[0-9]{1,2})'
const fourBytes = new RegExp(`^${byte}(\\.${byte}){3}$`)

/** Which kind of address a text is, if it is one; leading zeros are overlooked, as Go's sloppy parser does. */
export function ipFamily(text: string): 'IPv4' | 'IPv6' | undefined {
  if (fourBytes.test(text)) return 'IPv4'
  return text.includes(':') && isIPv6(text) ? 'IPv6' : undefined
}

function isIPv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups[groups.length - 1]
  const hasFour = last?.includes('.') === true && ipFamily(last) === 'IPv4'
  const plain = hasFour ? groups.slice(0, -1) : groups
  const count = plain.length + (hasFour ? 2 : 0)
  return plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8)
}

/** What keeps a text from being an IP address. */
export function isIp(text: string): readonly string[] {
  if (isPlainIPv4(text)) return fine
  const family = ipFamily(text)
  if (family === undefined) return [notAnIp]
  if (family === 'IPv4' && /(^|\.)0\d/.test(text)) return ['must not have leading 0s']
  if (family === 'IPv6' && isMappedIPv4(text)) return ['must not be an IPv4-mapped IPv6 address']
  return fine
}

/** Whether a text is an address as nearly all are written: four numbers up to 255, without leading zeros. */
function isPlainIPv4(text: string): boolean {
  let dots = 0
  let number = -1 // no digit yet
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === dot) {
      if (number < 0) return false
      dots++
      number = -1
    } else {
      const digit = code - zero
      if (digit < 0 || digit > 9 || number === 0) return false
      number = number < 0 ? digit : number * 10 + digit
      if (number > 255) return false
    }
  }
  return dots === 3 && number >= 0
}

const zero = 48

/** Whether an IPv6 address is an IPv4 address in disguise: `::ffff:10.0.0.1`. */
export function isMappedIPv4(text: string): boolean {
  return /^(::|(0{1,4}:){5}|(0{1,4}:)*:(0{1,4}:)*)ffff:([0-9a-f]{1,4}:[0-9a-f]{1,4}|\d+\.\d+\.\d+\.\d+)$/i.test(text)
}

/** What keeps a text from being a range of addresses. */
export function isCidr(text: string): readonly string[] {
  const slash = text.indexOf('/')
  const address = text.slice(0, slash)
  const family = slash < 0 ? undefined : ipFamily(address)
  const bits = Number(text.slice(slash + 1))
  if (family === undefined || !/^\d+$/.test(text.slice(slash + 1)) || bits > (family === 'IPv4' ? 32 : 128))
    return [notACidr]
  if (/\/0\d/.test(text) || (family === 'IPv4' && /(^|\.)0\d/.test(address)))
    return ['must not have leading 0s in IP or prefix length']
  if (family === 'IPv6' && isMappedIPv4(address)) return ['must not have an IPv4-mapped IPv6 address']
  if (hasHostBits(address, family, bits)) return ['must not have bits set beyond the prefix length']
  return fine
}

function hasHostBits(address: string, family: 'IPv4' | 'IPv6', prefix: number): boolean {
  const width = family === 'IPv4' ? 32n : 128n
  return BigInt.asUintN(Number(width) - prefix, ipToBits(address, family)) !== 0n
}

/** An address as a whole number. */
export function ipToBits(text: string, family: 'IPv4' | 'IPv6'): bigint {
  if (family === 'IPv4') return BigInt(ipToNumber(text))
  const [head = '', tail] = text.split('::')
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const zeros = Array<number>(8 - before.length - after.length).fill(0)
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(group), 0n)
}

function groupsOf(text: string): readonly number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [parseInt(group, 16)]
    const four = ipToNumber(group)
    return [Math.floor(four / 65_536), four % 65_536]
  })
}

/** An IPv4 address as a number. */
export function ipToNumber(text: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
  return ((a * 256 + b) * 256 + c) * 256 + d
}

/** A number as an IPv4 address. */
export function numberToIp(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
