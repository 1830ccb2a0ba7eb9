import type { FieldError } from '../../api/index.ts'

// A memo of rules over what never changes: no state of any world.
const fine = new WeakSet<object>()

/**
 * Looks at a part of an object, and if that is frozen and fine, never again: what admission adds is the same part in thousands of pods.
 * A part is frozen to its bottom, or not at all.
 */
export function unlessKnownFine<Part extends object>(
  errors: FieldError[],
  path: string,
  part: Part,
  look: (errors: FieldError[], path: string, part: Part) => void,
): void {
  if (fine.has(part)) return
  const before = errors.length
  look(errors, path, part)
  if (errors.length === before && Object.isFrozen(part)) fine.add(part)
}
