import type { KubeObject } from '../api/index.ts'
import type { Change } from './informer.ts'

/** What a change of an object can be about. Indexes and watches name those that concern them; `phase` is a part of `status`. */
export type Aspect = keyof typeof bits

const bits = {
  birth: 1,
  death: 2,
  labels: 4,
  owners: 8,
  deletion: 16,
  finalizers: 32,
  spec: 64,
  status: 128,
  phase: 256,
} as const

/** what each change has, whatever it is about */
const anything = 512
/** another object in the place of the old one: all has changed */
const another = anything | (511 & ~bits.death)

/** Some aspects as one number; all of them where none is named. */
export function aspectsIn(names: readonly Aspect[] | undefined): number {
  return names === undefined ? anything : names.reduce((sum, name) => sum | bits[name], 0)
}

interface Shown extends KubeObject {
  readonly spec?: unknown
  readonly status?: { readonly phase?: string }
}

// The change that was asked about last: an informer's indexes ask, and then its listeners.
let asked: Change<KubeObject> | undefined
let answer = 0

/** What a change is about, as one number. What is the same object as before has not changed; an equal one counts as a change. */
export function aspectsOf(change: Change<KubeObject>): number {
  if (change === asked) return answer
  asked = change
  const { type, object, previous } = change
  if (type === 'DELETED') return (answer = anything | bits.death)
  if (previous === undefined) return (answer = anything | bits.birth)
  const before = previous.metadata
  const now = object.metadata
  if (before.uid !== now.uid) return (answer = another)
  let aspects = anything
  if (before.labels !== now.labels) aspects |= bits.labels
  if (before.ownerReferences !== now.ownerReferences) aspects |= bits.owners
  if (before.deletionTimestamp !== now.deletionTimestamp) aspects |= bits.deletion
  if (before.finalizers !== now.finalizers) aspects |= bits.finalizers
  const { spec: specBefore, status: statusBefore } = previous as Shown
  const { spec, status } = object as Shown
  if (specBefore !== spec) aspects |= bits.spec
  if (statusBefore !== status) aspects |= statusBefore?.phase === status?.phase ? bits.status : bits.status | bits.phase
  return (answer = aspects)
}
