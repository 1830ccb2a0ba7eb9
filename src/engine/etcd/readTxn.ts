import { EtcdError, etcdErrors } from './errors.ts'
import { txnOpsMax, type Compare, type TxnOp, type TxnRequest } from './txn.ts'

type Fields = Readonly<Record<string, unknown>>

const targets: ReadonlySet<unknown> = new Set(['mod', 'create', 'version', 'value', 'lease'])
const results: ReadonlySet<unknown> = new Set(['=', '!=', '<', '>'])
const texts: ReadonlySet<unknown> = new Set(['value', 'lease'])

/** A transaction of a link or a tool, whose types are not taken on trust. Throws an EtcdError for what is none. */
export function readTxn(given: unknown): TxnRequest {
  const { compare, success, failure } = fieldsOf(given, 'txn')
  return {
    compare: listOf(compare, 'compare').map(readCompare),
    success: listOf(success, 'success').map(readOp),
    failure: listOf(failure, 'failure').map(readOp),
  }
}

function readCompare(given: unknown): Compare {
  const { target, result, value, ...range } = fieldsOf(given, 'txn.compare')
  const isFit = texts.has(target) ? typeof value === 'string' : typeof value === 'number'
  if (!targets.has(target) || !results.has(result) || !isFit) throw new EtcdError('fault.txn.compare is none')
  return { ...rangeOf(range), target, result, value } as Compare
}

function readOp(given: unknown): TxnOp {
  const op = fieldsOf(given, 'txn')
  if (op['do'] === 'delete') return { do: 'delete', ...rangeOf(op) }
  if (op['do'] === 'range') return { do: 'range', ...rangeOf(op), ...limitOf(op) }
  const { key, value, lease = '' } = op
  if (op['do'] !== 'put' || typeof key !== 'string' || typeof value !== 'string' || typeof lease !== 'string')
    throw new EtcdError('fault.txn has an operation that is none')
  return { do: 'put', key, value, lease }
}

function rangeOf({ key, end }: Fields): { readonly key: string; readonly end?: string } {
  if (typeof key !== 'string' || (end !== undefined && typeof end !== 'string'))
    throw new EtcdError('fault.txn must name its keys')
  return end === undefined || end === '' ? { key } : { key, end }
}

function limitOf({ limit, countOnly }: Fields): { readonly limit?: number; readonly countOnly?: boolean } {
  const isFit = limit === undefined || (Number.isSafeInteger(limit) && (limit as number) >= 0)
  if (!isFit || (countOnly !== undefined && typeof countOnly !== 'boolean'))
    throw new EtcdError('fault.txn has a range whose limit is none')
  return { ...(limit !== undefined && { limit: limit as number }), ...(countOnly === true && { countOnly }) }
}

/** Counted before anything of it is read. */
function listOf(given: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(given)) throw new EtcdError(`fault.txn.${what} must be a list`)
  if (given.length > txnOpsMax) throw new EtcdError(etcdErrors.tooManyOps)
  return given as readonly unknown[]
}

function fieldsOf(given: unknown, what: string): Fields {
  if (typeof given !== 'object' || given === null) throw new EtcdError(`fault.${what} must be an object`)
  return given as Fields
}
