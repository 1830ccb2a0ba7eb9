import {
  conflict,
  formatTime,
  generateName,
  invalid,
  invalidValue,
  isEqual,
  methodNotAllowed,
  randomUid,
  staleWrite,
  type Draft,
  type FieldError,
  type KubeObject,
} from '../api/index.ts'
import { metaErrors, metaUpdateErrors } from '../kinds/rules/meta.ts'
import { must } from '../sim/index.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import { findSubresource } from './subresources/index.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/registry/rest/create.go BeforeCreate, update.go BeforeUpdate

/** Makes a new object ready: its name, uid and birthday, and what its kind resets. */
export function prepareCreate(passage: Passage, draft: Draft<KubeObject>, server: Server): void {
  const { kind } = passage
  const { metadata } = draft
  metadata.uid = randomUid(() => server.context.int(4_294_967_296))
  metadata.creationTimestamp = formatTime(server.sim.now())
  for (const field of ['deletionTimestamp', 'deletionGracePeriodSeconds', 'resourceVersion', 'selfLink'] as const)
    delete (metadata as unknown as Record<string, unknown>)[field]
  if (kind.hasGeneration) metadata.generation = 1
  else delete metadata.generation
  kind.prepareForCreate?.(draft, server.context)
  refuse(passage, kind.allocate?.(draft, undefined, server.context) ?? [])
}

/** A generated name; eight tries to find a free one. */
export function nameDraft({ draft, kind }: Passage, { context, etcd }: Server): void {
  const { metadata } = must(draft, 'a create has a draft')
  if (metadata.name || !metadata.generateName) return
  const namespace = kind.namespaced ? (metadata.namespace ?? '') : ''
  const triesMax = 8
  for (let tries = 0; tries < triesMax; tries++) {
    metadata.name = generateName(metadata.generateName, context.int)
    if (etcd.get(kind.storagePrefix, namespace, metadata.name) === undefined) return
  }
}

/** Makes an update ready: puts back what it may not touch, and counts its generation. */
export function prepareUpdate(passage: Passage, draft: Draft<KubeObject>, old: KubeObject, server: Server): void {
  const { kind, subresource } = passage
  checkVersion(passage, draft, old)
  if (subresource !== '') {
    const merge = findSubresource(kind, subresource)?.merge
    if (merge === undefined) throw methodNotAllowed()
    passage.draft = merge(draft, old, kind)
  } else if (kind.subresources.includes('status')) keepStatus(draft, old)
  const next = must(passage.draft, 'an update has a draft')
  keepSystemMeta(next, old)
  if (subresource === 'status') return kind.prepareForStatusUpdate?.(next, old, server.context)
  if (subresource === '') kind.prepareForUpdate?.(next, old, server.context)
  const isNew = kind.isNewGeneration ?? hasOtherSpec
  if (kind.hasGeneration && isNew(next as KubeObject, old))
    next.metadata.generation = (old.metadata.generation ?? 0) + 1
  refuse(passage, kind.allocate?.(next, old, server.context) ?? [])
}

function checkVersion(
  { kind, isTrusted, subresource }: Passage,
  { metadata }: Draft<KubeObject>,
  old: KubeObject,
): void {
  const resource = resourceOf(kind)
  if (metadata.resourceVersion) {
    if (metadata.resourceVersion !== old.metadata.resourceVersion)
      throw conflict(resource, old.metadata.name, staleWrite)
  } else if (kind.needsResourceVersion && subresource === '' && !isTrusted)
    throw invalid(resource.group, resource.resource, old.metadata.name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ])
}

function keepStatus(draft: Draft<KubeObject>, old: KubeObject): void {
  const { status } = old as { status?: unknown }
  if (status === undefined) delete (draft as { status?: unknown }).status
  else (draft as { status?: unknown }).status = status
}

/** What no client can change about an object's birth and death. */
function keepSystemMeta({ metadata }: Draft<KubeObject>, old: KubeObject): void {
  const kept = [
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'resourceVersion',
  ] as const
  for (const key of kept) {
    if (old.metadata[key] === undefined) delete (metadata as unknown as Record<string, unknown>)[key]
    else (metadata as unknown as Record<string, unknown>)[key] = old.metadata[key]
  }
  metadata.uid ||= old.metadata.uid
}

function hasOtherSpec(next: KubeObject, old: KubeObject): boolean {
  return !isEqual((next as { spec?: unknown }).spec, (old as { spec?: unknown }).spec)
}

/** What is wrong with the object that is to be stored. */
export function errorsOf({ kind, old, subresource }: Passage, object: KubeObject): readonly FieldError[] {
  if (old === undefined) return joined(metaErrors(kind, object), kind.validate?.(object))
  const meta = metaUpdateErrors(object.metadata, old.metadata)
  const own =
    subresource === 'status'
      ? kind.validateStatusUpdate?.(object, old)
      : kind.validateUpdate?.(object, old, () => metaErrors(kind, object))
  // the generic registry looks at the metadata, and then the kind's own strategy does so again
  return meta.length === 0 ? (own ?? none) : [...meta, ...meta, ...(own ?? none)]
}

const none: readonly FieldError[] = Object.freeze([])

function joined(a: readonly FieldError[], b: readonly FieldError[] | undefined): readonly FieldError[] {
  return a.length === 0 ? (b ?? none) : b === undefined || b.length === 0 ? a : [...a, ...b]
}

/** Throws the 422 that tells what is wrong, if anything is. */
export function refuse({ kind, draft }: Passage, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind.group, kind.kind, draft?.metadata.name ?? '', errors)
}
