import { controllers, type KubeObject } from '#engine'
import { blindFields, idleKinds, templatePaths, unservedKinds, type BlindField } from './blindFields.ts'

/** Something that an object asks for, that is stored, and that Drydock does not play. */
export interface NotSimulated {
  /** `spec.template.spec.containers[0].securityContext.seccompProfile`; empty for the whole object */
  readonly path: string
  readonly text: string
}

/** What of an object is accepted but not simulated: the object itself first. */
export function notSimulatedIn(object: Partial<KubeObject>): readonly NotSimulated[] {
  const { kind = '' } = object
  const found: NotSimulated[] = []
  const idle = idleTextOf(kind)
  if (idle !== undefined) found.push({ path: '', text: idle })
  for (const field of blindFields[kind] ?? []) found.push(...matchesOf(object, field, ''))
  const template = templatePaths[kind]
  if (template === undefined) return found
  for (const root of placesOf(object, template, ''))
    for (const field of blindFields['PodSpec'] ?? []) found.push(...matchesOf(root.value, field, root.path))
  return found
}

/** Kinds that are stored while nothing in the cluster looks at them: not a list to keep, but those whose controller is not there. */
function idleTextOf(kind: string): string | undefined {
  if (unservedKinds[kind] !== undefined) return unservedKinds[kind]
  if (idleKinds[kind] === undefined || controllers.some((controller) => controller.for === kind)) return undefined
  return `stored, but nothing acts on it yet: ${idleKinds[kind]}`
}

function matchesOf(root: unknown, { path, text, when = saysSomething }: BlindField, at: string): NotSimulated[] {
  return placesOf(root, path, at)
    .filter(({ value }) => when(value))
    .map((place) => ({ path: place.path, text }))
}

interface Place {
  readonly path: string
  readonly value: unknown
}

/** Where a path leads: `containers[].image` to the image of each container. */
function placesOf(root: unknown, path: string, at: string): readonly Place[] {
  let places: readonly Place[] = [{ path: at, value: root }]
  for (const word of path.split('.')) {
    const isList = word.endsWith('[]')
    const name = isList ? word.slice(0, -2) : word
    places = places.flatMap((place) => {
      const value = isRecord(place.value) ? place.value[name] : undefined
      const here = place.path === '' ? name : `${place.path}.${name}`
      if (!isList) return value === undefined ? [] : [{ path: here, value }]
      return Array.isArray(value) ? value.map((item, index) => ({ path: `${here}[${index}]`, value: item })) : []
    })
  }
  return places
}

/** A field that is there but says nothing asks for nothing. */
function saysSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  return !isRecord(value) || Object.keys(value).length > 0
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
