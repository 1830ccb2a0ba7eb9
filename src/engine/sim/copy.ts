import { assert } from './assert.ts'

/**
 * Copies the containers of a state and shares what is frozen inside.
 * State is a tree of Maps, Sets, arrays and plain objects; API objects, trace records and revisions are frozen, so a copy of a
 * whole cluster costs one visit per container, whatever the objects weigh.
 */
export function copyState<T>(state: T): T {
  if (typeof state !== 'object' || state === null || Object.isFrozen(state)) return state
  if (Array.isArray(state)) return copyArray(state) as T
  if (state instanceof Map) return copyMap(state) as T
  if (state instanceof Set) return new Set(state) as T
  if (ArrayBuffer.isView(state)) return (state as unknown as Uint8Array).slice() as unknown as T
  return copyRecord(state)
}

function copyArray(list: readonly unknown[]): unknown[] {
  const copy = new Array<unknown>(list.length)
  for (let index = 0; index < list.length; index++) copy[index] = copyState(list[index])
  return copy
}

function copyMap(map: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
  const copy = new Map<unknown, unknown>()
  for (const [key, value] of map) copy.set(key, copyState(value))
  return copy
}

function copyRecord<T extends object>(record: T): T {
  const prototype = Object.getPrototypeOf(record) as unknown
  assert(prototype === Object.prototype || prototype === null, 'state must be plain data: no class instances')
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(record)) copy[key] = copyState((record as Record<string, unknown>)[key])
  return copy as T
}
