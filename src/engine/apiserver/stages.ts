import {
  alreadyExists,
  conflict,
  formatTime,
  generateName,
  invalid,
  isEqual,
  methodNotAllowed,
  noSuchResource,
  notFound,
  randomUid,
  refOf,
  staleWrite,
  unauthorized,
  type Draft,
  type KubeObject,
} from '../api/index.ts'
import type { Change } from '../etcd/store.ts'
import { must } from '../sim/index.ts'
import { authorize } from './authorization.ts'
import { decodeBody } from './decode.ts'
import { removeOrMark } from './deletion.ts'
import { read } from './read.ts'
import { validateMeta } from './meta.ts'
import { applyPatch } from './patch.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import type { RequestEvent } from './requestMachine.ts'
import { findSubresource } from './subresources/index.ts'
import type { AdmissionRequest } from './admission/admission.ts'

type Stage = (passage: Passage, server: Server) => RequestEvent['type']

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

/** What happens in each state of `requestMachine`; a refusal is a thrown ApiError. */
export const stages: Readonly<Record<string, Stage>> = {
  authentication({ user }) {
    if (user.name === '') throw unauthorized()
    return 'passed'
  },

  authorization(passage) {
    if (!passage.isTrusted) authorize(passage)
    if (passage.subresource !== '' && !passage.kind.subresources.includes(passage.subresource)) throw noSuchResource()
    if (passage.subresource === '' && !passage.kind.verbs.includes(passage.request.verb)) throw methodNotAllowed()
    return reads.has(passage.request.verb) ? 'read' : 'passed'
  },

  reading(passage, server) {
    passage.answer = read(passage, server)
    return 'passed'
  },

  decoding(passage, server) {
    const { verb } = passage.request
    if (verb === 'create' && passage.subresource === '') passage.draft = decodeBody(passage)
    if (verb === 'update' || verb === 'patch') passage.old = stored(passage, server)
    if (verb === 'update') passage.draft = decodeBody(passage)
    if (verb === 'patch') passage.draft = patched(passage)
    return 'passed'
  },

  defaulting({ kind, draft, subresource }) {
    if (draft && subresource === '') kind.defaults?.(draft)
    return 'passed'
  },

  mutatingAdmission(passage, server) {
    const { draft, request } = passage
    if (draft && request.verb === 'create') nameDraft(passage, server)
    const admission = admissionRequestOf(passage, server)
    for (const plugin of server.admission) plugin.mutate?.(admission)
    return 'passed'
  },

  preparation(passage, server) {
    const { draft, old, kind } = passage
    if (draft === undefined) return 'passed'
    if (old === undefined) {
      stampNew(draft, server)
      if (kind.hasGeneration) draft.metadata.generation = 1
      kind.prepareForCreate?.(draft, server.context)
    } else prepareUpdate(passage, draft, old, server)
    return 'passed'
  },

  validation(passage) {
    const { draft, old, kind } = passage
    if (draft === undefined) return 'passed'
    const errors = errorsOf(passage, draft as KubeObject)
    if (errors.length > 0) throw invalid(kind.group, kind.kind, draft.metadata.name, errors)
    passage.warnings.push(...(kind.warnings?.(draft as KubeObject, old) ?? []))
    return 'passed'
  },

  validatingAdmission(passage, server) {
    const admission = admissionRequestOf(passage, server)
    for (const plugin of server.admission) plugin.validate?.(admission)
    return 'passed'
  },

  storage(passage, server) {
    passage.answer = storageVerbs[passage.request.verb]!(passage, server)
    return 'passed'
  },
}

const storageVerbs: Readonly<Record<string, (passage: Passage, server: Server) => unknown>> = {
  create: (passage, server) => (passage.subresource === '' ? storeNew(passage, server) : createAt(passage, server)),
  update: storeNext,
  patch: storeNext,
  delete: (passage, server) => removeOrMark(passage, stored(passage, server), server, put, remove),
  deletecollection(passage, server) {
    const list = read({ ...passage, request: { ...passage.request, verb: 'list' } }, server) as { items: readonly KubeObject[] }
    for (const object of list.items)
      removeOrMark({ ...passage, name: object.metadata.name }, object, server, put, remove)
    return list
  },
}

