import { parse } from 'yaml'
import { createApiServer, type ApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { handleHttp, type HttpAnswer } from '../../../src/engine/apiserver/http.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { createSim, createWorld, freezeDeeply, type Sim } from '../../../src/engine/sim/index.ts'

export type Json = Readonly<Record<string, unknown>>

/** Any object of the API, as a recording holds it. */
export interface Thing {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name?: string
    readonly namespace?: string
    readonly generateName?: string
    readonly labels?: Json
  }
  readonly [field: string]: unknown
}

/** An API server alone, and how to speak to it. */
export interface Bare {
  readonly sim: Sim
  readonly server: ApiServer
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
    headers?: Readonly<Record<string, string>>,
  ) => HttpAnswer
  readonly create: (object: Thing, namespace?: string, query?: string) => HttpAnswer
}

const namespaces = ['default', 'kube-system', 'kube-public', 'golden']

/** A server as the recordings' one was: first namespaces with their accounts, the API's own Service. */
export function bareServer(more: readonly string[] = []): Bare {
  freezeDeeply(true)
  const sim = createSim(createWorld(1))
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const send: Bare['send'] = (method, path, body, contentType = 'application/json', headers = {}) =>
    handleHttp(server, {
      method,
      path,
      body,
      headers: {
        'User-Agent': 'python-requests/2',
        ...(body !== undefined && { 'Content-Type': contentType }),
        ...headers,
      },
    })
  const create: Bare['create'] = (object, namespace = object.metadata.namespace ?? 'default', query = '') =>
    send('POST', pathOf(object, namespace) + query, object)
  for (const name of [...namespaces, ...more]) {
    create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }, name)
  }
  create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes' },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  })
  return { sim, server, send, create }
}

const byKind = new Map(kinds.map((kind) => [kind.kind, kind]))

/** Whether a kind is served by now. */
export const isServed = (kind: string): boolean => byKind.has(kind)

/** The collection an object belongs to. */
export function pathOf({ apiVersion, kind }: Thing, namespace: string): string {
  const found = byKind.get(kind)
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  return `${root}${found?.namespaced === false ? '' : `/namespaces/${namespace}`}/${found?.plural ?? `${kind.toLowerCase()}s`}`
}

/** A manifest as kubectl sends it: keys in their order. */
export function readManifest(text: string): Thing {
  return sortKeys(parse(text, { uniqueKeys: false })) as Thing
}

export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sortKeys((value as Json)[key])]))
}

/** Replaces what differs from run to run, as the recordings have it. */
export function normal(value: unknown): unknown {
  const text = JSON.stringify(sortKeys(value))
    .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<rand>')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replace(/2026-09-01T\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
  return JSON.parse(text) as unknown
}
