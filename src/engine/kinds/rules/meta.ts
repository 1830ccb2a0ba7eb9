import {
  duplicate,
  each,
  invalidValue,
  isEqual,
  isLabelValue,
  isLabel,
  isQualifiedName,
  isSubdomain,
  notAllowed,
  required,
  tooLong,
  type FieldError,
  type KubeObject,
  type ObjectMeta,
  type OwnerReference,
} from '../../api/index.ts'
import type { Kind } from '../defineKind.ts'

// upstream: staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go, pkg/apis/core/validation/validation.go

type Texts = Readonly<Record<string, string>>

const none: readonly FieldError[] = Object.freeze([])
const annotationsBytesMax = 256 * 1024

/** What is wrong with the metadata of an object that is to be stored. */
export function metaErrors(
  kind: Pick<Kind, 'validateName' | 'namespaced' | 'custom' | 'group'>,
  { metadata }: KubeObject,
): readonly FieldError[] {
  const { name, generateName, namespace, finalizers } = metadata
  const errors: FieldError[] = []
  const check = kind.validateName ?? isSubdomain
  if (generateName) addEach(errors, 'metadata.generateName', generateName, check(withoutDash(generateName)))
  if (!name) errors.push(required('metadata.name', 'name or generateName is required'))
  else addEach(errors, 'metadata.name', name, check(name))
  if (kind.namespaced && !namespace) errors.push(required('metadata.namespace'))
  else if (kind.namespaced) addEach(errors, 'metadata.namespace', namespace!, isLabel(namespace!))
  const common = commonErrors(metadata)
  if (common.length > 0) errors.push(...common)
  if (finalizers !== undefined) errors.push(...listErrors(finalizers), ...kubeFinalizers(kind, metadata))
  return errors.length === 0 ? none : errors
}

/** Most texts break no rule, and a list of nothing need not be spread. */
function addEach(errors: FieldError[], field: string, value: string, texts: readonly string[]): void {
  if (texts.length > 0) errors.push(...each(field, value, texts))
}

/** What is wrong with the names of finalizers, and with two that contradict each other. */
function listErrors(finalizers: readonly string[] | undefined): readonly FieldError[] {
  if (finalizers === undefined) return none
  return [...finalizers.flatMap((name) => finalizerErrors('metadata.finalizers', name)), ...bothPolicies(finalizers)]
}

/** Built-in kinds want finalizers without a prefix to be known ones; custom resources are only warned about. */
// upstream: pkg/apis/core/validation/validation.go ValidateObjectMeta
function kubeFinalizers(
  { custom, group }: Pick<Kind, 'custom' | 'group'>,
  { finalizers }: ObjectMeta,
): readonly FieldError[] {
  if (finalizers === undefined || custom !== undefined || own.has(group)) return none
  return finalizers.flatMap((name, index) => standardFinalizer(`metadata.finalizers[${index}]`, name))
}

/** Groups of other servers, which do not know that rule. */
const own: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io'])

/** A generated name's base may end in a dash: something will follow. The last two characters give way to one letter. */
// upstream: apimachinery/pkg/api/validation/generic.go maskTrailingDash
function withoutDash(base: string): string {
  return base.length > 1 && base.endsWith('-') ? `${base.slice(0, -2)}a` : base
}

function commonErrors(metadata: ObjectMeta): readonly FieldError[] {
  const { labels, annotations, ownerReferences } = metadata
  const inLabels = labelErrors('metadata.labels', labels)
  const inAnnotations = annotationErrors('metadata.annotations', annotations)
  const inOwners = ownerErrors('metadata.ownerReferences', ownerReferences)
  if (inLabels.length + inAnnotations.length + inOwners.length === 0) return none
  return [...inLabels, ...inAnnotations, ...inOwners]
}

/** What is wrong with the keys and values of labels, or of a plain selector. */
export function labelErrors(path: string, labels: Texts | undefined): readonly FieldError[] {
  if (labels === undefined) return none
  let errors: FieldError[] | undefined
  for (const key in labels) {
    const value = labels[key]!
    const keys = isQualifiedName(key)
    const values = isLabelValue(value)
    if (keys.length + values.length === 0) continue
    errors = [...(errors ?? []), ...each(path, key, keys), ...each(path, value, values)]
  }
  return errors ?? none
}

