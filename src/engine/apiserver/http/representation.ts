import type { KubeList, KubeObject } from '../../api/index.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import { tableOf, type IncludeObject } from '../table.ts'
import { notAcceptable, type Representation } from './negotiation.ts'

/** What a transformation needs besides the object. */
export interface Showing {
  readonly kind: Kind
  readonly representation: Representation
  readonly include: IncludeObject
  /** virtual milliseconds */
  readonly now: number
}

/** An object or a list as it was asked for. A Status and the like are shown as they are. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/response.go doTransformObject
export function shown(body: unknown, showing: Showing, isFirst = true): unknown {
  const { as, version } = showing.representation
  if (!isOfKind(body, showing.kind)) return body
  if (as === undefined) return showing.kind.custom === undefined ? ofOneType(body) : body
  const apiVersion = `meta.k8s.io/${version}`
  const items = (body as Partial<KubeList>).items
  if (as === 'Table') {
    const metadata = items === undefined ? versionOf(body as KubeObject) : (body as KubeList).metadata
    const table = tableOf(showing.kind, items ?? [body as KubeObject], metadata, showing.now, showing.include)
    if (isFirst && version === 'v1') return table
    return { ...table, apiVersion, columnDefinitions: isFirst ? table.columnDefinitions : null }
  }
  if (as === 'PartialObjectMetadata') {
    if (items !== undefined)
      throw notAcceptable(`you requested ${as}, but the requested object is a list (${nameOf(body)})`)
    return partial(body as KubeObject, apiVersion)
  }
  if (items === undefined)
    throw notAcceptable(`you requested ${as}, but the requested object is not a list (${nameOf(body)})`)
  const { metadata } = body as KubeList
  return { kind: as, apiVersion, metadata, items: items.map((item) => partial(item, apiVersion)) }
}

/** What a list of a built-in kind holds does not say its type: the list has said it. Custom resources say it each. */
function ofOneType(body: unknown): unknown {
  const { items } = body as Partial<KubeList>
  if (items === undefined) return body
  return { ...(body as KubeList), items: items.map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest) }
}

function isOfKind(body: unknown, kind: Kind): boolean {
  const name = (body as { kind?: unknown } | undefined)?.kind
  return name === kind.kind || name === `${kind.kind}List`
}

const nameOf = (body: unknown): string => `*${(body as KubeObject).kind}`

const versionOf = ({ metadata }: KubeObject): Readonly<Record<string, unknown>> => ({
  resourceVersion: metadata.resourceVersion,
})

function partial({ metadata }: KubeObject, apiVersion: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion, metadata }
}
