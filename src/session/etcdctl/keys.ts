import { etcdErrors, isBefore, textOf, type EtcdDoor } from '#engine'
import { badArgs, EtcdctlError, exitCodes, notSimulated } from './errors.ts'
import {
  formatOf,
  header,
  headerFields,
  jsonLine,
  keyFields,
  keyJson,
  keySimple,
  lines,
  plainFormatOf,
  type Shown,
} from './printing.ts'
import { isOn, numberOf, rangeOf, type Line } from './words.ts'

/** What a range found: its keys, of which a limit leaves only the first, and how many there are. */
export interface Found {
  readonly kvs: readonly Shown[]
  readonly count: number
}

/** `etcdctl get KEY [RANGE_END]`. */
export function get(etcd: EtcdDoor, line: Line): string {
  checkGet(line)
  const range = rangeOf(line, 'get')
  const kvs = past(etcd, numberOf(line, 'rev')) ? etcd.rangeAt(range, numberOf(line, 'rev')) : etcd.range(range)
  return formatGet(etcd, line, { kvs, count: kvs.length })
}

/** Throws what etcdctl says of a get that makes no sense. upstream: etcdctl/ctlv3/command/get_command.go getGetOp */
export function checkGet(line: Line): void {
  const { flags } = line
  rangeOf(line, 'get')
  if (isOn(line, 'keys-only') && isOn(line, 'count-only'))
    throw badArgs('`--keys-only` and `--count-only` cannot be set at the same time, choose one')
  checkConsistency(line)
  const [order = '', target = ''] = [flags.get('order'), flags.get('sort-by')]
  if (!orders.has(order.toUpperCase())) throw new EtcdctlError(`bad sort order ${order}`, exitCodes.badFeature)
  if (!targets.has(target.toUpperCase())) throw new EtcdctlError(`bad sort target ${target}`, exitCodes.badFeature)
  for (const [word, name] of [
    ['create', 'CreateRev'],
    ['mod', 'ModRev'],
  ]) {
    const [least, most] = [numberOf(line, `min-${word}-rev`), numberOf(line, `max-${word}-rev`)]
    if (most > 0 && least > most)
      throw new EtcdctlError(`getMin${name}(=${least}) > getMax${name}(=${most})`, exitCodes.badFeature)
  }
}

const orders: ReadonlySet<string> = new Set(['', 'ASCEND', 'DESCEND'])
const targets: ReadonlySet<string> = new Set(['', 'CREATE', 'KEY', 'MODIFY', 'VALUE', 'VERSION'])

/** upstream: etcdctl/ctlv3/command/util.go IsSerializable, which quotes the flag of `get` whatever command has it */
export function checkConsistency({ flags }: Line): void {
  const asked = flags.get('consistency') ?? 'l'
  if (asked !== 'l' && asked !== 's')
    throw new EtcdctlError(`unknown consistency flag ${JSON.stringify(asked)}`, exitCodes.badFeature)
}

/** Whether a range may be cut before it is sorted and sifted. */
export const isPlain = (line: Line): boolean =>
  ['order', 'sort-by', 'min-create-rev', 'max-create-rev', 'min-mod-rev', 'max-mod-rev'].every(
    (name) => !line.flags.has(name),
  )

/** What a get shows of the keys it found: `inner` is the revision of its answer within a transaction. */
export function formatGet(etcd: EtcdDoor, line: Line, found: Found, inner?: number): string {
  const isInner = inner !== undefined
  if (!isInner && isOn(line, 'count-only') && formatOf(line) !== 'fields')
    throw badArgs('--count-only is only for `--write-out=fields`')
  const valueOnly = !isInner && isOn(line, 'print-value-only')
  if (valueOnly && formatOf(line) !== 'simple') throw badArgs('print-value-only is only for `--write-out=simple`')
  const format = plainFormatOf(line)
  if (format === 'json') return jsonLine(getJson(header(etcd), line, found))
  const { kept, isMore } = selected(found, line)
  const shown = isOn(line, 'keys-only') ? kept.map((one) => ({ ...one, value: '' })) : kept
  if (format === 'simple') return shown.map((one) => keySimple(one, line, valueOnly)).join('')
  const keys = shown.map((one) => keyFields(one, line))
  return (
    headerFields(etcd, line, inner) +
    keys.join('') +
    lines([
      ['More', isMore],
      ['Count', found.count],
    ])
  )
}

