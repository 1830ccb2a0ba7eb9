import { expect, test } from 'vitest'
import { bareServer, pathOf, type Bare, type Thing } from '../golden/api/server.ts'
import { anyJunk, createChance, mutated, type Chance } from './chance.ts'
import { recordedManifests } from './seeds.ts'

const isLong = process.env['DRYDOCK_LONG'] !== undefined
const count = Number(process.env['FUZZ_COUNT'] ?? (isLong ? 100_000 : 2_000))
const seed = Number(process.env['FUZZ_SEED'] ?? 1)
const slowMs = 5_000

const seeds: readonly Seed[] = recordedManifests().map((body) => ({ body, path: pathOf(body, 'default') }))

interface Seed {
  readonly body: Thing
  readonly path: string
}

const widgets: Thing = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.fuzz.example.com' },
  spec: {
    group: 'fuzz.example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  replicas: { type: 'integer', minimum: 0, default: 1 },
                  size: { 'x-kubernetes-int-or-string': true },
                  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: { type: 'string' }, n: { type: 'number' } },
                    },
                  },
                  tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
                },
                'x-kubernetes-validations': [{ rule: 'self.replicas < 10', message: 'too many' }],
              },
              status: { type: 'object', properties: { replicas: { type: 'integer' } } },
            },
          },
        },
      },
    ],
  },
}

const widget: Seed = {
  path: '/apis/fuzz.example.com/v1/namespaces/default/widgets',
  body: {
    apiVersion: 'fuzz.example.com/v1',
    kind: 'Widget',
    metadata: { name: 'one' },
    spec: { replicas: 2, size: '3', any: { a: [1] }, parts: [{ name: 'a', n: 1 }], tags: ['x'] },
  },
}

interface Shot {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly type?: string
}

const patchTypes = ['json-patch+json', 'merge-patch+json', 'strategic-merge-patch+json', 'apply-patch+yaml']
const doors = [
  '',
  '',
  '',
  'status',
  'scale',
  'binding',
  'eviction',
  'finalize',
  'resize',
  'ephemeralcontainers',
  'token',
  'approval',
  'x',
]
const queries = [
  '',
  '',
  '?dryRun=All',
  '?fieldValidation=Strict',
  '?fieldValidation=Ignore&fieldManager=fuzz',
  '?fieldManager=a&force=true',
  '?fieldManager=b',
  '?force=x&fieldManager=%00',
  '?dryRun=x',
]
const listQueries = [
  '',
  '?limit=2',
  '?limit=x',
  '?labelSelector=a%3Db',
  '?labelSelector=a%20in%20(',
  '?fieldSelector=metadata.name%3Dx',
  '?fieldSelector=spec.x%3D1',
  '?resourceVersion=1',
  '?resourceVersion=999999',
  '?resourceVersion=x&resourceVersionMatch=Exact',
  '?continue=abc',
  '?watch=true&resourceVersion=1',
  '?watch=1',
]

/** A world whose things are shot at; it is replaced now and then, so that it stays small. */
interface Range {
  readonly bare: Bare
  readonly paths: string[]
}

function createRange(): Range {
  const bare = bareServer()
  bare.create(widgets)
  const paths: string[] = []
  for (const name of ['one', 'two']) {
    const { code } = bare.send('POST', widget.path, { ...widget.body, metadata: { name } })
    if (code === 201) paths.push(`${widget.path}/${name}`)
  }
  return { bare, paths }
}

function nextShot(chance: Chance, range: Range): Shot {
  const known = range.paths.length > 0 && !chance.once(3)
  if (!known) return creation(chance)
  const path = chance.pick(range.paths)
  const door = chance.pick(doors)
  const at = door === '' ? path : `${path}/${door}`
  switch (chance.int(8)) {
    case 0:
      return {
        method: 'GET',
        path: chance.once(2) ? at : path.slice(0, path.lastIndexOf('/')) + chance.pick(listQueries),
      }
    case 1:
      return { method: 'DELETE', path, body: chance.once(2) ? deletion(chance) : undefined }
    case 2:
      return { method: 'POST', path: at + chance.pick(queries), body: bodyFor(chance, range, at) }
    case 3:
      return { method: 'PUT', path: at + chance.pick(queries), body: bodyFor(chance, range, at) }
    default:
      return patchShot(chance, range, at)
  }
}

function creation(chance: Chance): Shot {
  const { body, path } = chance.once(20) ? widget : chance.pick(seeds)
  return { method: 'POST', path: path + chance.pick(queries), body: chance.once(4) ? body : mutated(chance, body) }
}

