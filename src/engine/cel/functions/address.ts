// Why a text is no address, in Go's words. upstream: Go's net/netip ParseAddr, ParsePrefix

/** A complaint, and from where on. */
type Problem = readonly [text: string, rest?: string]

/** What keeps a text from being an address; undefined if nothing does. */
export function addressProblem(text: string): string | undefined {
  const first = /[.:%]/.exec(text)?.[0]
  const found: Problem | undefined =
    first === '.'
      ? fourProblem(text)
      : first === ':'
        ? sixProblem(text.replace(/%.*$/s, ''))
        : [first === '%' ? 'missing IPv6 address' : 'unable to parse IP']
  if (found === undefined) return undefined
  const [problem, rest] = found
  return `ParseAddr(${JSON.stringify(text)}): ${problem}${rest === undefined ? '' : ` (at ${JSON.stringify(rest)})`}`
}

/** What keeps a text from being a range of addresses. */
export function rangeProblem(text: string): string | undefined {
  const why = (problem: string): string => `netip.ParsePrefix(${JSON.stringify(text)}): ${problem}`
  const slash = text.lastIndexOf('/')
  if (slash < 0) return why("no '/'")
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)]
  const problem = addressProblem(address)
  if (problem !== undefined) return why(problem)
  if (!/^(0|[1-9]\d*)$/.test(bits)) return why(`bad bits after slash: ${JSON.stringify(bits)}`)
  return Number(bits) > (address.includes(':') ? 128 : 32) ? why('prefix length out of range') : undefined
}

function fourProblem(text: string): Problem | undefined {
  let [value, digits, dots] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (/\d/.test(char)) {
      if (digits === 1 && value === 0) return ['IPv4 field has octet with leading zero']
      value = value * 10 + Number(char)
      digits++
      if (value > 255) return ['IPv4 field has value >255']
    } else if (char !== '.') return ['unexpected character', text.slice(at)]
    else {
      if (at === 0 || at === text.length - 1 || text[at - 1] === '.')
        return ['IPv4 field must have at least one digit', text.slice(at)]
      if (dots === 3) return ['IPv4 address too long']
      dots++
      value = digits = 0
    }
  }
  return dots < 3 ? ['IPv4 address too short'] : undefined
}

function sixProblem(text: string): Problem | undefined {
  let hasGap = text.startsWith('::')
  let rest = hasGap ? text.slice(2) : text
  let bytes = 0
  while (bytes < 16 && rest !== '') {
    const digits = /^[\da-fA-F]*/.exec(rest)![0].length
    if (digits > 4) return ['each group must have 4 or less digits', rest]
    if (digits === 0) return ['each colon-separated field must have at least one digit', rest]
    if (rest[digits] === '.') {
      if (!hasGap && bytes !== 12) return ['embedded IPv4 address must replace the final 2 fields of the address', rest]
      if (bytes > 12) return ['too many hex fields to fit an embedded IPv4 at the end of the address', rest]
      const inner = fourProblem(rest)
      if (inner !== undefined) return inner
      bytes += 4
      rest = ''
      break
    }
    bytes += 2
    rest = rest.slice(digits)
    if (rest === '') break
    if (!rest.startsWith(':')) return ['unexpected character, want colon', rest]
    if (rest.length === 1) return ['colon must be followed by more characters', rest]
    rest = rest.slice(1)
    if (!rest.startsWith(':')) continue
    if (hasGap) return ['multiple :: in address', rest]
    hasGap = true
    rest = rest.slice(1)
  }
  if (rest !== '') return ['trailing garbage after address', rest]
  if (bytes < 16) return hasGap ? undefined : ['address string too short']
  return hasGap ? ['the :: must expand to at least one field of zeros'] : undefined
}
