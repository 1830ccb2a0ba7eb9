import {
  alreadyExists,
  isEqual,
  methodNotAllowed,
  noSuchResource,
  unauthorized,
  type KubeObject,
} from '../api/index.ts'
import { must } from '../sim/index.ts'
import type { AdmissionRequest } from './admission/admission.ts'
import { authorize } from './authorization.ts'
import { decodeBody } from './decode.ts'
import { removeAll, removeOrMark } from './deletion.ts'
import { checkOptions } from './options.ts'
import type { Passage, Server } from './passage.ts'
import { resourceOf } from './passage.ts'
import { decodePatch } from './patch.ts'
import { errorsOf, nameDraft, prepareCreate, prepareUpdate, refuse } from './prepare.ts'
import { read } from './read.ts'
import type { RequestEvent } from './requestMachine.ts'
import { put, remove, stored } from './storage.ts'
import { findSubresource } from './subresources/index.ts'

type Stage = (passage: Passage, server: Server) => RequestEvent['type']

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

/** What happens in each state of `requestMachine`; a refusal is a thrown ApiError. */
export const stages: Readonly<Record<string, Stage>> = {
  authentication({ user }) {
    if (user.name === '') throw unauthorized()
    return 'passed'
  },

  authorization(passage) {
    const { kind, subresource, request } = passage
    if (!passage.isTrusted) authorize(passage)
    if (subresource !== '' && !kind.subresources.includes(subresource)) throw noSuchResource()
    if (subresource === '' && !kind.verbs.includes(request.verb)) throw methodNotAllowed()
    if (!passage.isTrusted) checkOptions(passage)
    return reads.has(request.verb) ? 'read' : 'passed'
  },

  reading(passage, server) {
    passage.answer = read(passage, server)
    return 'passed'
  },

  decoding(passage, server) {
    const { verb } = passage.request
    const door = findSubresource(passage.kind, passage.subresource)
    if (verb === 'create' && passage.subresource === '') passage.draft = decodeBody(passage)
    if (verb === 'update') {
      passage.draft = door?.decode ? door.decode(passage) : decodeBody(passage)
      passage.old = stored(passage, server)
    }
    if (verb === 'patch') {
      passage.old = stored(passage, server)
      passage.draft = decodePatch(passage)
    }
    return 'passed'
  },

  defaulting({ kind, draft, subresource }) {
    if (draft && subresource === '') kind.defaults?.(draft)
    return 'passed'
  },

  mutatingAdmission(passage, server) {
    const { draft, request } = passage
    if (passage.subresource === 'status') return 'passed' // no default plugin looks at reports of state
    if (draft && request.verb === 'create') nameDraft(passage, server)
    const admission = admissionRequestOf(passage, server)
    for (const plugin of server.admission) plugin.mutate?.(admission)
    return 'passed'
  },

  preparation(passage, server) {
    const { draft, old } = passage
    if (draft === undefined) return 'passed'
    if (old === undefined) prepareCreate(passage, draft, server)
    else prepareUpdate(passage, draft, old, server)
    return 'passed'
  },

  validation(passage) {
    const { draft, old, kind, subresource } = passage
    if (draft === undefined) return 'passed'
    refuse(passage, errorsOf(passage, draft as KubeObject))
    if (!passage.isTrusted && subresource === '')
      passage.warnings.push(...(kind.warnings?.(draft as KubeObject, old) ?? []))
    return 'passed'
  },

  validatingAdmission(passage, server) {
    if (passage.subresource === 'status') return 'passed'
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
  delete: (passage, server) => removeOrMark(passage, stored(passage, server), server),
  deletecollection: removeAll,
}

function storeNew(passage: Passage, server: Server): unknown {
  const { kind, namespace } = passage
  const draft = must(passage.draft, 'a create has a draft')
  const { name, generateName } = draft.metadata
  if (server.etcd.get(kind.storagePrefix, namespace, name) !== undefined)
    throw alreadyExists(resourceOf(kind), name, generateName)
  passage.code = 201
  return put(passage, draft as KubeObject, 'created', server)
}

function storeNext(passage: Passage, server: Server): unknown {
  const { kind, subresource } = passage
  const old = must(passage.old, 'an update has an old object')
  const draft = must(passage.draft, 'an update has a draft') as KubeObject
  const door = findSubresource(kind, subresource)
  const show = (object: KubeObject): unknown => door?.read?.(object) ?? object
  if (isEqual(draft, old)) return show(old)
  if (isReleased(draft)) {
    remove(passage, old, server)
    return show(draft)
  }
  return show(put(passage, draft, subresource === 'status' ? 'statusUpdated' : 'updated', server))
}

/** A deleted object whose last finalizer went, with no grace left, leaves the store. */
function isReleased(object: KubeObject): boolean {
  const { finalizers, deletionTimestamp, deletionGracePeriodSeconds } = object.metadata
  const ownFinalizers = (object as { spec?: { finalizers?: readonly string[] } }).spec?.finalizers
  const isHeld = (finalizers?.length ?? 0) > 0 || (object.kind === 'Namespace' && (ownFinalizers?.length ?? 0) > 0)
  return deletionTimestamp !== undefined && !isHeld && !deletionGracePeriodSeconds
}

function createAt(passage: Passage, server: Server): unknown {
  const subresource = findSubresource(passage.kind, passage.subresource)
  if (subresource?.create === undefined) throw methodNotAllowed()
  const old = stored(passage, server)
  passage.code = 201
  const verbs = {
    put: (at: Passage, next: KubeObject, what: string, detail?: Readonly<Record<string, unknown>>) =>
      put(at, next, what, server, detail),
    remove: (at: Passage, object: KubeObject) => removeOrMark(at, object, server),
  }
  return subresource.create(passage, old, server, verbs)
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
