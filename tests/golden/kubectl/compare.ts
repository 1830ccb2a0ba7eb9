import type { Expected } from './transcript.ts'

/** What tokens with a number stand for in this scenario: the same number is the same text. */
export type Bindings = Map<string, string>

const loose: Readonly<Record<string, string>> = {
  age: '(?:\\d+(?:y|d|h|m|s)(?:\\d+(?:d|h|m|s))?|<unknown>|<invalid>)',
  time: '[^"\\n]*?\\d\\d:\\d\\d:\\d\\d[^"\\n]*?',
  uid: '[0-9a-f-]+',
  rv: '\\d*',
  token: '\\S+',
  ip: '\\d+\\.\\d+\\.\\d+\\.\\d+',
  nodeport: '3[0-2]\\d\\d\\d',
  node: 'node-[123]',
  'node-ip': '192\\.168\\.10\\.1[123]',
  event: '[0-9a-f.]+',
  r: '[a-z0-9]+',
  server: '\\S+?',
  port: '\\d+',
  home: '\\S+?',
  cwd: '\\S+?',
  tmp: '\\S+?',
  n: '\\d+',
  pid: '\\d+',
  'the object': '.*',
}

const tokenShape =
  /<((?:hash|r|t)\d+|age|time|uid|rv|token|ip|nodeport|node|node-ip|event|r|server|port|home|cwd|tmp|n|pid|the object)>/g

interface Pattern {
  readonly shape: RegExp
  readonly names: readonly string[]
}

function patternOf(text: string): Pattern {
  const names: string[] = []
  let source = ''
  let at = 0
  for (const match of text.matchAll(tokenShape)) {
    source += escape(text.slice(at, match.index))
    const name = match[1]!
    const isBound = /\d$/.test(name)
    if (isBound) names.push(name)
    source += isBound ? (name.startsWith('t') ? '(\\d+)' : '([a-z0-9]+)') : loose[name]!
    at = match.index + match[0].length
  }
  return { shape: new RegExp(`^${source}${escape(text.slice(at))}$`), names }
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

function matchCell(expected: string, got: string): readonly (readonly [string, string])[] | undefined {
  const { shape, names } = patternOf(expected)
  const match = shape.exec(got)
  return match === null ? undefined : names.map((name, index) => [name, match[index + 1]!] as const)
}

/** What a line binds if it matches: cells are parted by two spaces or more. */
function matchLine(expected: string, got: string): readonly (readonly [string, string])[] | undefined {
  const [cells, found] = [cellsOf(expected), cellsOf(got)]
  if (cells.length !== found.length) return undefined
  const bound: (readonly [string, string])[] = []
  for (const [index, cell] of cells.entries()) {
    const more = matchCell(cell, found[index]!)
    if (more === undefined) return undefined
    bound.push(...more)
  }
  return bound
}

const cellsOf = (line: string): readonly string[] => line.trim().split(/ {2,}/)

function isConsistent(bound: readonly (readonly [string, string])[], bindings: Bindings): boolean {
  const fresh = new Map<string, string>()
  for (const [name, text] of bound) {
    if ((bindings.get(name) ?? fresh.get(name) ?? text) !== text) return false
    fresh.set(name, text)
  }
  return true
}

function commit(bound: readonly (readonly [string, string])[], bindings: Bindings): void {
  for (const [name, text] of bound) bindings.set(name, text)
}

/** Whether lines are as recorded; the scenario's tokens are bound by those that match. */
export function matchLines(
  expected: readonly Expected[],
  got: readonly string[],
  bindings: Bindings,
  isUnordered: boolean,
): boolean {
  if (isUnordered) return matchAnyOrder(expected, got, bindings)
  const walk = align(expected, got)
  if (walk === undefined) return false
  for (const bound of walk) {
    if (!isConsistent(bound, bindings)) return false
    commit(bound, bindings)
  }
  return true
}

type Bound = readonly (readonly [string, string])[]

/** Lines side by side; a loose one stands for any line or for none. */
function align(expected: readonly Expected[], got: readonly string[]): readonly Bound[] | undefined {
  const failed = new Set<number>()
  const visit = (i: number, j: number): readonly Bound[] | undefined => {
    if (i === expected.length) return j === got.length ? [] : undefined
    const key = i * 100_000 + j
    if (failed.has(key)) return undefined
    const { text, isLoose } = expected[i]!
    let result: readonly Bound[] | undefined
    if (isLoose) result = (j < got.length ? visit(i + 1, j + 1) : undefined) ?? visit(i + 1, j)
    else {
      const bound = j < got.length ? matchLine(text, got[j]!) : undefined
      const rest = bound && visit(i + 1, j + 1)
      result = rest && [bound, ...rest]
    }
    if (result === undefined) failed.add(key)
    return result
  }
  return visit(0, 0)
}

function matchAnyOrder(expected: readonly Expected[], got: readonly string[], bindings: Bindings): boolean {
  const left = [...got]
  for (const { text, isLoose } of expected) {
    const at = left.findIndex((line) => {
      const bound = isLoose ? [] : matchLine(text, line)
      return bound !== undefined && isConsistent(bound, bindings)
    })
    if (at < 0) {
      if (isLoose) continue
      return false
    }
    if (!isLoose) commit(matchLine(text, left[at]!)!, bindings)
    left.splice(at, 1)
  }
  return left.length === 0
}
