// A memo of frozen facts, the same in every cluster: no state of any world.
const compiled = new Map<string, RegExp | undefined>()
const keptMax = 1000

/** A pattern in Go's syntax as one of ours; undefined where Go could not read it. */
export function goPattern(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern)
  if (compiled.size >= keptMax) compiled.clear()
  const made = compile(pattern)
  compiled.set(pattern, made)
  return made
}

function compile(pattern: string): RegExp | undefined {
  if (goPatternError(pattern) !== undefined) return undefined
  const { body, flags } = translated(pattern)
  try {
    return new RegExp(body, `u${flags}`)
  } catch {
    return tryPlain(body, flags)
  }
}

function tryPlain(body: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(body, flags) // Go lets letters be escaped that the strict syntax does not
  } catch {
    return undefined
  }
}

const classes: Readonly<Record<string, string>> = {
  '[:alpha:]': 'a-zA-Z',
  '[:digit:]': '0-9',
  '[:alnum:]': 'a-zA-Z0-9',
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
  '[:space:]': '\\s',
  '[:word:]': '\\w',
  '[:xdigit:]': '0-9A-Fa-f',
  '[:punct:]': '!-\\/:-@\\[-`{-~',
}

/** What is spelt in another way: flags in front, `\A`, `\z`, named groups, POSIX classes. */
function translated(pattern: string): { readonly body: string; readonly flags: string } {
  const front = /^\(\?([ims]+)\)/.exec(pattern)
  const flags = front?.[1] ?? ''
  const rest = front === null ? pattern : pattern.slice(front[0].length)
  const body = rest
    .replace(/\(\?P</g, '(?<')
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\[:\w+:\]/g, (name) => classes[name] ?? name)
  return { body, flags }
}

/** Why Go cannot read a pattern, in its words; undefined if it can. */
// upstream: Go's regexp/syntax ErrorCode
export function goPatternError(pattern: string): string | undefined {
  const why = (text: string, part: string): string => `error parsing regexp: ${text}: \`${part}\``
  let depth = 0
  let canRepeat = false
  let lastRepeat = -1
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '\\') {
      if (at + 1 === pattern.length) return 'error parsing regexp: trailing backslash at end of expression: ``'
      const next = pattern[at + 1]!
      if (/[1-9]/.test(next)) return why('invalid escape sequence', `\\${next}`)
      if (/[a-zA-Z]/.test(next) && !/[abfnrtvdDsSwWAzBpPxQCE]/.test(next))
        return why('invalid escape sequence', `\\${next}`)
      at++
      canRepeat = true
    } else if (char === '[') {
      const end = classEnd(pattern, at)
      if (end < 0) return why('missing closing ]', pattern.slice(at))
      const range = badRange(pattern.slice(at + 1, end))
      if (range !== undefined) return why('invalid character class range', range)
      at = end
      canRepeat = true
    } else if (char === '(') {
      depth++
      if (pattern.startsWith('(?', at)) {
        const look = /^\(\?(=|!|<=|<!|>)/.exec(pattern.slice(at))
        if (look !== null) return why('invalid or unsupported Perl syntax', look[0].startsWith('(?<') ? '(?<' : look[0])
        at += /^\(\?(P?<\w+>|[imsU-]*:?)/.exec(pattern.slice(at))![0].length - 1
      }
      canRepeat = false
    } else if (char === ')') {
      if (--depth < 0) return why('unexpected )', pattern)
      canRepeat = true
    } else if (char === '*' || char === '+' || char === '?') {
      if (!canRepeat) return why('missing argument to repetition operator', char)
      if (lastRepeat === at - 1 && char !== '?')
        return why('invalid nested repetition operator', pattern.slice(at - 1, at + 1))
      lastRepeat = at
    } else canRepeat = char !== '|' && char !== '^'
  }
  return depth > 0 ? why('missing closing )', pattern) : undefined
}

function classEnd(pattern: string, from: number): number {
  let at = from + 1
  if (pattern[at] === '^') at++
  if (pattern[at] === ']') at++
  for (; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++
    else if (pattern.startsWith('[:', at)) {
      const end = pattern.indexOf(':]', at)
      if (end > 0) at = end + 1
    } else if (pattern[at] === ']') return at
  }
  return -1
}

function badRange(text: string): string | undefined {
  const plain = text.replace(/\\./g, 'a')
  for (const [range, low, high] of plain.matchAll(/([a-zA-Z0-9])-([a-zA-Z0-9])/g)) if (low! > high!) return range
  return undefined
}
