import { test } from 'vitest'
import { playKubectl, type KubectlCase } from './api/kubectlApply.ts'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import type { HttpAnswer } from '../../src/engine/apiserver/http.ts'
import { bareServer, isServed, normal, pathOf, sortKeys, type Bare, type Json, type Thing } from './api/server.ts'

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

test('patches as the real server applies them', () => {
  const cases = ['strategic-merge', 'merge', 'json'].flatMap(
    (name) => (files.get(name) ?? []) as unknown as readonly Case[],
  )
  const applies = (files.get('apply') ?? []) as unknown as readonly ApplyCase[]
  const isWanted = ({ name }: Recording): boolean => !only || name.includes(only)
  const merges = (files.get('kubectl-apply') ?? []) as unknown as readonly KubectlCase[]
  settle('patch', [
    ...cases.filter(isWanted).map(play),
    ...applies.filter(isWanted).map(playApply),
    ...merges.filter(isWanted).map(playKubectl),
  ])
})

interface Step {
  readonly verb: string
  readonly fieldManager: string
  readonly patch?: unknown
  readonly body?: unknown
  readonly force?: boolean
  readonly patchType?: string
  readonly subresource?: string
  readonly path?: string
}

type ApplyCase = Recording &
  Step &
  Pick<Case, 'kind' | 'code' | 'status'> & {
    readonly history: readonly Step[]
    readonly before: Thing | null
    readonly after?: Thing | null
  }

const patchTypes: Readonly<Record<string, string>> = {
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
}

/** Server-side apply is judged with managed fields and all, after each step. */
function playApply(one: ApplyCase): Verdict {
  const { name, kind, history, before, code, after, status } = one
  if (!isServed(kind)) return { name, is: 'skipped', why: `${kind} is not served` }
  const bare = bareServer()
  const first = (history[0]?.patch ?? history[0]?.body ?? one.patch) as Thing
  const path = `${pathOf(first, 'default')}/${String(first.metadata.name)}`
  for (const step of history) {
    takeStep(bare, path, step)
  }
  const was = history.length === 0 ? null : owned(bare.send('GET', path).body as Thing)
  const last = one.verb ?? (one.patchType === 'PUT' ? 'put' : one.patchType === 'scale' ? 'scale' : 'patch')
  const answer = takeStep(bare, path, {
    ...one,
    verb: last,
    ...((last === 'put' || last === 'scale') && { body: one.patch }),
  })
  const got =
    code < 400
      ? { code: answer.code, after: answer.code < 400 ? owned(answer.body as Thing) : answer.body, was }
      : { code: answer.code, status: statusOf(answer.body), was }
  const expected = {
    code,
    ...(code < 400 ? { after: owned(after!) } : { status: sortKeys(status) }),
    was: before && owned(before),
  }
  return JSON.stringify(got) === JSON.stringify(expected)
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}

function takeStep(bare: Bare, path: string, step: Step): HttpAnswer {
  const { verb, fieldManager, patch, body, force, patchType, subresource } = step
  const at = subresource === undefined ? path : `${path}/${subresource}`
  const query = `?fieldManager=${fieldManager}${force === true ? '&force=true' : ''}`
  if (verb === 'create') return bare.send('POST', path.slice(0, path.lastIndexOf('/')) + query, body)
  if (verb === 'put') return bare.send('PUT', at + query, body)
  if (verb === 'scale') {
    const scale = bare.send('GET', `${path}/scale`).body as Json
    return bare.send('PUT', `${path}/scale${query}`, { ...scale, spec: { replicas: body } })
  }
  return bare.send('PATCH', at + query, patch, patchType ?? patchTypes[verb]!)
}

/** An object as `apply.json` keeps it, owners included. */
function owned(object: Thing): unknown {
  const metadata = { ...object.metadata } as Record<string, unknown>
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp']) delete metadata[field]
  const { status, ...rest } = object
  const keepsStatus = object.kind === 'Pod'
  const text = JSON.stringify(normal({ ...rest, metadata, ...(keepsStatus && { status }) }))
    .replace(/"clusterIP":"[^"]*"/g, '"clusterIP":""')
    .replace(/"clusterIPs":\[[^\]]*\]/g, '"clusterIPs":[]')
    .replace(/"time":"[^"]*"/g, '"time":"<time>"')
  return JSON.parse(text) as unknown
}

function play(one: Case): Verdict {
  const { name, kind, before, patch, patchType, code, after, status, warnings = [], sameResourceVersion } = one
  if (!isServed(kind)) return { name, is: 'skipped', why: `${kind} is not served` }
  const bare = bareServer()
  const given = bare.create(withoutSystem(before), undefined, '?fieldManager=author')
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
      : { code: answer.code, status: statusOf(body) }
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

function statusOf(body: unknown): unknown {
  const text = JSON.stringify(normal(body)).replace(/(resourceVersion\\+":\\+")\d+/g, '$1<rv>')
  return JSON.parse(text) as unknown
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