function storeNew(passage: Passage, server: Server): unknown {
  const { kind, namespace } = passage
  const draft = must(passage.draft, 'a create has a draft')
  const { name } = draft.metadata
  if (server.etcd.get(kind.storagePrefix, namespace, name) !== undefined) throw alreadyExists(resourceOf(kind), name)
  passage.code = 201
  return put(passage, draft as KubeObject, 'created', server)
}

function storeNext(passage: Passage, server: Server): unknown {
  const old = must(passage.old, 'an update has an old object')
  const draft = must(passage.draft, 'an update has a draft') as KubeObject
  const { metadata } = draft
  if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion)
    throw conflict(resourceOf(passage.kind), old.metadata.name, staleWrite)
  if (isEqual({ ...draft.metadata, resourceVersion: '' }, { ...old.metadata, resourceVersion: '' }) && isSame(draft, old)) return old
  if (isReleased(draft)) return remove(passage, draft, server)
  return put(passage, draft, passage.subresource === 'status' ? 'statusUpdated' : 'updated', server)
}

/** A deleted object whose last finalizer went, with no grace left, leaves the store. */
function isReleased({ metadata }: KubeObject): boolean {
  const isHeld = (metadata.finalizers?.length ?? 0) > 0
  return metadata.deletionTimestamp !== undefined && !isHeld && !metadata.deletionGracePeriodSeconds
}

function isSame(a: KubeObject, b: KubeObject): boolean {
  return isEqual({ ...a, metadata: undefined }, { ...b, metadata: undefined })
}

function createAt(passage: Passage, server: Server): unknown {
  const subresource = findSubresource(passage.kind, passage.subresource)
  if (subresource?.create === undefined) throw methodNotAllowed()
  const old = stored(passage, server)
  passage.code = 201
  const verbs = {
    put: (at: Passage, next: KubeObject, what: string, detail?: Readonly<Record<string, unknown>>) => put(at, next, what, server, detail),
    remove: (at: Passage, object: KubeObject) => removeOrMark(at, object, server, put, remove),
  }
  return subresource.create(passage, old, server, verbs)
}

/** Writes to etcd, tells the trace and the watchers; a dry run stops right before. */
export function put(
  passage: Passage,
  object: KubeObject,
  what: string,
  server: Server,
  detail?: Readonly<Record<string, unknown>>,
): KubeObject {
  if (passage.options.dryRun) return object
  const { kind, namespace } = passage
  const key = { prefix: kind.storagePrefix, namespace, name: object.metadata.name }
  const change = server.etcd.put(key, (revision) => stamped(object, revision))
  tell(passage, change, what, server, detail)
  return change.value as KubeObject
}

/** Takes an object out of the store, tells the trace and the watchers. */
export function remove(passage: Passage, object: KubeObject, server: Server): KubeObject {
  if (passage.options.dryRun) return object
  const { kind, namespace } = passage
  const key = { prefix: kind.storagePrefix, namespace, name: object.metadata.name }
  const change = server.etcd.remove(key, (revision) => stamped(object, revision))
  tell(passage, change, 'deleted', server)
  return change.value as KubeObject
}

function stamped(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
}

function tell(
  { kind, actor }: Passage,
  change: Change,
  what: string,
  { sim, watchers }: Server,
  detail?: Readonly<Record<string, unknown>>,
): void {
  const object = change.value as KubeObject
  const cause = sim.record(actor, what, refOf(object), detail, change.revision)
  watchers.publish(kind, change, cause)
}

function stored({ kind, namespace, name }: Passage, { etcd }: Server): KubeObject {
  const found = etcd.get(kind.storagePrefix, namespace, name)
  if (found === undefined) throw notFound(resourceOf(kind), name)
  return found.value as KubeObject
}

