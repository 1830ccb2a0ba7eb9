import { parseTime, type KubeObject } from '../api/index.ts'
import type { Column } from './column.ts'

/** The first column of nearly every kind. */
export const nameColumn: Column<KubeObject> = Object.freeze({
  name: 'Name',
  format: 'name',
  cell: ({ metadata }: KubeObject) => metadata.name,
})

/** How long ago the object was created. */
export const ageColumn: Column<KubeObject> = Object.freeze({
  name: 'Age',
  cell: ({ metadata }: KubeObject, now: number) => since(metadata.creationTimestamp, now),
})

/** What a kind without columns of its own shows. */
export const plainColumns: readonly Column<KubeObject>[] = Object.freeze([nameColumn, ageColumn])

/** `5m`, from a time of the API to now; `<unknown>` where there is none. */
export function since(time: string | null | undefined, now: number): string {
  return time ? humanDuration(now - parseTime(time)) : '<unknown>'
}

/** A duration in two units at most: `45s`, `3m20s`, `7h12m`, `5d`. */
// upstream: staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go HumanDuration
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (hours < 192) return two(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  const years = Math.floor(days / 365)
  return years < 8 ? two(years, 'y', days % 365, 'd') : `${years}y`
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`
}

interface Templated {
  readonly spec: {
    readonly template: { readonly spec?: { readonly containers: readonly { name: string; image?: string }[] } }
  }
}

/** `web,side`: the names or the images of a template's containers. */
export const containerNames = ({ spec }: Templated): string =>
  (spec.template.spec?.containers ?? []).map(({ name }) => name).join(',')
/** The images of a template's containers, with commas. */
export const containerImages = ({ spec }: Templated): string =>
  (spec.template.spec?.containers ?? []).map(({ image }) => image ?? '').join(',')
