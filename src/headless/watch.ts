import type { Api, Watch } from '#engine'

/** Opens a watch by its path, as `GET …?watch=true` does. */
export function openWatch(api: Api, path: string): Watch {
  const [place = '', query = ''] = path.split('?')
  const match = /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(place)
  if (match === null) throw new SyntaxError(`no resource is served at ${place}`)
  const [, core, group = '', version, namespace, resource] = match
  const words = Object.fromEntries(new URLSearchParams(query))
  const { labelSelector, fieldSelector, resourceVersion } = words
  return api.watch({
    group,
    version: core ?? version!,
    resource: resource!,
    ...(namespace !== undefined && { namespace }),
    options: {
      ...(labelSelector !== undefined && { labelSelector }),
      ...(fieldSelector !== undefined && { fieldSelector }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(words['allowWatchBookmarks'] === 'true' && { allowWatchBookmarks: true }),
    },
  })
}
