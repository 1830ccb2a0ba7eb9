import type { ObjectMeta, Pod } from '../../../api/index.ts'

/** What a pod asks for. */
export type PodSpec = Pod['spec']

/** A container of any sort, as far as the checks look at it. */
export type AnyContainer = PodSpec['containers'][number]

type Context = NonNullable<PodSpec['securityContext']>
type ContainerContext = NonNullable<AnyContainer['securityContext']>

/** What a check finds wrong with a pod. */
export interface Violation {
  readonly reason: string
  readonly detail: string
}

/** What a check looks at besides. */
export type Metadata = Pick<ObjectMeta, 'annotations'>

/** One rule of one level, from one version on. */
export interface Check {
  readonly id: string
  readonly level: 'baseline' | 'restricted'
  /** the variants by the minor version they begin with, oldest first */
  readonly versions: readonly (readonly [since: number, find: Find])[]
  /** weaker checks that it takes the place of */
  readonly overrides?: string
}

/** One check: what it found, if anything. */
export type Find = (spec: PodSpec, metadata: Metadata) => Violation | undefined

/** All containers in the order in which the checks visit them. */
export function containersOf(spec: PodSpec): readonly AnyContainer[] {
  const { initContainers, containers = [], ephemeralContainers } = spec
  if (initContainers === undefined && ephemeralContainers === undefined) return containers
  return [...(initContainers ?? []), ...containers, ...((ephemeralContainers ?? []) as unknown as AnyContainer[])]
}

/** The names of the containers that a test finds bad. */
export function namesWhere(spec: PodSpec, isBad: (container: AnyContainer) => boolean): readonly string[] {
  return containersOf(spec)
    .filter(isBad)
    .map(({ name }) => name)
}

/** One word or the other. */
export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many)

/** `"a", "b"`; what is in a word stays as it is, quotes too. */
// upstream: staging/src/k8s.io/pod-security-admission/policy/helpers.go joinQuote
export const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ')

/** `container "a"`, `containers "a", "b"` */
export const containersText = (names: readonly string[]): string =>
  `${plural('container', 'containers', names.length)} ${quoted(names)}`

/** Each word once, in order. */
export const sorted = (words: Iterable<string>): readonly string[] => [...new Set(words)].sort()

/** Whom a bad value was found at: the pod, containers, or both. */
export function setters(isPodBad: boolean, names: readonly string[]): readonly string[] {
  return [...(isPodBad ? ['pod'] : []), ...(names.length > 0 ? [containersText(names)] : [])]
}

/** Whether a pod says that it is for Windows. */
export const isWindows = (spec: PodSpec): boolean => spec.os?.name === 'windows'

/** Whether a pod's users are nobody on the host: some rules do not matter then. */
export const hasOwnUsers = (spec: PodSpec): boolean => spec.hostUsers === false

export type { Context, ContainerContext }
