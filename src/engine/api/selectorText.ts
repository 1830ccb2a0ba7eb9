import { isLabelValue, isQualifiedName } from './content.ts'
import { badRequest, quote } from './errors.ts'
import { int64, type Requirement } from './selectors.ts'

/** Parses `app=web,tier!=db,env in (a,b),!legacy,canary`. Throws a 400 as the API server words it. */
// upstream: staging/src/k8s.io/apimachinery/pkg/labels/selector.go
export function parseLabelSelector(text: string): readonly Requirement[] {
  const tokens = tokensOf(text)
  const requirements: Requirement[] = []
  if (tokens[0] === '') return requirements
  if (!opens(tokens[0]!)) throw badRequest(`found '${tokens[0]}', expected: !, identifier, or 'end of string'`)
  for (let at = 0; ;) {
    const [requirement, next] = parseRequirement(tokens, at)
    requirements.push(requirement)
    if (tokens[next] === '') return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    if (tokens[next] !== ',') throw badRequest(`found '${tokens[next]}', expected: ',' or 'end of string'`)
    at = next + 1
    if (!opens(tokens[at]!)) throw badRequest(`found '${tokens[at]}', expected: identifier after ','`)
  }
}

/** Words and symbols, and an empty one for the end. */
function tokensOf(text: string): readonly string[] {
  return [...(text.match(/==|!=|[=!<>(),]|[^ \t\r\n=!<>(),]+/g) ?? []), '']
}

const isWord = (token: string): boolean => token !== '' && !/^(==|!=|[=!<>(),])$/.test(token)

/** Whether a requirement can begin with a token. */
const opens = (token: string): boolean => token === '!' || isWord(token)

const unreadable = (why: string): Error => badRequest(`unable to parse requirement: ${why}`)

const comparisons: ReadonlyMap<string, Requirement['operator']> = new Map([
  ['=', 'in'],
  ['==', 'in'],
  ['!=', 'notin'],
  ['>', 'gt'],
  ['<', 'lt'],
])

type Parsed = [requirement: Requirement, next: number]

function parseRequirement(tokens: readonly string[], start: number): Parsed {
  const isDenied = tokens[start] === '!'
  const key = tokens[isDenied ? start + 1 : start]!
  if (!isWord(key)) throw unreadable(`found '${key}', expected: identifier`)
  const bad = isQualifiedName(key)
  if (bad.length > 0) throw unreadable(`<nil>: Invalid value: ${quote(key)}: ${bad.join('; ')}`)
  if (isDenied) return [{ key, operator: '!', values: [] }, start + 2]
  const word = tokens[start + 1]!
  if (word === '' || word === ',') return [{ key, operator: 'exists', values: [] }, start + 1]
  if (word === 'in' || word === 'notin') return parseSet(tokens, start + 2, key, word)
  const operator = comparisons.get(word)
  if (operator === undefined) throw unreadable(`found '${word}', expected: in, notin, =, ==, !=, gt, lt`)
  const value = tokens[start + 2]!
  if (value === '' || value === ',') return [checked({ key, operator, values: [''] }), start + 2]
  if (!isWord(value)) throw unreadable(`found '${value}', expected: identifier`)
  return [checked({ key, operator, values: [value] }), start + 3]
}

function parseSet(tokens: readonly string[], start: number, key: string, operator: 'in' | 'notin'): Parsed {
  if (tokens[start] !== '(') throw unreadable(`found '${tokens[start]}' expected: '('`)
  const first = tokens[start + 1]!
  if (first === ')') return [checked({ key, operator, values: [''] }), start + 2]
  if (first !== ',' && !isWord(first)) throw unreadable(`found '${first}', expected: ',', ')' or identifier`)
  const values = new Set<string>()
  let at = start + 1
  for (; tokens[at] !== ')'; at++) readItem(values, tokens[at]!, tokens[at + 1]!)
  return [checked({ key, operator, values: [...values].sort() }), at + 1]
}

/** Takes a word or a comma of a set; where nothing stands between commas, the empty value does. */
function readItem(values: Set<string>, token: string, after: string): void {
  if (isWord(token)) {
    values.add(token)
    if (after !== ',' && after !== ')') throw unreadable(`found '${after}', expected: ',' or ')'`)
  } else if (token === ',') {
    if (values.size === 0 || after === ',' || after === ')') values.add('')
  } else throw unreadable(`found '${token}', expected: ',', or identifier`)
}

// upstream: labels.NewRequirement
function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement
  const errors: string[] = []
  if ((operator === 'gt' || operator === 'lt') && int64(values[0]) === undefined)
    errors.push(
      `values[0]: Invalid value: ${quote(values[0]!)}: for 'Gt', 'Lt' operators, the value must be an integer`,
    )
  values.forEach((value, index) => {
    const bad = isLabelValue(value)
    if (bad.length > 0) errors.push(`values[${index}][${key}]: Invalid value: ${quote(value)}: ${bad.join('; ')}`)
  })
  if (errors.length > 0) throw unreadable(errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`)
  return requirement
}

/** One term of a field selector. */
export interface FieldTerm {
  readonly field: string
  readonly value: string
  readonly equals: boolean
}

/** Parses `spec.nodeName=node-1,status.phase!=Running`, in the order of the terms' text. Throws a 400 as the API server words it. */
// upstream: staging/src/k8s.io/apimachinery/pkg/fields/selector.go
export function parseFieldSelector(text: string): readonly FieldTerm[] {
  if (text === '') return []
  return splitTerms(text)
    .sort()
    .flatMap((part) => termsIn(text, part))
}

/** At its commas, but for those behind a backslash. */
const splitTerms = (text: string): string[] => text.match(/(?:\\[^]|[^,\\]|\\$)+/g) ?? []

function termsIn(text: string, part: string): readonly FieldTerm[] {
  const match = /^([^]*?)(!=|==|=)([^]*)$/.exec(part)
  if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
  const [, field = '', operator, given = ''] = match
  const value = unescaped(given)
  // without a field and a value nothing is asked for
  if (field === '' && value === '') return []
  return [{ field, value, equals: operator !== '!=' }]
}

function unescaped(value: string): string {
  return value.replace(/\\([^]?)|[,=]/gu, (found, escaped?: string) => {
    if (escaped === undefined)
      throw badRequest(`invalid field selector: unescaped character in value: ${found.codePointAt(0)}`)
    if (escaped === '' || !'\\,='.includes(escaped))
      throw badRequest(`invalid field selector: invalid escape sequence: ${found}`)
    return escaped
  })
}
