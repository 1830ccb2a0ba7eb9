import { test } from 'vitest'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import {
  bareServer,
  isServed,
  normal,
  pathOf,
  readManifest,
  sortKeys,
  type Bare,
  type Json,
  type Thing,
} from './api/server.ts'

interface RawRequest {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly code: number
  readonly answer?: string
}

interface Case extends Recording {
  readonly op: string
  readonly manifest?: string
  readonly before?: string
  readonly given?: readonly (string | Thing)[]
  readonly request?: RawRequest
  readonly status: Json | null
  readonly code?: number
  readonly warnings?: readonly string[]
  readonly kubectl?: { readonly command: string }
}

const only = process.env['GOLDEN']
const files = recordingsOf('validation')

/** Which files score together; what kubectl itself refuses is scored with kubectl. */
const areas: Readonly<Record<string, readonly string[]>> = {
  validation: [
    ...[
      'configmap',
      'deployment',
      'docs',
      'endpointslice',
      'lease',
      'namespace',
      'node',
      'pod',
      'replicaset',
      'secret',
      'service',
    ],
    'serviceaccount',
    'accepted',
    'warnings',
    'parse',
    ...['daemonset', 'statefulset', 'job', 'cronjob', 'hpa', 'pdb', 'priorityclass', 'resourcequota', 'limitrange'],
    ...['ingress', 'ingressclass', 'networkpolicy', 'pv', 'pvc', 'storageclass', 'runtimeclass'],
    ...['role', 'rolebinding', 'clusterrole', 'clusterrolebinding'],
  ],
  requests: ['conflicts', 'missing', 'namespaces', 'protocol'],
  admission: ['admission'],
  definitions: ['crd'],
}

for (const [area, names] of Object.entries(areas))
  test(`${area}: what the real server refuses, and what it only warns about`, () => {
    const cases = names.flatMap((name) => (files.get(name) ?? []) as readonly Case[])
    settle(area, cases.filter(({ name }) => !only || name.includes(only)).map(play))
  })

function play(one: Case): Verdict {
  const { name, status, manifest, request, code, before, given = [] } = one
  const skip = (why: string): Verdict => ({ name, is: 'skipped', why })
  if (status === null && !request && code === undefined) return skip('kubectl alone')
  if (status === null && code === undefined && request?.answer === undefined) return skip('kubectl alone')
  let object: Thing | undefined
  try {
    object = manifest === undefined ? undefined : readManifest(manifest)
  } catch {
    return skip('not YAML')
  }
  const lacking = lacks(object, given)
  if (lacking) return skip(lacking)
  const bare = bareServer()
  const ready = prepare(bare, given)
  if (ready !== undefined) return skip(ready)
  const answer = ask(bare, one, object, before === undefined ? undefined : readManifest(before))
  const got =
    request?.answer !== undefined
      ? answer.body
      : code === undefined
        ? withoutVersions(normal(answer.body), one)
        : { code: answer.code, warnings: answer.warnings }
  const expected = request?.answer ?? (code === undefined ? sortKeys(status) : { code, warnings: one.warnings ?? [] })
  return JSON.stringify(got) === JSON.stringify(expected)
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}

/** `<rv>` for versions inside a message. */
function withoutVersions(body: unknown, { status }: Case): unknown {
  if (!JSON.stringify(status).includes('<rv>')) return body
  const text = JSON.stringify(body).replace(/current: \d+/g, 'current: <rv>')
  return JSON.parse(text.replace(/(resourceVersion\\+":\\+")\d+/g, '$1<rv>')) as unknown
}

function lacks(object: Thing | undefined, given: readonly (string | Thing)[]): string | undefined {
  const objects = [object, ...given.map((one) => (typeof one === 'string' ? readGiven(one) : one))]
  const missing = objects.find((one) => one?.kind !== undefined && !isServed(one.kind))
  if (missing) return `${missing.kind} is not served`
  return undefined
}

function readGiven(text: string): Thing | undefined {
  return text.includes('apiVersion') ? readManifest(text) : undefined
}

