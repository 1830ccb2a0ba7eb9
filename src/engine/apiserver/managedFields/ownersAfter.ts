import type { KubeObject } from '../../api/index.ts'
import { must } from '../../sim/index.ts'
import type { Passage } from '../passage.ts'
import { noted, noteOfCreate, settle, settled, type Ownership } from './notes.ts'

/** A write as its owners see it. */
interface OwnersWrite {
  readonly passage: Passage
  /** in virtual milliseconds */
  readonly at: number
}

/** What is known after a write: a note of a component's, entries of a person's. `value` is what goes into the store. */
export function ownersAfter(before: unknown, value: unknown, { passage, at }: OwnersWrite): Ownership | undefined {
  const known = before as Ownership | undefined
  const { isTrusted, actor, subresource, old, kind } = passage
  if (!isTrusted) return passage.fields ?? known
  if (old === undefined) return noteOfCreate(actor, at)
  const { storedAs } = kind
  const next = storedAs === undefined ? (value as KubeObject) : storedAs.fromStored(value as KubeObject)
  const more = noted(known, actor, subresource, at, old, next)
  if (more !== undefined) return more
  const short = settled(settle(kind, must(known, 'notes to settle'), old))
  return must(noted(short, actor, subresource, at, old, next), 'settled is short')
}
