import type { Compare, TxnRequest } from '#engine'
import { EtcdctlError, exitCodes, NotSimulatedError } from './errors.ts'
import { operations as known } from './tree.ts'
import { notANumber, readLine, type Line } from './words.ts'
import { leaseOf } from './leaseCommands.ts'
import { operationOf } from './writing.ts'

// upstream: etcdctl/ctlv3/command/txn_command.go, util.go Argify

/** A transaction as somebody wrote it, with the lines of its operations: they say what is to be shown. */
export interface TxnText {
  readonly txn: TxnRequest
  readonly success: readonly Line[]
  readonly failure: readonly Line[]
}

/** What is asked for before each part in interactive mode. */
export const prompts = [
  'compares:\n',
  'success requests (get, put, del):\n',
  'failure requests (get, put, del):\n',
] as const

/** How many of the three parts are there: each ends with an empty line. */
export function partsIn(text: string): number {
  const whole = text.split('\n').slice(0, -1)
  return Math.min(prompts.length, whole.filter((line) => line.trim() === '').length)
}

/** Reads compares, what to do if they hold, and what if not. Throws what etcdctl says of a text that is none. */
export function readTxnText(text: string): TxnText {
  const parts: string[][] = [[]]
  for (const line of text.split('\n').slice(0, -1)) {
    if (parts.length > prompts.length) break
    if (line.trim() === '') parts.push([])
    else parts[parts.length - 1]!.push(line.trim())
  }
  const [compares = [], success = [], failure = []] = parts
  const compare = compares.map(readCompare)
  const [then, otherwise] = [success.map(readOperation), failure.map(readOperation)]
  if (parts.length <= prompts.length) throw bad('EOF')
  const operations = (lines: readonly Line[]): TxnRequest['success'] => lines.map((line) => operationOf(line))
  const txn = { compare, success: operations(then), failure: operations(otherwise) }
  return { txn, success: then, failure: otherwise }
}

const bad = (message: string): EtcdctlError => new EtcdctlError(message, exitCodes.invalidInput)

const quoted = '"(?:[^"\\\\]|\\\\.)*"|`[^`]*`'
const comparison = new RegExp(`^\\s*(${quoted})\\)\\s*(\\S+)\\s+(${quoted})`)

const targets: Readonly<Record<string, Compare['target']>> = {
  ver: 'version',
  version: 'version',
  c: 'create',
  create: 'create',
  m: 'mod',
  mod: 'mod',
  val: 'value',
  value: 'value',
  lease: 'lease',
}

function readCompare(line: string): Compare {
  const at = line.indexOf('(')
  if (at < 0) throw bad(`malformed comparison: ${line}`)
  const word = line.slice(0, at)
  const match = comparison.exec(line.slice(at + 1))
  if (match === null) throw bad(`malformed comparison: ${line}; got ${word}("")  ""`)
  const [key, result, text] = [unquoted(match[1]!), match[2]!, unquoted(match[3]!)]
  const target = Object.hasOwn(targets, word) ? targets[word] : undefined
  if (target === undefined) throw bad(`malformed comparison: ${line} (unknown target ${word})`)
  if (!isResult(result)) throw bad(`malformed comparison: ${line}; got ${word}(${match[1]}) ${result} ${match[3]}`)
  return { key, target, result, value: operandOf(target, text, line) }
}

const isResult = (text: string): text is Compare['result'] => ['=', '!=', '<', '>'].includes(text)

function operandOf(target: Compare['target'], text: string, line: string): number | string {
  if (target === 'value') return text
  if (target === 'lease') {
    if (!/^[0-9a-f]+$/i.test(text)) throw bad(`invalid txn compare request: ${line}`)
    const id = leaseOf(text, notANumber(text))
    return /^0+$/.test(id) ? '' : id
  }
  if (!/^[+-]?\d+$/.test(text)) throw bad(`invalid txn compare request: ${line}`)
  return Number(text)
}

function readOperation(text: string): Line {
  const words = argify(text)
  if (words.length < 2) throw bad(`invalid txn compare request: ${text}`)
  try {
    const { path, line } = readLine(words, known)
    if (path.length === 1) throw bad(text)
    return line
  } catch (error) {
    const isOurs = !(error instanceof EtcdctlError) || error instanceof NotSimulatedError
    throw isOurs ? error : bad(`invalid txn request: ${text}`)
  }
}

function argify(text: string): readonly string[] {
  const words = text.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^'"\s]\S*[^'"\s]?/g) ?? []
  return words.map((word) => (word.startsWith("'") ? word.slice(1, -1) : word.startsWith('"') ? unquoted(word) : word))
}

/** A text in Go's quotes. */
function unquoted(word: string): string {
  if (word.startsWith('`')) return word.slice(1, -1)
  try {
    return JSON.parse(word) as string
  } catch {
    throw bad('invalid syntax')
  }
}
