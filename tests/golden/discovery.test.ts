import { test } from 'vitest'
import { kinds } from '../../src/engine/kinds/index.ts'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import { bareServer, type Json } from './api/server.ts'

const files = recordingsOf('discovery')
const served = new Map(
  kinds.map((kind) => [`${kind.group === '' ? kind.version : `${kind.group}/${kind.version}`}/${kind.plural}`, kind]),
)
const tableHeaders = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }

test('what the real server tells of its resources and their columns', () => {
  const bare = bareServer()
  const columns = (files.get('columns') ?? []).map((one): Verdict => {
    const kind = served.get(one.name)
    if (kind === undefined) return { name: one.name, is: 'skipped', why: 'not served' }
    const root = kind.group === '' ? '/api/v1' : `/apis/${kind.group}/${kind.version}`
    const { body } = bare.send('GET', `${root}/${kind.plural}`, undefined, undefined, tableHeaders)
    const definitions = (body as { columnDefinitions: readonly Json[] }).columnDefinitions
    const got = definitions.map(({ name, type, format, priority }) => ({ name, type, format, priority }))
    return verdict(`columns of ${one.name}`, one['columns'], got)
  })
  const resources = (files.get('api-resources') ?? []).map((one): Verdict => resource(one))
  settle('discovery', [...columns, ...resources])
})

function resource(one: Recording): Verdict {
  const kind = served.get(`${String(one['apiVersion'])}/${one.name}`)
  if (kind === undefined) return { name: one.name, is: 'skipped', why: 'not served' }
  const { shortNames, namespaced, singular: singularName, verbs, categories, subresources } = kind
  const got = { kind: kind.kind, shortNames, namespaced, singularName, verbs, categories, subresources }
  const { name: _name, apiVersion: _apiVersion, source: _source, ...expected } = one
  const names = Object.keys(got) as (keyof typeof got)[]
  const pick = (from: Json): Json =>
    Object.fromEntries(
      names.map((name) => [
        name,
        Array.isArray(from[name]) ? [...(from[name] as unknown[])].map(nameOf).sort() : from[name],
      ]),
    )
  return verdict(`resource ${one.name}`, pick(expected), pick(got))
}

const nameOf = (item: unknown): unknown => (typeof item === 'object' && item !== null ? (item as Json)['name'] : item)

function verdict(name: string, expected: unknown, got: unknown): Verdict {
  return JSON.stringify(expected) === JSON.stringify(got)
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}
