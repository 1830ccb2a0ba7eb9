import {
  alreadyExists,
  isEqual,
  methodNotAllowed,
  noSuchResource,
  unauthorized,
  type KubeObject,
  type Verb,
} from '../api/index.ts'
import { must } from '../sim/index.ts'
import type { AdmissionRequest } from './admission/admission.ts'
import { readMetrics } from './aggregation/readMetrics.ts'
import { impersonate } from './authentication/impersonation.ts'
import { answerReview, authorize, authorizeCreate, checkEscalation, isPolicyKind } from './authorization/index.ts'
import { storedOrNew } from './createsOnUpdate.ts'
import { checkNesting, decodeBody } from './decode.ts'
import { removeAll, removeOrMark } from './deletion.ts'
import { checkOptions } from './options.ts'
import type { Passage, Server } from './passage.ts'
import { resourceOf } from './passage.ts'
import { decodePatch, storedForPatch } from './patch.ts'
import { errorsOf, nameDraft, prepareCreate, prepareUpdate, refuse } from './prepare.ts'
import { read } from './read.ts'
import type { RequestEvent } from './requestMachine.ts'
import { put, putOwned, remove, stored } from './storage.ts'
import { findSubresource } from './subresources/index.ts'
import type { StoreVerbs } from './subresources/subresource.ts'
import { verbsAt } from './subresources/verbs.ts'

type Stage = (passage: Passage, server: Server) => RequestEvent['type']

/** Whether a request of that verb changes nothing. */
export const isRead = (verb: string): boolean => verb === 'get' || verb === 'list' || verb === 'watch'

/** What happens in each state of `requestMachine`; a refusal is a thrown ApiError. */
export const stages: Readonly<Record<string, Stage>> = {
  authentication(passage, server) {
    const { user } = passage
    if (user.impersonator !== undefined) passage.user = impersonate(passage, user, server)
    else if (user.name === '') throw unauthorized()
    return 'passed'
  },

  authorization(passage, server) {
    const { kind, subresource, door, request } = passage
    if (!passage.isTrusted) authorize(passage, server)
    if (door === undefined && subresource !== '' && !kind.subresources.includes(subresource)) throw noSuchResource()
    if (!passage.isTrusted) checkAsked(passage)
    return isRead(request.verb) ? 'read' : 'passed'
  },

  reading(passage, server) {
    passage.answer = passage.kind.isComputed ? readMetrics(passage, server) : read(passage, server)
    return 'passed'
  },

  decoding(passage, server) {
    const { door, request } = passage
    const { verb } = request
    if (!passage.isTrusted) checkNesting(passage)
    if (verb === 'create' && passage.subresource === '') passage.draft = decodeBody(passage)
    if (passage.kind.isVirtual) {
      if (passage.kind.kind !== 'Binding') passage.answer = answerReview(passage, server)
      passage.draft = undefined
    }
    if (verb === 'update') {
      passage.draft = door?.decode ? door.decode(passage) : decodeBody(passage)
      passage.old = storedOrNew(passage, server)
    }
    if (verb === 'patch') {
      passage.old = storedForPatch(passage, server)
      passage.draft = decodePatch(passage, server)
    }
    return 'passed'
  },

  defaulting({ kind, draft, subresource }) {
    if (draft && (subresource === '' || subresource === 'status')) kind.defaults?.(draft)
    return 'passed'
  },

  mutatingAdmission(passage, server) {
    const { draft, request } = passage
    if (!passage.isTrusted) server.fields.plan(passage)
    if (draft && request.verb === 'create') nameDraft(passage, server)
    const verb = admittedVerb(passage)
    const { mutate } = server.gates(passage.kind, verb, passage.subresource)
    if (mutate.length === 0) return 'passed'
    const admission = admissionRequestOf(passage, verb, server)
    for (const plugin of mutate) plugin(admission)
    return 'passed'
  },

  preparation(passage, server) {
    const { draft, old } = passage
    if (draft === undefined) return 'passed'
    if (!passage.isTrusted) {
      if (old === undefined && passage.request.verb !== 'create') authorizeCreate(passage, server)
      if (isPolicyKind(passage.kind)) checkEscalation(passage, server.context)
    }
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
    const verb = admittedVerb(passage)
    const { validate } = server.gates(passage.kind, verb, passage.subresource)
    if (validate.length === 0) return 'passed'
    const admission = admissionRequestOf(passage, verb, server)
    for (const plugin of validate) plugin(admission)
    return 'passed'
  },

  storage(passage, server) {
    passage.answer = storageVerbs[passage.request.verb]!(passage, server)
    return 'passed'
  },
}

/** The stages that a component's own requests go past, as nothing is asked there of it: what they would say. */
export const idleStages = {
  read: { authentication: 'passed', authorization: 'read' },
  write: { authentication: 'passed', authorization: 'passed' },
  /** nobody fills in or restricts what the cluster says of itself */
  report: {
    authentication: 'passed',
    defaulting: 'passed',
    mutatingAdmission: 'passed',
    validatingAdmission: 'passed',
  },
  /** … unless somebody has made a policy of their own */
  policedReport: { authentication: 'passed', defaulting: 'passed', mutatingAdmission: 'passed' },
  /** what is about a subresource, which the kind may not have */
  rest: { authentication: 'passed' },
} as const

/** What only people get wrong: a verb that is not served, and options that make no sense. */
function checkAsked(passage: Passage): void {
  const { kind, subresource, request } = passage
  const verbs = subresource === '' ? kind.verbs : verbsAt(subresource)
  if (!verbs.includes(request.verb)) throw methodNotAllowed()
  checkOptions(passage)
  if (kind.deprecation !== undefined) passage.warnings.push(kind.deprecation)
}

