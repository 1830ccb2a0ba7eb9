import { test } from 'vitest'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import { bareServer, isServed, normal, pathOf, sortKeys, type Json, type Thing } from './api/server.ts'

interface Case extends Recording {
  readonly kind: string
  readonly before: Thing
  readonly patchType: string
  readonly patch: unknown
  readonly fieldValidation?: string
  readonly code: number
  readonly after?: Thing
  readonly status?: Json
  readonly sameResourceVersion?: boolean
  readonly warnings?: readonly string[]
}

const only = process.env['GOLDEN']
const files = recordingsOf('patch')

// differs: server-side apply and kubectl's own merge come with managed fields
test('patches as the real server applies them', () => {
  const cases = ['strategic-merge', 'merge', 'json'].flatMap(
    (name) => (files.get(name) ?? []) as unknown as readonly Case[],
  )
  settle('patch', cases.filter(({ name }) => !only || name.includes(only)).map(play))
})

function play(one: Case): Verdict {
  const { name, kind, before, patch, patchType, code, after, status, warnings = [], sameResourceVersion } = one
  if (!isServed(kind)) return { name, is: 'skipped', why: `${kind} is not served` }
  const bare = bareServer()
  const given = bare.create(withoutSystem(before))
  const stored = given.body as Thing & { metadata: { resourceVersion: string } }
  if (given.code !== 201) return { name, is: 'failed', expected: 201, got: given.body }
  const path = `${pathOf(before, 'default')}/${String(before.metadata.name)}?fieldValidation=${one.fieldValidation ?? 'Strict'}&fieldManager=patcher`
  const answer = bare.send('PATCH', path, patch, patchType)
  const body = answer.body as Thing & { metadata: { resourceVersion: string } }
  const got =
    code < 400
      ? {
          code: answer.code,
          after: answer.code < 400 ? shown(body) : body,
          warnings: answer.warnings,
          same: body.metadata?.resourceVersion === stored.metadata.resourceVersion,
        }
      : { code: answer.code, status: normal(body) }
  const expected =
    code < 400
      ? { code, after: shown(after!), warnings, same: sameResourceVersion === true }
      : { code, status: sortKeys(status) }
  return JSON.stringify(got) === JSON.stringify(expected)
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}

function withoutSystem(object: Thing): Thing {
  const { status: _status, ...rest } = object
  const metadata = { ...object.metadata } as Record<string, unknown>
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'managedFields'])
    delete metadata[field]
  const spec = rest['spec'] as { clusterIP?: string } | undefined
  const clean = spec?.clusterIP?.startsWith('<') ? { ...spec, clusterIP: undefined, clusterIPs: undefined } : spec
  const text = JSON.stringify({ ...rest, metadata, ...(clean && { spec: clean }) })
  return JSON.parse(text.replaceAll('<rand>', 'bcdfg')) as Thing
}

/** The order of a list is part of the answer; system metadata is not. */
function shown(object: Thing): unknown {
  const metadata = { ...object.metadata } as Record<string, unknown>
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields']) delete metadata[field]
  const { status, ...rest } = object
  const keepsStatus = object.kind === 'Pod'
  const text = JSON.stringify(normal({ ...rest, metadata, ...(keepsStatus && { status }) }))
  return JSON.parse(
    text.replace(/"clusterIP":"[^"]*"/g, '"clusterIP":""').replace(/"clusterIPs":\[[^\]]*\]/g, '"clusterIPs":[]'),
  ) as unknown
}