const deletion = (chance: Chance): unknown =>
  mutated(chance, {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    gracePeriodSeconds: chance.pick([0, 1, 30]),
    propagationPolicy: chance.pick(['Foreground', 'Orphan', 'Background']),
    preconditions: { uid: 'x' },
  })

function bodyFor(chance: Chance, { bare }: Range, path: string): unknown {
  const live = bare.send('GET', path).body
  return chance.once(10) ? anyJunk(chance) : mutated(chance, live ?? {})
}

function patchShot(chance: Chance, range: Range, path: string): Shot {
  const type = chance.pick(patchTypes)
  const live = (range.bare.send('GET', path).body ?? {}) as Thing
  const body =
    type === 'json-patch+json'
      ? operations(chance, live)
      : type === 'apply-patch+yaml'
        ? chance.once(2)
          ? mutated(chance, chance.pick(seeds).body)
          : applicable(chance, live)
        : partOf(chance, mutated(chance, live))
  return { method: 'PATCH', path: path + chance.pick(queries), body, type: `application/${type}` }
}

/** A live object as an applier would send it back, a little changed. */
function applicable(chance: Chance, live: Thing): unknown {
  const {
    managedFields: _owners,
    resourceVersion: _version,
    ...metadata
  } = (live.metadata ?? {}) as Record<string, unknown>
  return mutated(chance, { ...live, metadata })
}

function partOf(chance: Chance, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).filter(() => !chance.once(2))
  return Object.fromEntries(entries.map(([key, inner]) => [key, chance.once(3) ? inner : partOf(chance, inner)]))
}

function operations(chance: Chance, live: unknown): unknown {
  const paths = pointersIn(live)
  return Array.from({ length: 1 + chance.int(3) }, () => {
    const operation = {
      op: chance.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']),
      path: chance.pick(paths),
      from: chance.pick(paths),
      value: anyJunk(chance),
    }
    return chance.once(8) ? mutated(chance, operation) : operation
  })
}

function pointersIn(value: unknown, path = ''): string[] {
  const own = [path, `${path}/-`, `${path}/x`, `${path}/0`, `${path}/-1`, `${path}/__proto__`]
  if (typeof value !== 'object' || value === null) return own
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, inner]) => pointersIn(inner, `${path}/${key.replace(/\//g, '~1')}`)),
  ]
}

/** What a shot did that no request may do; undefined if it was answered as it should be. */
function fire({ bare, paths }: Range, { method, path, body, type }: Shot): string | undefined {
  const before = { revision: bare.server.revision(), objects: bare.server.objectCount() }
  const startedAt = performance.now()
  try {
    const { code, body: answer } = bare.send(method, path, body, type)
    if (performance.now() - startedAt > slowMs) return 'slow'
    if (code >= 400) {
      if (typeof answer === 'object' && answer !== null && (answer as Thing).kind !== 'Status')
        return 'a refusal without a Status'
      if (bare.server.revision() !== before.revision) return `refused with ${code}, but written`
      if (bare.server.objectCount() !== before.objects) return `refused with ${code}, but objects changed`
    } else if (path.includes('dryRun=All') && bare.server.revision() !== before.revision) return 'a dry run wrote'
    else if (method === 'POST' && code === 201) {
      const { metadata } = answer as Thing
      if (metadata?.name !== undefined && !path.includes('dryRun'))
        paths.push(`${path.split('?')[0]!}/${metadata.name}`)
    }
    return undefined
  } catch (error) {
    const lines = ((error as Error).stack ?? String(error)).split('\n')
    return [lines[0], ...lines.filter((line) => line.includes('/src/')).slice(0, 3)].join('\n')
  }
}

test(`${count} mutated requests are answered, and a refusal changes nothing`, { timeout: 3_600_000 }, () => {
  const chance = createChance(seed)
  const findings = new Map<string, { readonly times: number; readonly shot: Shot }>()
  let range = createRange()
  for (let index = 0; index < count; index++) {
    if (index % 500 === 0) range = createRange()
    const shot = nextShot(chance, range)
    const finding = fire(range, shot)
    if (finding === undefined) continue
    findings.set(finding, { times: (findings.get(finding)?.times ?? 0) + 1, shot })
    range = createRange()
  }
  for (const [finding, { times, shot }] of findings)
    console.log(`${times} × ${finding}\n  ${JSON.stringify(shot).slice(0, 1500)}`)
  expect([...findings.keys()]).toEqual([])
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})