const storageVerbs: Readonly<Record<string, (passage: Passage, server: Server) => unknown>> = {
  create: (passage, server) => (passage.subresource === '' ? storeNew(passage, server) : createAt(passage, server)),
  update: (passage, server) => (passage.old === undefined ? storeNew : storeNext)(passage, server),
  patch: (passage, server) => (passage.old === undefined ? storeNew : storeNext)(passage, server),
  delete: (passage, server) => removeOrMark(passage, stored(passage, server), server),
  deletecollection: (passage, server) => removeAll(passage, server, admitDelete(server)),
}

/** What a delete of one object alone would pass. */
function admitDelete(server: Server): (passage: Passage, object: KubeObject) => void {
  return (passage, object) => {
    const { validate } = server.gates(passage.kind, 'delete', '')
    if (validate.length === 0) return
    const admission: AdmissionRequest = { ...admissionRequestOf(passage, 'delete', server), old: object }
    for (const plugin of validate) plugin(admission)
  }
}

function storeNew(passage: Passage, server: Server): unknown {
  const { kind, namespace } = passage
  passage.code = 201
  if (kind.isVirtual) return kind.kind === 'Binding' ? bind(passage, server) : passage.answer
  const draft = must(passage.draft, 'a create has a draft')
  const { name, generateName } = draft.metadata
  // a dry run has no transaction that would find out. upstream: registry/dryrun.go Create
  if (passage.options.dryRun && server.etcd.get(kind.storagePrefix, namespace, name) !== undefined)
    throw alreadyExists(resourceOf(kind), name, generateName)
  kind.beforeStorage?.(draft)
  return putOwned(passage, draft as KubeObject, 'created', server)
}

function storeNext(passage: Passage, server: Server): unknown {
  const { subresource, door } = passage
  const old = must(passage.old, 'an update has an old object')
  const draft = must(passage.draft, 'an update has a draft') as KubeObject
  if (isSame(draft, old) && !server.fields.isNews(passage)) return shownAt(door, old)
  if (isReleased(draft)) {
    remove(passage, old, server)
    return shownAt(door, draft)
  }
  return shownAt(door, putOwned(passage, draft, subresource === 'status' ? 'statusUpdated' : 'updated', server))
}

/** What a subresource answers of an object. */
function shownAt(door: Passage['door'], object: KubeObject): unknown {
  return door?.read?.(object) ?? object
}

/** Whether an update changes nothing. Most report another state, so that is looked at before the whole. */
export function isSame(next: Stated, old: Stated): boolean {
  const { status } = next
  if (typeof status === 'object' && status !== null && differsAtAGlance(status, old.status)) return false
  return isEqual(status, old.status) && isEqual(next, old)
}

/** Whether a state differs in a word or number, as most that differ do: lists need not be compared, then. */
function differsAtAGlance(next: object, old: unknown): boolean {
  const before = (old ?? {}) as Readonly<Record<string, unknown>>
  for (const key in next) {
    const part = (next as Readonly<Record<string, unknown>>)[key]
    if (typeof part !== 'object' && part !== before[key]) return true
  }
  return false
}

type Stated = KubeObject & { readonly status?: unknown }

/** A deleted object whose last finalizer went, with no grace left, leaves the store. */
function isReleased(object: KubeObject): boolean {
  const { finalizers, deletionTimestamp, deletionGracePeriodSeconds } = object.metadata
  const ownFinalizers = (object as { spec?: { finalizers?: readonly string[] } }).spec?.finalizers
  const isHeld = (finalizers?.length ?? 0) > 0 || (object.kind === 'Namespace' && (ownFinalizers?.length ?? 0) > 0)
  return deletionTimestamp !== undefined && !isHeld && !deletionGracePeriodSeconds
}

/** The old door to a pod's binding: a Binding is created, and its name is the pod's. */
// upstream: pkg/registry/core/pod/storage/storage.go LegacyBindingREST
function bind(passage: Passage, server: Server): unknown {
  const { metadata } = passage.request.body as Partial<KubeObject>
  const kind = server.registry.byKind('Pod')
  const subresource = 'binding'
  const door = findSubresource(kind, subresource)
  const at = { ...passage, kind, subresource, door, name: metadata?.name ?? '' }
  const answer = createAt(at, server)
  passage.code = at.code
  return answer
}

function createAt(passage: Passage, server: Server): unknown {
  const { door } = passage
  if (door?.create === undefined) throw methodNotAllowed()
  const old = stored(passage, server)
  passage.code = 201
  return door.create(passage, old, server, storeVerbs)
}

const storeVerbs: StoreVerbs = { put, remove: removeOrMark }

/** What a write is to those who admit it: whatever makes an object creates it, all other changes update it. */
function admittedVerb({ request: { verb }, old }: Passage): Verb {
  if (verb !== 'update' && verb !== 'patch') return verb
  return old === undefined ? 'create' : 'update'
}

function admissionRequestOf(passage: Passage, verb: Verb, server: Server): AdmissionRequest {
  const { kind, subresource, namespace, draft, old, user, options, warnings } = passage
  return {
    verb,
    kind,
    subresource,
    namespace,
    name: draft?.metadata.name ?? passage.name,
    draft,
    old,
    user,
    dryRun: options.dryRun ?? false,
    context: server.context,
    putStatus: server.putStatus,
    warnings,
  }
}
