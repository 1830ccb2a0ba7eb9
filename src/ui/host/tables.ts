import type { Cluster } from '#engine'
import type { ObjectTable, SceneProblem } from '../protocol.ts'

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[]
  readonly rows: readonly {
    readonly cells: readonly unknown[]
    readonly object: { readonly metadata: { readonly name: string; readonly namespace?: string } }
  }[]
}

/** One kind's objects as the API server tables them for kubectl. */
export function tableOf({ api }: Cluster, kind: string, namespace: string | undefined): ObjectTable | SceneProblem {
  const info = api.findKind(kind)
  if (info === undefined) return { message: `the server doesn't have a resource type "${kind}"` }
  const place = info.namespaced && namespace !== undefined ? { namespace } : {}
  const { group, version, plural } = info
  const { code, body } = api.request({ verb: 'list', group, version, resource: plural, asTable: true, ...place })
  if (code >= 400) return { message: (body as { message: string }).message }
  return shown(info.kind, body as Table, info.namespaced && namespace === undefined)
}

function shown(kind: string, { columnDefinitions, rows }: Table, withNamespace: boolean): ObjectTable {
  const indexes = columnDefinitions.flatMap(({ priority }, index) => (priority === 0 ? [index] : []))
  const columns = indexes.map((index) => columnDefinitions[index]!.name)
  return {
    kind,
    columns: withNamespace ? ['Namespace', ...columns] : columns,
    rows: rows.map(({ cells, object: { metadata } }) => {
      const own = indexes.map((index) => textOf(cells[index]))
      const { namespace = '', name } = metadata
      return { key: namespace ? `${namespace}/${name}` : name, cells: withNamespace ? [namespace, ...own] : own }
    }),
  }
}

function textOf(cell: unknown): string {
  return cell === undefined || cell === null ? '<none>' : String(cell as string)
}

/** The kinds that can be listed, the ones people look at first. */
export function kindNames({ api }: Cluster): readonly string[] {
  const listable = api.kinds().filter(({ verbs, isPreferred }) => verbs.includes('list') && isPreferred !== false)
  const first = [
    'Pod',
    'Deployment',
    'ReplicaSet',
    'Service',
    'EndpointSlice',
    'Node',
    'Namespace',
    'ConfigMap',
    'Secret',
  ]
  const names = listable.map(({ kind }) => kind)
  // Two groups may have a kind of the same name; it is found by its name, so it is listed once.
  return [...new Set([...first.filter((kind) => names.includes(kind)), ...names])]
}
