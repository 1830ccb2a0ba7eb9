import { assert } from './assert.ts'

/**
 * Copies the containers of a state and shares what is frozen inside.
 * State is a tree of Maps, Sets, arrays and plain objects; API objects, trace records and revisions are frozen, so a copy of a
 * whole cluster costs one visit per container, whatever the objects weigh.
 */
export function copyState<T>(state: T): T {
  return typeof state === 'object' && state !== null ? copyCounted(state).copy : state
}

/** The same, and how much there was to copy: containers and what they hold. */
export function copyCounted<T extends object>(state: T): { readonly copy: T; readonly visited: number } {
  const tally: Tally = { visited: 0 }
  return { copy: copyContainer(state, tally) as T, visited: tally.visited }
}

interface Tally {
  visited: number
}

function copyContainer(state: object, tally: Tally): object {
  if (Object.isFrozen(state)) return state
  if (Array.isArray(state)) return copyArray(state, tally)
  if (state instanceof Map) return copyMap(state, tally)
  if (state instanceof Set) return copySet(state, tally)
  if (ArrayBuffer.isView(state)) return (state as unknown as Uint8Array).slice()
  return copyRecord(state, tally)
}

function copySet(set: ReadonlySet<unknown>, tally: Tally): Set<unknown> {
  tally.visited += 1 + set.size
  return new Set(set)
}

function copyArray(list: readonly unknown[], tally: Tally): unknown[] {
  tally.visited += 1 + list.length
  const copy = list.slice()
  for (let index = 0; index < copy.length; index++) {
    const part = copy[index]
    if (typeof part === 'object' && part !== null) copy[index] = copyContainer(part, tally)
  }
  return copy
}

function copyMap(map: ReadonlyMap<unknown, unknown>, tally: Tally): Map<unknown, unknown> {
  tally.visited += 1 + map.size
  const copy = new Map<unknown, unknown>()
  for (const [key, part] of map)
    copy.set(key, typeof part === 'object' && part !== null ? copyContainer(part, tally) : part)
  return copy
}

function copyRecord(record: object, tally: Tally): object {
  const prototype = Object.getPrototypeOf(record) as unknown
  assert(prototype === Object.prototype || prototype === null, 'state must be plain data: no class instances')
  const copy: Record<string, unknown> = {}
  tally.visited++
  for (const key in record) {
    const part = (record as Record<string, unknown>)[key]
    copy[key] = typeof part === 'object' && part !== null ? copyContainer(part, tally) : part
    tally.visited++
  }
  return copy
}