function patched(passage: Passage): Draft<KubeObject> {
  const { kind, request } = passage
  const old = must(passage.old, 'a patch has an old object')
  const live = findSubresource(kind, passage.subresource)?.read?.(old) ?? old
  const body = applyPatch(kind, request.patchType ?? 'strategic', live as KubeObject, request.body)
  return decodeBody({ ...passage, request: { ...request, body } })
}

function nameDraft({ draft, kind }: Passage, { context, etcd }: Server): void {
  const { metadata } = must(draft, 'a create has a draft')
  if (metadata.name || !metadata.generateName) return
  const namespace = kind.namespaced ? (metadata.namespace ?? '') : ''
  const triesMax = 8
  for (let tries = 0; tries < triesMax; tries++) {
    metadata.name = generateName(metadata.generateName, context.int)
    if (etcd.get(kind.storagePrefix, namespace, metadata.name) === undefined) return
  }
}

function prepareUpdate(passage: Passage, draft: Draft<KubeObject>, old: KubeObject, server: Server): void {
  const { kind, subresource } = passage
  if (subresource !== '') {
    const merge = findSubresource(kind, subresource)?.merge
    if (merge === undefined) throw methodNotAllowed()
    passage.draft = merge(draft, old)
    if (subresource === 'status') kind.prepareForStatusUpdate?.(passage.draft, old, server.context)
  } else if (kind.subresources.includes('status')) keepStatus(draft, old)
  const next = must(passage.draft, 'a draft')
  keepSystemMeta(next, old)
  if (subresource !== 'status') kind.prepareForUpdate?.(next, old, server.context)
  const isNew = kind.isNewGeneration ?? hasOtherSpec
  if (kind.hasGeneration && subresource !== 'status' && isNew(next as KubeObject, old))
    next.metadata.generation = (old.metadata.generation ?? 0) + 1
}

function keepStatus(draft: Draft<KubeObject>, old: KubeObject): void {
  const { status } = old as { status?: unknown }
  if (status === undefined) delete (draft as { status?: unknown }).status
  else (draft as { status?: unknown }).status = status
}

/** What no client can change about an object's identity and deletion. */
function keepSystemMeta({ metadata }: Draft<KubeObject>, old: KubeObject): void {
  const kept = ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'generateName'] as const
  for (const key of kept) {
    if (old.metadata[key] === undefined) delete metadata[key]
    else (metadata as Record<string, unknown>)[key] = old.metadata[key]
  }
  metadata.uid ||= old.metadata.uid
}

function hasOtherSpec(next: KubeObject, old: KubeObject): boolean {
  return !isEqual((next as { spec?: unknown }).spec, (old as { spec?: unknown }).spec)
}

function errorsOf({ kind, old, subresource }: Passage, object: KubeObject) {
  if (old === undefined) return [...validateMeta(kind, object), ...(kind.validate?.(object) ?? [])]
  if (subresource === 'status') return kind.validateStatusUpdate?.(object, old) ?? []
  return [...validateMeta(kind, object), ...(kind.validateUpdate?.(object, old) ?? [])]
}

function admissionRequestOf(passage: Passage, server: Server): AdmissionRequest {
  const { request, kind, subresource, namespace, draft, old, user, options, warnings } = passage
  return {
    verb: request.verb === 'patch' ? 'update' : request.verb,
    kind,
    subresource,
    namespace,
    name: draft?.metadata.name ?? passage.name,
    draft,
    old,
    user,
    dryRun: options.dryRun ?? false,
    context: server.context,
    warn: (text) => warnings.push(text),
  }
}

/** What the server itself writes into a new object's metadata. */
function stampNew(draft: Draft<KubeObject>, { sim, context }: Server): void {
  const { metadata } = draft
  metadata.uid = randomUid(() => context.int(4294967296))
  metadata.creationTimestamp = formatTime(sim.now())
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  delete (metadata as { resourceVersion?: string }).resourceVersion
}