/** Makes what existed; returns why it cannot be had. */
function prepare(bare: Bare, given: readonly (string | Thing)[]): string | undefined {
  for (const one of given) {
    const object = typeof one === 'string' ? readGiven(one) : one
    if (object !== undefined) bare.create(object)
    else if (one === 'bind:node-1')
      bare.send('POST', '/api/v1/namespaces/default/pods/web/binding', {
        metadata: { name: 'web' },
        target: { kind: 'Node', name: 'node-1' },
      })
    else if (String(one).startsWith('a namespace leaving')) leave(bare)
    else if (one === 'quota-seen' || one === 'pdb-seen') notice(bare, given)
    else if (String(one).startsWith('ready:')) makeReady(bare, String(one).slice('ready:'.length))
    else if (one === 'policy-seen') bare.sim.advanceTo(bare.sim.now() + 2000)
    else return `needs ${String(one)}`
  }
  return undefined
}

/** What the controllers of quotas and budgets write when they first see one. */
function notice(bare: Bare, given: readonly (string | Thing)[]): void {
  for (const one of given) {
    const object = typeof one === 'string' ? readGiven(one) : one
    if (object?.kind !== 'ResourceQuota' && object?.kind !== 'PodDisruptionBudget') continue
    const path = `${pathOf(object, object.metadata.namespace ?? 'default')}/${String(object.metadata.name)}`
    const stored = bare.send('GET', path).body as Thing & { spec: { hard?: Json; minAvailable?: number } }
    const { hard = {}, minAvailable = 0 } = stored.spec
    const used = Object.fromEntries(Object.keys(hard).map((name) => [name, '0']))
    const health = { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: minAvailable, expectedPods: 1 }
    const status = object.kind === 'ResourceQuota' ? { hard, used } : { ...health, observedGeneration: 1 }
    bare.send('PUT', `${path}/status`, { ...stored, status })
  }
}

function makeReady(bare: Bare, name: string): void {
  const path = `/api/v1/namespaces/default/pods/${name}`
  const pod = bare.send('GET', path).body as Thing & { status: Json }
  const conditions = [{ type: 'Ready', status: 'True' }]
  bare.send('PUT', `${path}/status`, { ...pod, status: { ...pod.status, phase: 'Running', conditions } })
}

function leave(bare: Bare): void {
  bare.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'leaving' } })
  bare.send('DELETE', '/api/v1/namespaces/leaving')
}

function ask(bare: Bare, one: Case, object: Thing | undefined, before: Thing | undefined) {
  const { request, kubectl, name, op } = one
  if (request !== undefined)
    return bare.send(request.method, request.path, bodyOf(request), request.contentType, request.headers)
  if (object === undefined) return askByCommand(bare, kubectl!.command)
  const flag = / -n (\S+)/.exec(kubectl?.command ?? '')?.[1]
  const namespace = flag ?? object.metadata?.namespace ?? 'default'
  const validation = name.endsWith('-validate-warn') ? 'Warn' : name.endsWith('-validate-false') ? 'Ignore' : 'Strict'
  if (op !== 'update' || before === undefined) return bare.create(object, namespace, `?fieldValidation=${validation}`)
  const stored = bare.create(before, namespace).body as Thing & { metadata: { resourceVersion: string } }
  const metadata = { ...object.metadata, resourceVersion: stored.metadata.resourceVersion }
  const path = `${pathOf(object, namespace)}/${String(object.metadata.name)}?fieldValidation=${validation}`
  return bare.send('PUT', path, sortKeys({ ...object, metadata }))
}

/** `kubectl get pod ghost` as the request it makes. */
function askByCommand(bare: Bare, command: string) {
  const [, verb = '', kind = '', name = ''] = command.split(' ')
  const info = bare.server.registry.find(kind)
  if (info === undefined) throw new Error(`no kind ${kind}`)
  const apiVersion = info.group === '' ? info.version : `${info.group}/${info.version}`
  const path = `${pathOf({ apiVersion, kind: info.kind, metadata: {} }, 'default')}/${name}`
  return bare.send(verb === 'delete' ? 'DELETE' : 'GET', path)
}

/** Bodies that are too long for a file are told in words. */
function bodyOf({ body }: RawRequest): unknown {
  const words =
    typeof body === 'string'
      ? /^a ConfigMap named big with one (data value|annotation) of (\d+) letters x/.exec(body)
      : null
  if (words === null) return body
  const text = 'x'.repeat(Number(words[2]))
  const isData = words[1] === 'data value'
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'big', ...(!isData && { annotations: { a: text } }) },
    ...(isData && { data: { a: text } }),
  })
}
