import { test } from 'vitest'
import { createApi } from '../../src/engine/apiserver/api.ts'
import { storePolicy } from '../../src/engine/apiserver/authorization/index.ts'
import { createSession, run, splitWords } from '../../src/kubectl/index.ts'
import type { User } from '../../src/engine/api/index.ts'
import { handleHttp } from '../../src/engine/apiserver/http.ts'
import { recordingsOf, settle, type Recording, type Verdict } from './api/recordings.ts'
import { bareServer, normal, sortKeys, type Bare, type Json, type Thing } from './api/server.ts'

interface Case extends Recording {
  readonly user: User
  readonly given: readonly Thing[]
  readonly manifest?: string
  readonly kubectl?: {
    readonly command: string
    readonly stdout: string
    readonly stderr: string
    readonly code: number
  }
  readonly request?: {
    readonly method: string
    readonly path: string
    readonly body?: unknown
    readonly headers?: Readonly<Record<string, string>>
    readonly code: number
  }
  readonly status?: Json | null
}

const only = process.env['GOLDEN']

/** Users of the recorder had numbers. */
const uids: Readonly<Record<string, string>> = { 'kubernetes-admin': 'u1', jane: 'u4' }

test('rbac: who may do what, as kubectl and as the API server say it', () => {
  const cases = [...recordingsOf('rbac').values()].flat() as unknown as readonly Case[]
  const chosen = cases.filter(({ name }) => !only || name.includes(only))
  settle(
    'rbac',
    chosen.flatMap((one) => [...byCommand(one), ...byRequest(one)]),
  )
})

function worldOf({ given, user }: Case): { readonly bare: Bare; readonly user: User } {
  const bare = bareServer()
  storePolicy(bare.server.etcd, bare.sim.now())
  bare.create(web)
  for (const object of given)
    bare.create({ ...object, apiVersion: object.apiVersion ?? 'rbac.authorization.k8s.io/v1' })
  const uid = uids[user.name]
  return { bare, user: { ...user, ...(uid && { uid }) } }
}

const web: Thing = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
}

function byCommand(one: Case): readonly Verdict[] {
  const { kubectl, name, manifest } = one
  if (kubectl === undefined) return []
  const { bare, user } = worldOf(one)
  const [out, err]: [string[], string[]] = [[], []]
  const code = run(splitWords(kubectl.command).slice(1), {
    api: createApi(bare.sim, bare.server, user),
    now: bare.sim.now,
    session: createSession(),
    io: {
      readFile: () => manifest,
      listFiles: () => undefined,
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
    },
  })
  const got = { stdout: ageless(out.join('')), stderr: err.join(''), code }
  const { stdout, stderr, code: wanted } = kubectl
  return [verdict(`${name}/kubectl`, { stdout: ageless(stdout), stderr, code: wanted }, got)]
}

const ageless = (text: string): string => text.replace(/ \d+s$/gm, ' <age>')

function byRequest(one: Case): readonly Verdict[] {
  const { request, status = null, name } = one
  if (request === undefined) return []
  const { bare, user } = worldOf(one)
  const { method, path, body, headers = {} } = request
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  const answer = handleHttp(bare.server, {
    method,
    path,
    body,
    user,
    headers: { ...(body !== undefined && { 'Content-Type': type }), ...headers },
  })
  const got = { code: answer.code, status: answer.code >= 400 ? normal(answer.body) : null }
  return [verdict(`${name}/request`, { code: request.code, status: sortKeys(status) }, got)]
}

function verdict(name: string, expected: unknown, got: unknown): Verdict {
  return JSON.stringify(got) === JSON.stringify(expected)
    ? { name, is: 'passed' }
    : { name, is: 'failed', expected, got }
}
