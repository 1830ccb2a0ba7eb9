import type { Cluster, Status, Watch, WatchEvent } from '#engine'

/** Opens a watch by its path, as `GET …?watch=true` does; the word itself may be left out. */
export function openWatch(cluster: Cluster, path: string): Watch {
  const isSaid = /[?&]watch=/.test(path)
  const asked = isSaid ? path : `${path}${path.includes('?') ? '&' : '?'}watch=true`
  const stream = cluster.openHttp({ method: 'GET', path: asked })
  if (!('take' in stream)) throw new SyntaxError(refusalOf(stream.body, path))
  const waiting: WatchEvent[] = []
  return {
    take(max = Infinity) {
      for (const line of stream.take().split('\n')) if (line !== '') waiting.push(JSON.parse(line) as WatchEvent)
      return waiting.splice(0, max)
    },
    isOver: stream.isOver,
    stop: stream.stop,
  }
}

function refusalOf(body: unknown, path: string): string {
  return (body as Partial<Status>).message ?? `no resource is served at ${path}`
}
