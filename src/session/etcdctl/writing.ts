import type { EtcdDoor, KeyValue, TxnAnswer, TxnOp, TxnResponse } from '#engine'
import type { Ask } from './leaseCommands.ts'
import { leaseOf } from './leaseCommands.ts'
import { badArgs } from './errors.ts'
import { checkGet, formatGet, getJson, isPlain } from './keys.ts'
import {
  header,
  headerFields,
  jsonLine,
  keyFields,
  keyJson,
  keySimple,
  lines,
  plainFormatOf,
  type Format,
} from './printing.ts'
import { isOn, numberOf, rangeOf, type Line } from './words.ts'

const putArgs = 'put command needs 1 argument and input from stdin or 2 arguments'

/** What a line of `get`, `put` or `del` asks for, alone or in a transaction. */
export function operationOf(line: Line, stdin?: string): TxnOp {
  const [command, key, given] = line.words
  if (command === 'get') {
    checkGet(line)
    const limit = isPlain(line) ? Math.max(0, numberOf(line, 'limit')) : 0
    const isCount = isOn(line, 'count-only')
    return { do: 'range', ...rangeOf(line, 'get'), ...(limit > 0 && { limit }), ...(isCount && { countOnly: true }) }
  }
  if (command === 'del') return { do: 'delete', ...rangeOf(line, 'del') }
  const value = given ?? stdin
  if (key === undefined || value === undefined) throw badArgs(putArgs)
  const id = leaseOf(line.flags.get('lease') ?? '0', 'bad lease ID')
  return { do: 'put', key, value, lease: /^0+$/.test(id) ? '' : id }
}

/** `etcdctl put KEY VALUE` and `etcdctl del KEY`, each a transaction of one operation. */
export function write(etcd: EtcdDoor, line: Line, ask: Ask, stdin?: string): string {
  const txn = { compare: [], success: [operationOf(line, stdin)], failure: [] }
  const { answers } = ask({ do: 'txn', txn }) as TxnResponse
  return formatAnswer(etcd, { line, answer: answers[0]!, format: plainFormatOf(line) })
}

interface Answered {
  readonly line: Line
  readonly answer: TxnAnswer
  readonly format: Exclude<Format, 'table'>
  /** the answer is part of a transaction's */
  readonly isInner?: boolean
}

/** What one operation gave, as text. */
export function formatAnswer(etcd: EtcdDoor, { line, answer, format, isInner = false }: Answered): string {
  const inner = isInner ? answer.revision : undefined
  if (answer.do === 'range') return formatGet(etcd, line, answer, inner)
  const before = isOn(line, 'prev-kv') ? answer.kvs : []
  if (format === 'json') return jsonLine(answerJson(header(etcd), line, answer))
  if (format === 'simple') {
    const first = answer.do === 'put' ? 'OK' : String(answer.kvs.length)
    return `${first}\n${before.map((each) => keySimple(each, line)).join('')}`
  }
  const count = answer.do === 'delete' ? lines([['Deleted', answer.kvs.length]]) : ''
  return headerFields(etcd, line, inner) + count + before.map((each) => keyFields(each, line, 'Prev')).join('')
}

/** The same as JSON. */
export function answerJson(head: object, line: Line, answer: TxnAnswer): object {
  if (answer.do === 'range') return getJson(head, line, answer)
  const before = isOn(line, 'prev-kv') ? answer.kvs.map((each: KeyValue) => keyJson(each)) : []
  if (answer.do === 'put') return { header: head, ...(before.length > 0 && { prev_kv: before[0] }) }
  const deleted = answer.kvs.length
  return { header: head, ...(deleted > 0 && { deleted }), ...(before.length > 0 && { prev_kvs: before }) }
}
