import { test } from 'vitest'
import type { Watch } from '../../src/engine/api/index.ts'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import { bareServer, isServed, type Bare, type Json, type Thing } from './api/server.ts'

interface Step {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly contentType?: string
  readonly code: number
}

interface Case extends Recording {
  readonly before: readonly Step[]
  readonly watch: { readonly path: string; readonly query: string }
  readonly steps: readonly Step[]
  readonly events: readonly Json[]
}

const only = process.env['GOLDEN']
const files = recordingsOf('watch')

test('what watchers of the real server see', () => {
  const cases = (files.get('events') ?? []) as unknown as readonly Case[]
  const lists = (files.get('lists') ?? []).filter(({ name }) =>
    name.startsWith('list-version'),
  ) as unknown as readonly ListCase[]
  settle('watch', [
    ...cases.filter(({ name }) => !only || name.includes(only)).map(play),
    ...lists.filter(({ name }) => !only || name.includes(only)).map(playList),
  ])
})

function play({ name, before, watch, steps, events }: Case): Verdict {
  const bare = bareServer()
  const start = bare.server.revision()
  const codes: number[] = []
  const run = ({ method, path, body, contentType }: Step): void => {
    codes.push(bare.send(method, path, body, contentType).code)
    bare.sim.advanceTo(bare.sim.now() + 10)
  }
  before.forEach(run)
  const stream = open(
    bare,
    watch.path,
    watch.query.replace('<last>', String(bare.server.revision())).replace('<start>', String(start)),
  )
  const seen = [...stream.take()]
  steps.forEach((step) => {
    run(step)
    seen.push(...stream.take())
  })
  bare.sim.advanceTo(bare.sim.now() + (watch.query.includes('allowWatchBookmarks') ? 60_000 : 0))
  if (watch.query.includes('allowWatchBookmarks')) seen.push(...stream.take())
  const got = { codes, events: ranked(seen as unknown as readonly { type: string; object: Thing }[]) }
  const expected = { codes: [...before, ...steps].map(({ code }) => code), events: events.map(sorted) }
  return JSON.stringify(got) === JSON.stringify(expected)
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}

function open({ server }: Bare, path: string, search: string): Watch {
  const [, namespace = '', resource = ''] = /namespaces\/([^/]+)\/([^/?]+)/.exec(path) ?? []
  const query = new URLSearchParams(search)
  const text = (name: string): Json => (query.has(name) ? { [name]: query.get(name) } : {})
  const options = {
    ...text('labelSelector'),
    ...text('fieldSelector'),
    ...text('resourceVersion'),
    ...text('resourceVersionMatch'),
    allowWatchBookmarks: query.get('allowWatchBookmarks') === 'true',
    sendInitialEvents: query.get('sendInitialEvents') === 'true',
    ...(query.has('timeoutSeconds') && { timeoutSeconds: Number(query.get('timeoutSeconds')) }),
  }
  const user = { name: 'admin', groups: ['system:masters'] }
  return server.watch({ verb: 'watch', group: '', version: 'v1', resource, namespace, options, user }, 'test')
}

const sorted = (event: Json): Json => Object.fromEntries(Object.entries(event).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Events as the recordings have them: key fields, and versions as ranks; accounts and the like are left out. */
function ranked(events: readonly { type: string; object: Thing }[]): readonly Json[] {
  const versions = [...new Set(events.map(({ object }) => Number((object.metadata as Json)['resourceVersion'])))].sort(
    (a, b) => a - b,
  )
  return events.map(({ type, object }) => {
    const {
      name,
      labels,
      finalizers,
      generation,
      annotations,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      resourceVersion,
    } = object.metadata as Json
    const { nodeName } = (object['spec'] ?? {}) as Json
    const { phase } = (object['status'] ?? {}) as Json
    const fields = {
      type,
      kind: object.kind,
      rv: versions.indexOf(Number(resourceVersion)) + 1,
      name,
      labels,
      finalizers,
      generation,
    }
    const more = {
      annotations,
      deletionTimestamp: deletionTimestamp && '<time>',
      deletionGracePeriodSeconds,
      data: object['data'],
      nodeName,
      phase,
    }
    return sorted(Object.fromEntries(Object.entries({ ...fields, ...more }).filter(([, value]) => value !== undefined)))
  })
}

interface ListCase extends Recording {
  readonly request: string
  readonly code: number
  readonly names?: readonly string[]
  readonly item0?: string
  readonly listVersion?: string
  readonly hasContinue?: boolean
  readonly remainingItemCount?: number | null
  readonly status?: Json
}

interface List {
  readonly items: readonly { metadata: { name: string }; data?: { k?: string } }[]
  readonly metadata: {
    readonly resourceVersion: string
    readonly continue?: string
    readonly remainingItemCount?: number
  }
}

function playList({
  name,
  request,
  code,
  names,
  item0,
  listVersion,
  hasContinue,
  remainingItemCount,
  status,
}: ListCase): Verdict {
  if (!isServed('ConfigMap')) return { name, is: 'skipped', why: 'ConfigMap is not served' }
  const bare = bareServer()
  for (let index = 0; index < 7; index++)
    bare.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `item-${index}`, labels: { paged: 'yes' } },
      data: { k: '1' },
    })
  const past = bare.server.revision()
  const base = '/api/v1/namespaces/default/configmaps'
  bare.send('PATCH', `${base}/item-0`, { data: { k: 'changed' } }, 'application/merge-patch+json')
  bare.send('DELETE', `${base}/item-6`)
  const path = request.replace('GET ', '').replace('PAST', String(past)).replace('FUTURE', '999999')
  const answer = bare.send('GET', path)
  if (code >= 400) {
    const text = JSON.stringify(answer.body)
      .replace('999999', '<future>')
      .replace(/current: \d+/, 'current: <rv>')
    return text.length === JSON.stringify(status).length &&
      JSON.stringify(sortDeep(JSON.parse(text))) === JSON.stringify(sortDeep(status))
      ? { name, is: 'passed' }
      : { name, is: 'failed', expected: status, got: text }
  }
  const { items, metadata } = answer.body as List
  const got = {
    code: answer.code,
    names: items.map((item) => item.metadata.name),
    item0: items[0]?.data?.k,
    listVersion: metadata.resourceVersion === String(past) ? 'PAST' : 'later than PAST',
    hasContinue: metadata.continue !== undefined,
    remainingItemCount: metadata.remainingItemCount ?? null,
  }
  const expected = { code, names, item0, listVersion, hasContinue, remainingItemCount }
  return JSON.stringify(got) === JSON.stringify(expected)
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}

function sortDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortDeep(item)]),
  )
}
