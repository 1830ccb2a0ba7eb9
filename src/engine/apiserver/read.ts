import { badRequest, notFound, type KubeList, type KubeObject } from '../api/index.ts'
import { apiVersionOf } from '../kinds/defineKind.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import { findSubresource } from './subresources/index.ts'
import { filterOf } from './watchers.ts'

/** Answers a get or a list. */
export function read(passage: Passage, server: Server): unknown {
  return passage.request.verb === 'get' ? getOne(passage, server) : getMany(passage, server)
}

function getOne({ kind, namespace, name, subresource }: Passage, { etcd }: Server): unknown {
  const found = etcd.get(kind.storagePrefix, namespace, name)
  if (found === undefined) throw notFound(resourceOf(kind), name)
  const object = found.value as KubeObject
  return subresource === '' ? object : (findSubresource(kind, subresource)?.read?.(object) ?? object)
}

function getMany({ kind, request, options }: Passage, { etcd }: Server): KubeList {
  const namespace = kind.namespaced ? request.namespace : ''
  const isSeen = filterOf(kind, options)
  const all = etcd.range(kind.storagePrefix, namespace).map(({ value }) => value as KubeObject)
  const seen = options.labelSelector || options.fieldSelector ? all.filter(isSeen) : all
  return page(seen, passageOf(kind, options, etcd.revision()))
}

interface PageRequest {
  readonly apiVersion: string
  readonly kind: string
  readonly revision: number
  readonly limit: number
  readonly from: string
}

function passageOf(kind: Passage['kind'], options: Passage['options'], revision: number): PageRequest {
  const apiVersion = apiVersionOf(kind)
  const from = options.continue ? readToken(options.continue) : ''
  return { apiVersion, kind: `${kind.kind}List`, revision, limit: options.limit || Infinity, from }
}

function page(objects: readonly KubeObject[], { apiVersion, kind, revision, limit, from }: PageRequest): KubeList {
  const start = from === '' ? 0 : objects.findIndex((object) => placeOf(object) > from)
  const rest = start < 0 ? [] : objects.slice(start)
  const resourceVersion = String(revision)
  if (rest.length <= limit) return { apiVersion, kind, metadata: { resourceVersion }, items: rest }
  const items = rest.slice(0, limit)
  const token = items.length > 0 ? placeOf(items[items.length - 1]!) : from
  const metadata = { resourceVersion, continue: token, remainingItemCount: rest.length - limit }
  return { apiVersion, kind, metadata, items }
}

function placeOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`
}

function readToken(token: string): string {
  if (!token.includes('/')) throw badRequest('continue key is not valid')
  return token
}
