import { parseQuantity } from '#engine'
import { SceneError } from '../sceneError.ts'

/** A part of a cluster's description that cannot be used, in words that name the part: `autoscaler.groups[0].min`. */
export class ShapeError extends SceneError {
  override name = 'ShapeError'
}

/** Looks at one part of what a stranger sent; throws a ShapeError that begins with the part's path. */
export type Check = (value: unknown, path: string) => void

/** Throws unless something holds. */
export function demand(holds: boolean, path: string, words: string): asserts holds {
  if (!holds) throw new ShapeError(`${path} ${words}`)
}

/** A whole number within bounds. */
export function whole(min: number, max: number): Check {
  return (value, path) =>
    demand(
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
      path,
      `must be a whole number from ${min} to ${max}`,
    )
}

/** A number within bounds. */
export function amount(min: number, max: number): Check {
  return (value, path) =>
    demand(typeof value === 'number' && value >= min && value <= max, path, `must be a number from ${min} to ${max}`)
}

/** A text no longer than that. */
export function text(charsMax: number): Check {
  return (value, path) =>
    demand(
      typeof value === 'string' && value.length <= charsMax,
      path,
      `must be a text of at most ${charsMax} characters`,
    )
}

/** true or false. */
export const flag: Check = (value, path) => demand(typeof value === 'boolean', path, 'must be true or false')

/** One of some words or numbers. */
export function oneOf(...choices: readonly (string | number)[]): Check {
  return (value, path) =>
    demand(choices.includes(value as string), path, `must be one of ${choices.join(', ')}, not ${shown(value)}`)
}

/** A list of at most so many, each as said. */
export function listOf(each: Check, countMax: number): Check {
  return (value, path) => {
    demand(Array.isArray(value), path, 'must be a list')
    demand(value.length <= countMax, path, `must have at most ${countMax} parts`)
    for (let index = 0; index < value.length; index++) each(value[index], `${path}[${index}]`)
  }
}

/** Values by names that are anybody's choice. */
export function mapOf(key: Check, each: Check, countMax: number): Check {
  return (value, path) => {
    demand(isRecord(value), path, 'must have fields')
    const names = Object.keys(value)
    demand(names.length <= countMax, path, `must have at most ${countMax} fields`)
    for (const name of names) {
      key(name, `the name ${shown(name)} in ${path}`)
      each(value[name], `${path}[${shown(name)}]`)
    }
  }
}

/** Fields that are known by name: any other is refused, those in `needed` must be there. */
export function fieldsOf(checks: Readonly<Record<string, Check>>, needed: readonly string[] = []): Check {
  const known = Object.keys(checks).join(', ')
  return (value, path) => {
    demand(isRecord(value), path, 'must have fields')
    for (const name of Object.keys(value)) {
      demand(Object.hasOwn(checks, name), path, `has no field ${shown(name)}; it has ${known}`)
      if (value[name] !== undefined) checks[name]!(value[name], `${path}.${name}`)
    }
    for (const name of needed) demand(value[name] !== undefined, path, `needs the field ${name}`)
  }
}

/** An amount as Kubernetes writes it. */
export const quantity: Check = (value, path) => {
  const isWritten = typeof value === 'number' || (typeof value === 'string' && value.length <= 40)
  const units = isWritten ? parseQuantity(value) : NaN
  demand(units >= 0 && units < 2 ** 63, path, `must be a quantity, not ${shown(value)}`)
}

/** Whether a value has fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value)
  return written.length > 60 ? `${written.slice(0, 60)}…` : written
}
