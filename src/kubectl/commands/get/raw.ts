import { CommandError } from '../../errors.ts'
import type { Cluster } from '../../cluster.ts'
import type { Io } from '../../context.ts'
import { noSuchResource, type RequestOptions } from '../../engine.ts'
import { goJson } from '../../printers/json.ts'

interface RawCall {
  readonly args: readonly string[]
  readonly flags: { readonly raw: string }
  readonly cluster: Cluster
  readonly io: Io
}

const healthy: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz'])

/** `get --raw PATH`: what the server answers to a path. */
// differs: of the paths that are no resource, only health and version are known here
export function getRaw({ args, flags, cluster, io }: RawCall): number {
  if (args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified')
  const [path = '', query = ''] = flags.raw.split(/\?(.*)/s)
  if (healthy.has(path)) io.out('ok')
  else io.out(`${goJson(cluster.send({ ...requestOf(path), options: optionsOf(query), showsFields: true }))}\n`)
  return 0
}

/** `delete --raw PATH` */
export function deleteRaw({ cluster, io, path }: { cluster: Cluster; io: Io; path: string }): number {
  io.out(`${goJson(cluster.send({ ...requestOf(path), verb: 'delete' }))}\n`)
  return 0
}

/** What cannot be decoded is passed over. */
function optionsOf(query: string): RequestOptions {
  const found = new Map(query.split('&').flatMap(pairOf))
  const options: Record<string, string> = {}
  for (const name of ['labelSelector', 'fieldSelector', 'resourceVersion'])
    if (found.get(name)) options[name] = found.get(name)!
  return options
}

function pairOf(text: string): readonly (readonly [string, string])[] {
  const [name = '', value = ''] = text.split(/=(.*)/s)
  try {
    return [[decodeURIComponent(name), decodeURIComponent(value)]]
  } catch (error) {
    if (error instanceof URIError) return []
    throw error
  }
}

function requestOf(path: string) {
  const match =
    /^\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+)\/(?<version>[^/]+))(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?\/?$/.exec(
      path,
    )
  if (match?.groups === undefined) throw noSuchResource()
  const { core, group = '', version = core!, namespace, resource, name, subresource } = match.groups
  return {
    verb: name === undefined ? ('list' as const) : ('get' as const),
    group,
    version,
    resource: resource!,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  }
}