/** The same as JSON, to be put into a transaction's answer, too. */
export function getJson(head: object, line: Line, found: Found): object {
  const { kept, isMore } = selected(found, line)
  const kvs = kept.map((one) => keyJson(one, isOn(line, 'keys-only')))
  return {
    header: head,
    ...(kvs.length > 0 && { kvs }),
    ...(isMore && { more: true }),
    ...(found.count > 0 && { count: found.count }),
  }
}

/** Whether a revision is gone by, and not the present one. Throws for one that cannot be read. */
function past(etcd: EtcdDoor, revision: number): boolean {
  if (revision <= 0 || revision === etcd.revision()) return false
  if (revision < etcd.compacted()) throw new EtcdctlError(etcdErrors.compacted)
  if (revision > etcd.revision()) throw new EtcdctlError(etcdErrors.future)
  return true
}

/** upstream: server/etcdserver/txn/txn.go executeRange: sifted, sorted, and then cut; the count is that of all */
function selected(found: Found, line: Line): { readonly kept: readonly Shown[]; readonly isMore: boolean } {
  if (isOn(line, 'count-only')) return { kept: [], isMore: false }
  const limit = numberOf(line, 'limit')
  const all = ordered(sifted(found.kvs, line), line)
  if (limit <= 0) return { kept: all, isMore: false }
  return { kept: all.slice(0, limit), isMore: all.length > limit || (isPlain(line) && found.count > limit) }
}

function sifted(all: readonly Shown[], line: Line): readonly Shown[] {
  const fits = (revision: number, word: string): boolean => {
    const [least, most] = [numberOf(line, `min-${word}-rev`), numberOf(line, `max-${word}-rev`)]
    return revision >= least && (most <= 0 || revision <= most)
  }
  return isPlain(line)
    ? all
    : all.filter(
        ({ createRevision = 0, modRevision = 0 }) => fits(createRevision, 'create') && fits(modRevision, 'mod'),
      )
}

function ordered(all: readonly Shown[], { flags }: Line): readonly Shown[] {
  const fields: Readonly<Record<string, (one: Shown) => number>> = {
    CREATE: ({ createRevision = 0 }) => createRevision,
    MODIFY: ({ modRevision = 0 }) => modRevision,
    VERSION: ({ version = 0 }) => version,
  }
  const target = (flags.get('sort-by') ?? '').toUpperCase()
  const field = fields[target]
  const sorted = target === 'VALUE' ? byValue(all) : field ? [...all].sort((a, b) => field(a) - field(b)) : all
  return (flags.get('order') ?? '').toUpperCase() === 'DESCEND' ? [...sorted].reverse() : sorted
}

function byValue(all: readonly Shown[]): readonly Shown[] {
  const texts = all.map((one) => ({ one, text: textOf(one.value) }))
  return texts.sort((a, b) => (isBefore(a.text, b.text) ? -1 : isBefore(b.text, a.text) ? 1 : 0)).map(({ one }) => one)
}

/** A watch that is asked again and again what it has to tell. upstream: etcdctl/ctlv3/command/watch_command.go */
export function watch(etcd: () => EtcdDoor, line: Line): () => string {
  if ((line.after?.length ?? 0) > 0) throw notSimulated('a command that etcdctl watch runs')
  if (line.words[1] === undefined) throw badArgs('bad number of arguments')
  if (line.words.length === 3 && isOn(line, 'prefix'))
    throw badArgs('`range_end` and `--prefix` are mutually exclusive')
  const format = plainFormatOf(line)
  if (format !== 'simple') throw notSimulated(`etcdctl watch --write-out=${format}`, exitCodes.badFeature)
  const range = rangeOf(line, 'watch')
  const start = numberOf(line, 'rev')
  if (start > 0 && start < etcd().compacted()) throw new EtcdctlError(etcdErrors.compacted)
  let seen = start > 0 ? start - 1 : etcd().revision()
  return () => {
    const changes = etcd().changesAfter(range, seen)
    seen = Math.max(seen, etcd().revision())
    return changes.map((change) => told(change, line)).join('')
  }
}

function told({ type, key, value, previous }: ReturnType<EtcdDoor['changesAfter']>[number], line: Line): string {
  const isShown = isOn(line, 'prev-kv') && previous !== undefined
  const before = isShown ? keySimple({ key, value: previous }, line) : ''
  return `${type}\n${before}${keySimple({ key, value: type === 'PUT' ? value : '' }, line)}`
}
