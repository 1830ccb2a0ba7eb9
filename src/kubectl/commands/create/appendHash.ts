import { goJson } from '../../printers/json.ts'
import { sha256Hex } from './sha256.ts'

interface Nameable {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

/** Appends ten letters to an object's name that stand for its contents. */
// upstream: kubectl/pkg/util/hash/hash.go
export function appendHash<T extends Nameable>(object: T, contents: object): T {
  const hash = [...sha256Hex(goJson(contents)).slice(0, 10)].map((digit) => replaced[digit] ?? digit).join('')
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-${hash}` } }
}

// Digits that could form words, or be taken for letters, are replaced.
const replaced: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' }
