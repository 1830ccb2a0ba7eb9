import { encodeBase64, type EtcdDoor } from '#engine'
import { header } from './maintenance.ts'
import { EtcdctlError, isOn, numberOf, type Line } from './words.ts'

const compacted = 'etcdserver: mvcc: required revision has been compacted'
const future = 'etcdserver: mvcc: required revision is a future revision'

/** A value as it is shown. differs: the API server keeps protobuf, which nobody can read; here it is JSON */
const shown = (value: unknown): string => JSON.stringify(value)

interface Found {
  readonly key: string
  readonly value: unknown
  readonly createRevision?: number
  readonly modRevision?: number
  readonly version?: number
}

/** `etcdctl get KEY [--prefix]`. */
export function get(etcd: EtcdDoor, line: Line): string {
  const all = found(etcd, line)
  if (isOn(line, 'count-only'))
    return line.flags.get('write-out') === 'json'
      ? json(etcd, [], all.length)
      : all.length === 0
        ? ''
        : `${all.length}\n`
  const limit = numberOf(line, 'limit', 0)
  const kept = limit > 0 ? ordered(all, line).slice(0, limit) : ordered(all, line)
  switch (line.flags.get('write-out') ?? 'simple') {
    case 'json':
      return json(etcd, kept, all.length, isOn(line, 'keys-only'))
    case 'fields':
      return kept.map(fields).join('\n')
    case 'simple':
      return kept.map((one) => simple(one, line)).join('')
    default:
      throw new EtcdctlError('unsupported output format')
  }
}

function found(etcd: EtcdDoor, line: Line): readonly Found[] {
  const [, key] = line.words
  if (key === undefined)
    throw new EtcdctlError('get command needs one argument as key and an optional argument as range_end')
  const isPrefix = isOn(line, 'prefix')
  const revision = numberOf(line, 'rev', 0)
  if (revision === 0 || revision === etcd.revision()) return etcd.range(key, isPrefix)
  check(etcd, revision)
  return etcd.rangeAt(key, isPrefix, revision)
}

/** Refuses a revision that is no more, or not yet. */
function check(etcd: EtcdDoor, revision: number): void {
  if (revision < etcd.compacted()) throw new EtcdctlError(compacted)
  if (revision > etcd.revision()) throw new EtcdctlError(future)
}

function ordered(all: readonly Found[], { flags }: Line): readonly Found[] {
  const fields: Readonly<Record<string, (one: Found) => number>> = {
    CREATE: ({ createRevision = 0 }) => createRevision,
    MODIFY: ({ modRevision = 0 }) => modRevision,
    VERSION: ({ version = 0 }) => version,
  }
  const field = fields[(flags.get('sort-by') ?? '').toUpperCase()]
  const sorted = field === undefined ? all : [...all].sort((a, b) => field(a) - field(b))
  return (flags.get('order') ?? '').toUpperCase() === 'DESCEND' ? [...sorted].reverse() : sorted
}

function simple({ key, value }: Found, line: Line): string {
  if (isOn(line, 'keys-only')) return `${key}\n\n`
  return isOn(line, 'print-value-only') ? `${shown(value)}\n` : `${key}\n${shown(value)}\n`
}

function fields({ key, value, createRevision, modRevision, version }: Found): string {
  const text = JSON.stringify(shown(value))
  return `"Key" : ${JSON.stringify(key)}\n"CreateRevision" : ${createRevision}\n"ModRevision" : ${modRevision}\n"Version" : ${version}\n"Value" : ${text}\n"Lease" : 0\n`
}

function json(etcd: EtcdDoor, kept: readonly Found[], count: number, keysOnly = false): string {
  const kvs = kept.map(({ key, value, createRevision, modRevision, version }) => ({
    key: encodeBase64(key),
    create_revision: createRevision,
    mod_revision: modRevision,
    version,
    ...(!keysOnly && { value: encodeBase64(shown(value)) }),
  }))
  return `${JSON.stringify({ header: header(etcd), ...(kvs.length > 0 && { kvs }), count })}\n`
}

/** A watch that is asked again and again what it has to tell. */
export function watch(etcd: () => EtcdDoor, line: Line): () => string {
  const [, key] = line.words
  if (key === undefined) throw new EtcdctlError('bad number of arguments')
  const start = numberOf(line, 'rev', 0)
  if (start > 0 && start < etcd().compacted()) throw new EtcdctlError(compacted)
  let seen = start > 0 ? start - 1 : etcd().revision()
  return () => {
    const changes = etcd().changesAfter(key, isOn(line, 'prefix'), seen)
    seen = Math.max(seen, etcd().revision())
    return changes
      .map((change) => `${change.type}\n${change.key}\n${change.type === 'PUT' ? shown(change.value) : ''}\n`)
      .join('')
  }
}