/** What is wrong with annotations: their keys, and their size altogether. */
export function annotationErrors(path: string, annotations: Texts | undefined): readonly FieldError[] {
  if (annotations === undefined) return none
  const errors: FieldError[] = []
  let bytes = 0
  for (const key in annotations) {
    errors.push(...each(path, key, isQualifiedName(key.toLowerCase())))
    bytes += key.length + annotations[key]!.length
  }
  if (bytes > annotationsBytesMax) errors.push(tooLong(path, annotationsBytesMax))
  return errors
}

/** Each complaint of one controller too many shows the whole list. */
// differs: upstream makes as many of them as there are such controllers
const controllersMax = 10

function ownerErrors(path: string, owners: readonly OwnerReference[] | undefined): readonly FieldError[] {
  if (owners === undefined) return none
  const errors: FieldError[] = []
  let controller: OwnerReference | undefined
  let shown: unknown
  let told = 0
  for (const owner of owners) {
    const own = ownerError(path, owner)
    if (own.length > 0) errors.push(...own)
    if (owner.controller !== true) continue
    if (controller !== undefined && told++ >= controllersMax) continue
    if (controller !== undefined)
      errors.push(
        invalidValue(
          path,
          (shown ??= owners.map(inOrder)),
          `Only one reference can have Controller set to true. Found "true" in references for ${controller.kind}/${controller.name} and ${owner.kind}/${owner.name}`,
        ),
      )
    else controller = owner
  }
  return errors
}

