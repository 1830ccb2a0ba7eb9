import { openHttp, type HttpStream } from '../../../src/engine/apiserver/http.ts'
import type { Recording, Verdict } from '../api/recordings.ts'
import { bareServer, type Bare, type Json, type Thing } from '../api/server.ts'
import { sorted, verdictOf } from './compare.ts'

interface Step {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly contentType?: string
  readonly code: number
}

/** What a watcher saw while requests were made. */
export interface EventCase extends Recording {
  readonly before: readonly Step[]
  readonly watch: { readonly path: string; readonly query: string }
  readonly steps: readonly Step[]
  readonly events: readonly Json[]
}

interface Seen {
  readonly type: string
  readonly object: Thing
}

/** Makes the requests of a recording, and compares what the watch tells. */
export function playEvents({ name, before, watch, steps, events }: EventCase): Verdict {
  const bare = bareServer()
  const start = bare.server.revision()
  const codes: number[] = []
  const run = ({ method, path, body, contentType }: Step): void => {
    codes.push(bare.send(method, path, body, contentType).code)
    bare.sim.advanceTo(bare.sim.now() + 10)
  }
  before.forEach(run)
  const query = watch.query.replace('<last>', String(bare.server.revision())).replace('<start>', String(start))
  const stream = open(bare, `${watch.path}?${query}`)
  const seen = [...eventsOf(stream)]
  steps.forEach((step) => {
    run(step)
    seen.push(...eventsOf(stream))
  })
  if (query.includes('allowWatchBookmarks')) {
    bare.sim.advanceTo(bare.sim.now() + 60_000)
    seen.push(...eventsOf(stream))
  }
  const expected = { codes: [...before, ...steps].map(({ code }) => code), events: events.map(sorted) }
  return verdictOf(name, expected, { codes, events: ranked(seen) })
}

/** Opens a watch by its path. */
export function open({ server, sim }: Bare, path: string): HttpStream {
  const stream = openHttp(server, { method: 'GET', path }, { now: sim.now }, 'test')
  if (!('take' in stream)) throw new Error(`no stream: ${JSON.stringify(stream.body)}`)
  return stream
}

/** What a stream told since the last time. */
export function eventsOf(stream: HttpStream): readonly Seen[] {
  return stream
    .take()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Seen)
}

/** Events as the recordings have them: key fields, and versions as ranks; accounts and the like are left out. */
function ranked(events: readonly Seen[]): readonly Json[] {
  const versions = [...new Set(events.map(({ object }) => Number((object.metadata as Json)['resourceVersion'])))].sort(
    (a, b) => a - b,
  )
  return events.map(({ type, object }) => {
    const metadata = object.metadata as Json
    const { name, labels, finalizers, generation, annotations, deletionTimestamp, deletionGracePeriodSeconds } =
      metadata
    const { nodeName } = (object['spec'] ?? {}) as Json
    const { phase } = (object['status'] ?? {}) as Json
    const rv = versions.indexOf(Number(metadata['resourceVersion'])) + 1
    const fields = { type, kind: object.kind, rv, name, labels, finalizers, generation, annotations }
    const more = {
      deletionTimestamp: deletionTimestamp && '<time>',
      deletionGracePeriodSeconds,
      data: object['data'],
      nodeName,
      phase,
    }
    return sorted(Object.fromEntries(Object.entries({ ...fields, ...more }).filter(([, value]) => value !== undefined)))
  })
}
