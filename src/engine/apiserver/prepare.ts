import {
  conflict,
  formatTime,
  generateName,
  invalid,
  invalidValue,
  isEqual,
  methodNotAllowed,
  quote,
  randomUid,
  staleWrite,
  statusError,
  type ApiError,
  type Draft,
  type FieldError,
  type KubeObject,
} from '../api/index.ts'
import type { Kind } from '../kinds/defineKind.ts'
import { metaErrors, metaUpdateErrors } from '../kinds/rules/meta.ts'
import { must } from '../sim/index.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/registry/rest/create.go BeforeCreate, update.go BeforeUpdate

/** Makes a new object ready: its name, uid and birthday, and what its kind resets. */
export function prepareCreate(passage: Passage, draft: Draft<KubeObject>, server: Server): void {
  const { kind } = passage
  const { metadata } = draft
  metadata.uid = randomUid(server.context.int)
  metadata.creationTimestamp = formatTime(server.sim.now())
  dropUnborn(metadata)
  if (kind.hasGeneration) metadata.generation = 1
  else if (metadata.generation !== undefined) delete metadata.generation
  kind.prepareForCreate?.(draft, server.context)
  kind.stampUser?.(draft, passage.user)
  if (kind.allocate !== undefined) refuse(passage, kind.allocate(draft, undefined, server.context))
}

/** What an object cannot be born with. Components send nothing of it, which is looked up fastest name by name. */
function dropUnborn(metadata: Partial<Draft<KubeObject>['metadata']> & { selfLink?: string }): void {
  if (metadata.deletionTimestamp !== undefined) delete metadata.deletionTimestamp
  if (metadata.deletionGracePeriodSeconds !== undefined) delete metadata.deletionGracePeriodSeconds
  if (metadata.resourceVersion !== undefined) delete metadata.resourceVersion
  if (metadata.selfLink !== undefined) delete metadata.selfLink
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
  const { kind, subresource, door } = passage
  checkVersion(passage, draft, old)
  if (subresource !== '') {
    if (door?.merge === undefined) throw methodNotAllowed()
    passage.draft = door.merge(draft, old, kind)
  } else if (kind.hasStatus) keepStatus(draft, old)
  const next = must(passage.draft, 'an update has a draft')
  keepSystemMeta(next, old)
  if (subresource === 'status') return kind.prepareForStatusUpdate?.(next, old, server.context)
  if (subresource === '') kind.prepareForUpdate?.(next, old, server.context)
  else kind.prepareForSubresource?.(subresource, next, old, server.context)
  const isNew = kind.isNewGeneration ?? hasOtherSpec
  if (kind.hasGeneration && isNew(next as KubeObject, old))
    next.metadata.generation = (old.metadata.generation ?? 0) + 1
  if (kind.allocate !== undefined) refuse(passage, kind.allocate(next, old, server.context))
}

function checkVersion(
  { kind, isTrusted, subresource }: Passage,
  { metadata }: Draft<KubeObject>,
  old: KubeObject,
): void {
  const { resourceVersion } = metadata
  if (resourceVersion && resourceVersion !== '0') {
    if (resourceVersion === old.metadata.resourceVersion) return
    if (!/^\d+$/.test(resourceVersion)) throw notANumber(resourceVersion)
    throw conflict(resourceOf(kind), old.metadata.name, staleWrite)
  }
  if (kind.needsResourceVersion && (subresource === '' || subresource === 'status') && !isTrusted)
    throw invalid(kind.group, kind.plural, old.metadata.name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ])
}

/** What nobody foresaw has a message alone. */
const notANumber = (text: string): ApiError =>
  statusError({ message: `strconv.ParseUint: parsing ${quote(text)}: invalid syntax`, code: 500 })

function keepStatus(draft: Draft<KubeObject>, old: KubeObject): void {
  const { status } = old as { status?: unknown }
  if (status === undefined) delete (draft as { status?: unknown }).status
  else (draft as { status?: unknown }).status = status
}

const systemMeta = ['creationTimestamp', 'generation', 'resourceVersion'] as const

/** What no client can change about an object's birth and death; to set a time of death is refused later on. */
function keepSystemMeta({ metadata }: Draft<KubeObject>, old: KubeObject): void {
  const next = metadata as unknown as Record<string, unknown>
  for (const key of systemMeta) {
    const value = old.metadata[key]
    if (next[key] === value) continue
    if (value === undefined) delete next[key]
    else next[key] = value
  }
  metadata.uid ||= old.metadata.uid
  const { deletionTimestamp, deletionGracePeriodSeconds } = old.metadata
  if (deletionTimestamp !== undefined) metadata.deletionTimestamp = deletionTimestamp
  if (deletionGracePeriodSeconds !== undefined) metadata.deletionGracePeriodSeconds ??= deletionGracePeriodSeconds
}

function hasOtherSpec(next: KubeObject, old: KubeObject): boolean {
  return !isEqual((next as { spec?: unknown }).spec, (old as { spec?: unknown }).spec)
}

/** What is wrong with the object that is to be stored. */
export function errorsOf({ kind, old, subresource, door }: Passage, object: KubeObject): readonly FieldError[] {
  if (old === undefined) return joined(metaErrors(kind, object), kind.validate?.(object))
  const meta = metaUpdateErrors(kind, object.metadata, old.metadata)
  const own =
    subresource === 'status'
      ? kind.validateStatusUpdate?.(object, old)
      : subresource !== ''
        ? errorsAt(kind, subresource, door, object, old)
        : kind.validateUpdate?.(object, old, () => metaErrors(kind, object))
  return joined(meta, own)
}

function errorsAt(
  kind: Kind,
  subresource: string,
  door: Passage['door'],
  object: KubeObject,
  old: KubeObject,
): readonly FieldError[] | undefined {
  if (kind.validateSubresource) return kind.validateSubresource(subresource, object, old)
  return door?.validate
    ? door.validate(object, old)
    : kind.validateUpdate?.(object, old, () => metaErrors(kind, object))
}

const none: readonly FieldError[] = Object.freeze([])

function joined(a: readonly FieldError[], b: readonly FieldError[] | undefined): readonly FieldError[] {
  return a.length === 0 ? (b ?? none) : b === undefined || b.length === 0 ? a : [...a, ...b]
}

/** Throws the 422 that tells what is wrong, if anything is. */
export function refuse({ kind, draft }: Passage, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind.group, kind.kind, draft?.metadata.name ?? '', errors)
}
