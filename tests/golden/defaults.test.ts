import { test } from 'vitest'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import { bareServer, isServed, normal, sortKeys, type Bare, type Json, type Thing } from './api/server.ts'

interface Case extends Recording {
  readonly input: Thing
  readonly output: Thing
  readonly given?: readonly Thing[]
  readonly warnings: readonly string[]
}

const only = process.env['GOLDEN']
const files = recordingsOf('defaults')
const always = (files.get('given-always') ?? []) as readonly { readonly name: string; readonly object: Thing }[]
const cases = [...files]
  .filter(([file]) => file !== 'given-always')
  .flatMap(([, list]) => list as unknown as readonly Case[])

/** These were sent before anything else existed. */
const early: ReadonlySet<string> = new Set(['ServiceAccount', 'Namespace', 'PriorityClass', 'RuntimeClass'])

test('objects as the real server stores them', () => {
  const chosen = cases.filter(({ name }) => !only || name.includes(only))
  const empty = bareServer()
  const usual = withPrerequisites()
  settle(
    'defaults',
    // what a case brings along is gone with it
    chosen.map((one) => play(one.given ? withPrerequisites() : early.has(one.input.kind) ? empty : usual, one)),
  )
})

function withPrerequisites(): Bare {
  const bare = bareServer()
  for (const { name, object } of always)
    if (isServed(object.kind)) bare.create(object, name.startsWith('default/') ? 'default' : 'golden')
  return bare
}

function play(bare: Bare, { name, input, output, given = [], warnings }: Case): Verdict {
  const lacks = [input, ...given].find(({ kind }) => !isServed(kind))
  if (lacks) return { name, is: 'skipped', why: `${lacks.kind} is not served` }
  const namespace = output.metadata.namespace ?? 'golden'
  bare.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  bare.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }, namespace)
  for (const object of given) bare.create(object, namespace)
  const answer = bare.create(input, namespace, '?dryRun=All&fieldValidation=Strict')
  const got = { output: shown(answer.body as Thing, input), warnings: answer.warnings }
  const expected = { output: normal(output), warnings }
  return JSON.stringify(sortKeys(got)) === JSON.stringify(sortKeys(expected))
    ? { name, is: 'passed' }
    : { name: `${input.kind} ${name}`, is: 'failed', ...differing(expected, got) }
}

function shown(body: Thing, input: Thing): unknown {
  const metadata = { ...body.metadata } as Record<string, unknown>
  for (const field of ['managedFields', 'uid', 'creationTimestamp', 'resourceVersion']) delete metadata[field]
  const { generateName } = input.metadata
  if (generateName && !input.metadata.name) {
    const generated = metadata['name'] as string
    metadata['name'] = `${generateName}<rand>`
    return JSON.parse(
      JSON.stringify(normal({ ...body, metadata })).replaceAll(generated, `${generateName}<rand>`),
    ) as unknown
  }
  return normal(input.kind === 'Service' ? placeholders({ ...body, metadata }, input) : { ...body, metadata })
}

interface ServiceSpec {
  clusterIP?: string
  clusterIPs?: string[]
  healthCheckNodePort?: number
  ports?: { nodePort?: unknown }[]
}

function placeholders(body: Json, input: Thing): unknown {
  const copy = JSON.parse(JSON.stringify(body)) as { spec?: ServiceSpec }
  const asked = (input['spec'] ?? {}) as ServiceSpec
  const { spec } = copy
  if (spec === undefined) return copy
  if (!asked.clusterIP && spec.clusterIP) {
    spec.clusterIP = '<clusterIP>'
    spec.clusterIPs = ['<clusterIP>']
  }
  if (!asked.healthCheckNodePort && spec.healthCheckNodePort)
    (spec as { healthCheckNodePort?: unknown }).healthCheckNodePort = '<nodePort>'
  spec.ports?.forEach((port, index) => {
    if (port.nodePort && !asked.ports?.[index]?.nodePort) port.nodePort = '<nodePort>'
  })
  return copy
}

/** Only what differs, to be read by people. */
function differing(expected: unknown, got: unknown): { expected: unknown; got: unknown } {
  const differs: { expected: Record<string, unknown>; got: Record<string, unknown> } = { expected: {}, got: {} }
  const walk = (a: unknown, b: unknown, path: string): void => {
    if (JSON.stringify(sortKeys(a)) === JSON.stringify(sortKeys(b))) return
    if (typeof a === 'object' && typeof b === 'object' && a && b && Array.isArray(a) === Array.isArray(b))
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        walk((a as Json)[key], (b as Json)[key], `${path}.${key}`)
    else {
      differs.expected[path] = a
      differs.got[path] = b
    }
  }
  walk(expected, got, '')
  return differs
}
