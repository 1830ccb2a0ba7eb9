import { etcdErrors, textOf, type EtcdDoor } from '#engine'
import {
  formatOf,
  header,
  headerFields,
  jsonLine,
  keyFields,
  keyJson,
  keySimple,
  lines,
  type Shown,
} from './printing.ts'
import { badArgs, EtcdctlError, isOn, numberOf, rangeOf, type Line } from './words.ts'

/** `etcdctl get KEY [RANGE_END]`. */
export function get(etcd: EtcdDoor, line: Line): string {
  return formatGet(etcd, line, found(etcd, line))
}

/** What a get shows of the keys it found: `inner` is the revision of its answer within a transaction. */
export function formatGet(etcd: EtcdDoor, line: Line, all: readonly Shown[], inner?: number): string {
  const isCount = isOn(line, 'count-only')
  const format = formatOf(line)
  if (isCount && format !== 'fields') throw badArgs('--count-only is only for `--write-out=fields`')
  const kept = isCount ? [] : selected(all, line)
  if (format === 'json') return jsonLine(getJson(header(etcd), line, all))
  if (format === 'simple') return kept.map((one) => simple(one, line)).join('')
  const more = ['More', kept.length < all.length && !isCount] as const
  const keys = kept.map((one) => keyFields(isOn(line, 'keys-only') ? { ...one, value: '' } : one))
  return headerFields(etcd, inner) + keys.join('') + lines([more, ['Count', all.length]])
}

/** The same as JSON, to be put into a transaction's answer, too. */
export function getJson(head: object, line: Line, all: readonly Shown[]): object {
  const kept = selected(all, line)
  const kvs = kept.map((one) => keyJson(one, isOn(line, 'keys-only')))
  return {
    header: head,
    ...(kvs.length > 0 && { kvs }),
    ...(kept.length < all.length && { more: true }),
    ...(all.length > 0 && { count: all.length }),
  }
}

function found(etcd: EtcdDoor, line: Line): readonly Shown[] {
  const range = rangeOf(line, 'get')
  const revision = numberOf(line, 'rev', 0)
  if (revision === 0 || revision === etcd.revision()) return etcd.range(range)
  if (revision < etcd.compacted()) throw new EtcdctlError(etcdErrors.compacted)
  if (revision > etcd.revision()) throw new EtcdctlError(etcdErrors.future)
  return etcd.rangeAt(range, revision)
}

function selected(all: readonly Shown[], line: Line): readonly Shown[] {
  const limit = numberOf(line, 'limit', 0)
  return limit > 0 ? ordered(all, line).slice(0, limit) : ordered(all, line)
}

function ordered(all: readonly Shown[], { flags }: Line): readonly Shown[] {
  const fields: Readonly<Record<string, (one: Shown) => number>> = {
    CREATE: ({ createRevision = 0 }) => createRevision,
    MODIFY: ({ modRevision = 0 }) => modRevision,
    VERSION: ({ version = 0 }) => version,
  }
  const field = fields[(flags.get('sort-by') ?? '').toUpperCase()]
  const sorted = field === undefined ? all : [...all].sort((a, b) => field(a) - field(b))
  return (flags.get('order') ?? '').toUpperCase() === 'DESCEND' ? [...sorted].reverse() : sorted
}

function simple(one: Shown, line: Line): string {
  if (isOn(line, 'keys-only')) return `${one.key}\n\n`
  return isOn(line, 'print-value-only') ? `${textOf(one.value)}\n` : keySimple(one)
}

/** A watch that is asked again and again what it has to tell. */
export function watch(etcd: () => EtcdDoor, line: Line): () => string {
  if (line.words[1] === undefined) throw badArgs('bad number of arguments')
  const range = rangeOf(line, 'watch')
  const start = numberOf(line, 'rev', 0)
  if (start > 0 && start < etcd().compacted()) throw new EtcdctlError(etcdErrors.compacted)
  let seen = start > 0 ? start - 1 : etcd().revision()
  return () => {
    const changes = etcd().changesAfter(range, seen)
    seen = Math.max(seen, etcd().revision())
    return changes.map((change) => told(change, isOn(line, 'prev-kv'))).join('')
  }
}

function told(
  { type, key, value, previous }: ReturnType<EtcdDoor['changesAfter']>[number],
  tellsBefore: boolean,
): string {
  const before = tellsBefore && previous !== undefined ? keySimple({ key, value: previous }) : ''
  return `${type}\n${before}${keySimple({ key, value: type === 'PUT' ? value : '' })}`
}