/** A reference as Go prints it. */
function inOrder({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): OwnerReference {
  return {
    apiVersion,
    kind,
    name,
    uid,
    ...(controller !== undefined && { controller }),
    ...(blockOwnerDeletion !== undefined && { blockOwnerDeletion }),
  }
}

function ownerError(path: string, owner: OwnerReference): readonly FieldError[] {
  const { apiVersion, kind, name, uid } = owner
  const isOdd = apiVersion !== undefined && apiVersion.indexOf('/') !== apiVersion.lastIndexOf('/')
  if (apiVersion && !isOdd && kind && name && uid && kind !== 'Event') return none
  const errors: FieldError[] = []
  const empty = 'must not be empty'
  if (!apiVersion || apiVersion.endsWith('/') || isOdd)
    errors.push(invalidValue(`${path}.apiVersion`, apiVersion, 'version must not be empty'))
  if (!kind) errors.push(invalidValue(`${path}.kind`, kind ?? '', empty))
  if (!name) errors.push(invalidValue(`${path}.name`, name ?? '', empty))
  if (!uid) errors.push(invalidValue(`${path}.uid`, uid ?? '', empty))
  if (kind === 'Event')
    errors.push(
      invalidValue(
        path,
        owner,
        `${apiVersion === 'v1' ? '/v1' : apiVersion}, Kind=Event is disallowed from being an owner`,
      ),
    )
  return errors
}

/** What keeps a text from being a finalizer's name. */
export function finalizerErrors(path: string, name: string): readonly FieldError[] {
  return each(path, name, isQualifiedName(name))
}

const standardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** A finalizer without a prefix is one of the three that Kubernetes itself knows. */
export function standardFinalizer(path: string, name: string): readonly FieldError[] {
  if (name.includes('/') || standardFinalizers.has(name)) return none
  return [invalidValue(path, name, 'name is neither a standard finalizer name nor is it fully qualified')]
}

function bothPolicies(finalizers: readonly string[] | undefined): readonly FieldError[] {
  if (!finalizers?.includes('orphan') || !finalizers.includes('foregroundDeletion')) return none
  return [invalidValue('metadata.finalizers', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')]
}

const immutableMeta = ['name', 'namespace', 'uid', 'deletionGracePeriodSeconds'] as const

/**
 * What an update may not do to metadata. The generic registry looks at the whole and at the change, then the kind's own strategy looks
 * at the change once more.
 */
// upstream: staging/src/k8s.io/apiserver/pkg/registry/rest/update.go validateCommonFields
export function metaUpdateErrors(
  kind: Pick<Kind, 'custom' | 'group'>,
  next: ObjectMeta,
  old: ObjectMeta,
): readonly FieldError[] {
  if (isUntouched(next, old)) return none
  const whole = isDressedAlike(next, old) ? none : [...commonErrors(next), ...listErrors(next.finalizers)]
  const change = changeErrors(next, old)
  if (whole.length === 0 && change.length === 0 && next.finalizers === old.finalizers) return none
  return [...whole, ...change, ...change, ...kubeFinalizers(kind, next)]
}

function isDressedAlike(next: ObjectMeta, old: ObjectMeta): boolean {
  return (
    next.labels === old.labels &&
    next.annotations === old.annotations &&
    next.ownerReferences === old.ownerReferences &&
    next.finalizers === old.finalizers
  )
}

function changeErrors(next: ObjectMeta, old: ObjectMeta): readonly FieldError[] {
  const errors: FieldError[] = []
  errors.push(...newFinalizers(next, old))
  if (next.generation !== undefined && next.generation < (old.generation ?? 0))
    errors.push(invalidValue('metadata.generation', next.generation, 'must not be decremented'))
  for (const key of immutableMeta) errors.push(...immutable(`metadata.${key}`, next[key], old[key]))
  errors.push(...sameDeath(next.deletionTimestamp, old.deletionTimestamp))
  if (!isDressedAlike(next, old)) errors.push(...commonErrors(next))
  return errors
}

/** Only a delete says when an object dies. */
function sameDeath(next: string | undefined, old: string | undefined): readonly FieldError[] {
  if (next === old || next === undefined) return none
  const detail = `${next.replace('T', ' ').replace('Z', ' +0000 UTC')}: field is immutable` // as Go prints a time
  return [{ ...invalidValue('metadata.deletionTimestamp', next, detail), omitsValue: true }]
}

/** Most writes are reports of state, which bring the metadata back as it was. */
function isUntouched(next: ObjectMeta, old: ObjectMeta): boolean {
  return (
    next.name === old.name &&
    next.namespace === old.namespace &&
    next.uid === old.uid &&
    next.generation === old.generation &&
    next.deletionTimestamp === old.deletionTimestamp &&
    next.deletionGracePeriodSeconds === old.deletionGracePeriodSeconds &&
    next.finalizers === old.finalizers &&
    next.labels === old.labels &&
    next.annotations === old.annotations &&
    next.ownerReferences === old.ownerReferences
  )
}

function newFinalizers(next: ObjectMeta, old: ObjectMeta): readonly FieldError[] {
  if (old.deletionTimestamp === undefined) return none
  const added = (next.finalizers ?? []).filter((name) => !old.finalizers?.includes(name))
  if (added.length === 0) return none
  const list = `[]string{${added.map((name) => JSON.stringify(name)).join(', ')}}`
  return [
    notAllowed(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
    ),
  ]
}

/** The field keeps the value it was born with. */
export function immutable(path: string, next: unknown, old: unknown): readonly FieldError[] {
  if (next === old || isEqual(next, old)) return none
  return [invalidValue(path, next, 'field is immutable')]
}

/** Complains about the second of two equal names. */
export function uniqueNames(path: (index: number) => string, names: readonly string[]): readonly FieldError[] {
  const seen = new Set<string>()
  const errors: FieldError[] = []
  names.forEach((name, index) => {
    if (seen.has(name)) errors.push(duplicate(path(index), name))
    seen.add(name)
  })
  return errors
}

/** Labels in the order in which Go prints a map. */
export function sortedKeys<T>(map: Readonly<Record<string, T>> | undefined): Readonly<Record<string, T>> | undefined {
  if (map === undefined) return undefined
  const sorted: Record<string, T> = {}
  for (const key of Object.keys(map).sort()) sorted[key] = map[key]!
  return sorted
}
