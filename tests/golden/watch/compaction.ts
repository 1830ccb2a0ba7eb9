import type { Recording, Verdict } from '../api/recordings.ts'
import { bareServer, type Json } from '../api/server.ts'
import { pick, verdictOf } from './compare.ts'
import { eventsOf, open } from './events.ts'

/** A read of an old version: `given` says whether the server was restarted since. */
export interface CompactionCase extends Recording {
  readonly given: string
  readonly request: string
  readonly code: number
  readonly names?: readonly string[]
  readonly status?: Json
  readonly eventCount?: number | string
  readonly firstEvents?: readonly Json[]
}

const base = '/api/v1/namespaces/default/configmaps'

/** Compacts past an old version, restarts the server where that was so, and reads. */
export function playCompaction(one: CompactionCase): Verdict {
  const { name, given, request, code, names, status, eventCount, firstEvents } = one
  const bare = bareServer()
  const create = (id: string): unknown =>
    bare.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id }, data: { k: '0' } })
  create('a')
  create('z')
  const old = bare.server.revision()
  const first = bare.send('GET', `${base}?limit=1`).body as { metadata: { continue?: string } }
  create('b')
  for (let index = 1; index <= 120; index++)
    bare.send('PATCH', `${base}/a`, { data: { k: String(index) } }, 'application/merge-patch+json')
  bare.server.etcd.compact(bare.server.revision())
  if (given.includes('was restarted')) {
    bare.server.setRunning(false)
    bare.server.setRunning(true)
  }
  const path = request
    .replace('GET ', '')
    .replaceAll('<old>', String(old))
    .replace('<token>', first.metadata.continue ?? '')
  const normal = (text: string): unknown =>
    JSON.parse(text.replaceAll(`version: ${old} `, 'version: <old> ').replace(/(version: \S+) \(\d+\)/g, '$1 (<rv>)'))
  if (eventCount !== undefined) {
    const events = normal(JSON.stringify(eventsOf(open(bare, path)))) as readonly Json[]
    const shown = events.slice(0, firstEvents?.length ?? 0).map((event) => told(event))
    const count = typeof eventCount === 'number' ? events.length : events.length > 100 ? 'more than 100' : events.length
    return verdictOf(name, { eventCount, firstEvents }, { eventCount: count, firstEvents: shown })
  }
  const answer = bare.send('GET', path)
  const body = normal(JSON.stringify(answer.body)) as { items?: readonly { metadata: { name: string } }[] }
  const got = {
    code: answer.code,
    ...(names !== undefined && { names: body.items?.map((item) => item.metadata.name) }),
    ...(status !== undefined && { status: withoutToken(body as Json) }),
  }
  return verdictOf(name, { code, ...pick(one, ['names']), ...(status && { status: withoutToken(status) }) }, got)
}

function told({ type, object }: Json): Json {
  const { kind, metadata } = object as { kind: string; metadata: Json }
  return kind === 'Status' ? { type, status: object } : { type, name: metadata['name'] }
}

/** A token to go on with is a new one each time. */
function withoutToken(status: Json): Json {
  const metadata = status['metadata'] as Json
  return metadata['continue'] === undefined ? status : { ...status, metadata: { continue: '<token>' } }
}
