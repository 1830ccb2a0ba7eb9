import { test } from 'vitest'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import { bareServer, type Bare, type Json } from './api/server.ts'

const files = recordingsOf('discovery')
const tableHeaders = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }

test('what the real server tells of itself, its resources and their columns', () => {
  const bare = bareServer()
  const of = (file: string, play: (one: Recording) => Verdict): readonly Verdict[] => (files.get(file) ?? []).map(play)
  settle('discovery', [
    ...of('columns', (one) => columns(bare, one)),
    ...of('api-resources', (one) => resource(bare, one)),
    ...groups(bare),
    ...of('api', (one) => document(bare, one)),
    ...of('version', (one) => document(bare, one)),
  ])
})

/** Where the resources of `apps/v1` are told. */
const rootOf = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`)

function columns(bare: Bare, one: Recording): Verdict {
  const path = `${rootOf(String(one['apiVersion']))}/${one.name.split('/').pop()}`
  const { body } = bare.send('GET', path, undefined, undefined, tableHeaders)
  const { columnDefinitions } = body as { readonly columnDefinitions?: readonly Json[] }
  const got = columnDefinitions?.map(({ name, type, format, priority }) => ({ name, type, format, priority }))
  return verdict(`columns of ${one.name}`, one['columns'], got ?? body)
}

interface Resource {
  readonly name: string
  readonly shortNames?: readonly string[]
  readonly categories?: readonly string[]
}

function resource(bare: Bare, { name, source: _source, ...one }: Recording): Verdict {
  const root = rootOf(String(one['apiVersion']))
  const { body } = bare.send('GET', root)
  const { resources = [] } = body as { readonly resources?: readonly Resource[] }
  const found = resources.find((other) => other.name === name)
  const subresources = resources.map((other) => other.name).filter((other) => other.startsWith(`${name}/`))
  const got = found && {
    shortNames: [],
    categories: [],
    apiVersion: one['apiVersion'],
    subresources: subresources.map((other) => other.slice(name.length + 1)).sort(),
    ...found,
    name: undefined,
  }
  return verdict(`resource ${root} ${name}`, one, got)
}

interface Group {
  readonly name: string
  readonly versions: readonly { readonly groupVersion: string }[]
  readonly preferredVersion: { readonly groupVersion: string }
}

/** The groups, and the order in which they are told. */
function groups(bare: Bare): readonly Verdict[] {
  const recorded = files.get('apis') ?? []
  const told = (bare.send('GET', '/apis').body as { readonly groups: readonly Group[] }).groups
  return recorded.map(({ source: _source, ...one }, index) => {
    const { name, versions, preferredVersion } = told[index] ?? { name: '', versions: [], preferredVersion: undefined }
    const got = {
      name,
      versions: versions.map(({ groupVersion }) => groupVersion),
      preferredVersion: preferredVersion?.groupVersion,
    }
    return verdict(`group ${one.name}`, one, got)
  })
}

/** A document of which the recording holds the part that is the same everywhere. */
function document(bare: Bare, one: Recording): Verdict {
  const expected = one['body'] as Json
  const body = bare.send('GET', one.name).body as Json
  const got = Object.fromEntries(Object.keys(expected).map((key) => [key, body[key]]))
  return verdict(`document ${one.name}`, expected, got)
}

function verdict(name: string, expected: unknown, got: unknown): Verdict {
  return same(expected) === same(got) ? { name, is: 'passed' } : { name, is: 'failed', expected, got: got ?? null }
}

/** The order of an object's fields says nothing. */
function same(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
