import { EtcdError, etcdErrors } from './errors.ts'
import { isBefore, isWithin, root, type KeyRange } from './keys.ts'
import type { KeyValue } from './keyspace.ts'

/** One condition: what each key of the range must be. A key that is not there has the revision, version and lease 0. */
export interface Compare extends KeyRange {
  readonly target: 'mod' | 'create' | 'version' | 'value' | 'lease'
  readonly result: '=' | '!=' | '<' | '>'
  /** a number for revisions and versions; a text for values, and for leases: the id in sixteen hexadecimal digits, empty for none */
  readonly value: number | string
}

/** One operation of a transaction. */
export type TxnOp =
  | ({ readonly do: 'range'; readonly limit?: number; readonly countOnly?: boolean } & KeyRange)
  | { readonly do: 'put'; readonly key: string; readonly value: string; readonly lease?: string }
  | ({ readonly do: 'delete' } & KeyRange)

/** What happens all at once: if every condition holds `success`, else `failure`. */
export interface TxnRequest {
  readonly compare: readonly Compare[]
  readonly success: readonly TxnOp[]
  readonly failure: readonly TxnOp[]
}

/** What one operation gave: keys found, the key before a put, the keys that were deleted. */
export interface TxnAnswer {
  readonly do: TxnOp['do']
  /** of the store after the operation */
  readonly revision: number
  readonly kvs: readonly KeyValue[]
  /** how many keys there are; a range with a limit, or that only counts, tells fewer */
  readonly count: number
}

/** What a transaction gave. */
export interface TxnResponse {
  readonly succeeded: boolean
  /** of the store afterwards: all writes of the transaction share it */
  readonly revision: number
  readonly answers: readonly TxnAnswer[]
}

/** upstream: server/embed/config.go DefaultMaxTxnOps */
export const txnOpsMax = 128
/** upstream: server/embed/config.go DefaultMaxRequestBytes */
export const requestBytesMax = 1.5 * 1024 * 1024
/** What an operation takes beside its key and value, about. */
const opBytes = 16

/** Throws an EtcdError for a request that may not be. upstream: server/etcdserver/api/v3rpc/key.go checkTxnRequest, checkIntervals */
export function checkTxn({ compare, success, failure }: TxnRequest): void {
  if (Math.max(compare.length, success.length, failure.length) > txnOpsMax) throw new EtcdError(etcdErrors.tooManyOps)
  for (const list of [compare, success, failure])
    for (const { key } of list) if (key === '') throw new EtcdError(etcdErrors.emptyKey)
  for (const ops of [success, failure]) checkKeys(ops)
  const bytes = [...compare, ...success, ...failure].reduce((sum, one) => sum + bytesOf(one), 0)
  if (bytes > requestBytesMax) throw new EtcdError(etcdErrors.tooLarge)
}

/** No key may be put twice, or put and deleted; deletes may overlap. */
function checkKeys(ops: readonly TxnOp[]): void {
  const puts = ops.filter((op) => op.do === 'put').map(({ key }) => key)
  const isDeleted = (key: string): boolean => ops.some((op) => op.do === 'delete' && isWithin(op, key))
  if (new Set(puts).size < puts.length || puts.some(isDeleted)) throw new EtcdError(etcdErrors.duplicateKey)
  // differs: values below /registry are objects, and only the API server makes them
  if (puts.some((key) => key.startsWith(root))) throw new EtcdError(notSimulated)
}

/** Said to whoever would put a key of the API server. */
const notSimulated =
  'putting keys below /registry/ is not simulated: there the API server keeps its objects, as protobuf; change them with kubectl'

function bytesOf(one: Compare | TxnOp): number {
  const value = 'value' in one ? byteLength(String(one.value)) : 0
  const end = 'end' in one ? byteLength(one.end ?? '') : 0
  return opBytes + byteLength(one.key) + end + value
}

/** How long a text is in UTF-8. */
export function byteLength(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    // half of a pair stands for two of its four bytes
    if (code > 0x7f) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2
  }
  return bytes
}

/** What a condition sees of a key that is not there. */
export const absent: KeyValue = Object.freeze({
  type: 'DELETE',
  key: '',
  place: '',
  revision: 0,
  value: '',
  previous: undefined,
  createRevision: 0,
  modRevision: 0,
  version: 0,
  lease: '',
  aside: undefined,
})

/** Whether a condition holds for a key. */
export function isSo({ target, result, value }: Compare, found: KeyValue): boolean {
  switch (target) {
    case 'mod':
      return relates(found.modRevision, result, value)
    case 'create':
      return relates(found.createRevision, result, value)
    case 'version':
      return relates(found.version, result, value)
    case 'value':
      return relates(textOf(found.value), result, value)
    case 'lease':
      return relates(found.lease, result, value)
  }
}

function relates(actual: number | string, result: Compare['result'], wanted: number | string): boolean {
  if (result === '=') return actual === wanted
  if (result === '!=') return actual !== wanted
  if (typeof actual === 'string' && typeof wanted === 'string')
    return result === '<' ? isBefore(actual, wanted) : isBefore(wanted, actual)
  return result === '<' ? actual < wanted : actual > wanted
}

/** A value as a text: those of the API server are objects. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
