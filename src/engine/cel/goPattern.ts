import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js'

/** A regular expression in Go's syntax, which takes time by the length of the text whatever it says. */
export interface Pattern {
  /** whether it is anywhere in a text */
  readonly test: (text: string) => boolean
  /** where it is, from left to right */
  readonly findAll: (text: string, max: number) => readonly string[]
}

// A memo of frozen facts, the same in every cluster: no state of any world.
const compiled = new Map<string, Pattern | string>()
const keptMax = 1000

/** A pattern in Go's syntax; undefined where Go could not read it. */
export function goPattern(pattern: string): Pattern | undefined {
  const made = known(pattern)
  return typeof made === 'string' ? undefined : made
}

/** Why Go cannot read a pattern, in its words; undefined if it can. */
export function goPatternError(pattern: string): string | undefined {
  const made = known(pattern)
  return typeof made === 'string' ? made : undefined
}

function known(pattern: string): Pattern | string {
  let made = compiled.get(pattern)
  if (made !== undefined) return made
  if (compiled.size >= keptMax) compiled.clear()
  compiled.set(pattern, (made = compile(pattern)))
  return made
}

// differs: a name that two groups share is an error here
function compile(pattern: string): Pattern | string {
  try {
    const regex = RE2JS.compile(pattern)
    return { test: (text) => regex.test(text), findAll: (text, max) => found(regex, text, max) }
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    return errorText(pattern, error)
  }
}

/** The package tells all but the part that is the whole of the pattern, or nothing. */
// upstream: Go's regexp/syntax Error
function errorText(pattern: string, error: RE2JSException): string {
  if (!(error instanceof RE2JSSyntaxException)) return `error parsing regexp: expression too large: \`${pattern}\``
  const { error: why, input } = error
  const part = why.startsWith('trailing backslash') ? '' : (input ?? pattern)
  return `error parsing regexp: ${why}: \`${part}\``
}

/** Nothing, right behind what was found before, is not found once more. */
// upstream: Go's regexp allMatches
function found(regex: RE2JS, text: string, max: number): readonly string[] {
  const matcher = regex.matcher(text)
  const parts: string[] = []
  let end = -1
  while (parts.length < max && matcher.find()) {
    if (matcher.end() > matcher.start() || matcher.start() !== end) parts.push(matcher.group() ?? '')
    end = matcher.end()
  }
  return parts
}
