import { parseType, type CelType } from '../types.ts'
import { kindOf, type Value } from '../values.ts'

/** One form of a function: what it takes, what it gives, and how. */
export interface Overload {
  readonly isMember: boolean
  /** a member's own type first */
  readonly params: readonly CelType[]
  readonly result: CelType
  readonly run: (...values: Value[]) => Value
}

/** Functions by their signatures: `'string.startsWith(string) bool': (text, start) => …`. */
export type Functions = Readonly<Record<string, (...values: never[]) => Value>>

/** Reads signatures into a table by name. */
export function tableOf(...all: readonly Functions[]): ReadonlyMap<string, readonly Overload[]> {
  const table = new Map<string, Overload[]>()
  for (const functions of all)
    for (const [signature, run] of Object.entries(functions)) {
      const [name, overload] = parse(signature, run as Overload['run'])
      const known = table.get(name)
      if (known) known.push(overload)
      else table.set(name, [overload])
    }
  return table
}

/** Functions whose names have a dot of their own. */
const namespaced = /^(optional|lists|sets|format|ip|strings|jsonpatch)\.\w+$/

function parse(signature: string, run: Overload['run']): readonly [name: string, overload: Overload] {
  const close = closing(signature)
  const open = opening(signature, close)
  const head = signature.slice(0, open)
  const dot = head.lastIndexOf('.')
  const isMember = dot > 0 && !namespaced.test(head)
  const name = isMember ? head.slice(dot + 1) : head
  const given = signature.slice(open + 1, close)
  const params = given === '' ? [] : split(given).map(parseType)
  return [
    name,
    {
      isMember,
      params: isMember ? [parseType(head.slice(0, dot)), ...params] : params,
      result: parseType(signature.slice(close + 2)),
      run,
    },
  ]
}

/** The parenthesis that closes the parameters: the last one that a space and the result follow. */
const closing = (signature: string): number => signature.search(/\) [^ ]*(\(.*\))?$/)

function opening(signature: string, close: number): number {
  let depth = 0
  for (let at = close; at >= 0; at--) {
    if (signature[at] === ')') depth++
    if (signature[at] === '(' && --depth === 0) return at
  }
  return -1
}

function split(params: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at <= params.length; at++) {
    if (params[at] === '(') depth++
    if (params[at] === ')') depth--
    if (at === params.length || (params[at] === ',' && depth === 0)) {
      parts.push(params.slice(from, at).trim())
      from = at + 1
    }
  }
  return parts
}

/** Whether a value may be handed to a parameter, as far as one can see at run time. */
export function takes(param: CelType, value: Value): boolean {
  const kind = kindOf(value)
  if (param.kind === 'dyn' || param.kind === 'param') return true
  if (param.kind === 'object') return kind === 'map'
  if (param.kind === 'opaque') return kind === (param.name === 'optional_type' ? 'optional' : param.name)
  return kind === param.kind
}
