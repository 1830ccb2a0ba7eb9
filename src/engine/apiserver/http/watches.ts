import { ApiError, type ApiRequest, type KubeObject, type WatchEvent } from '../../api/index.ts'
import type { ApiServer } from '../apiServer.ts'
import { escapeMarkup } from './bodyText.ts'
import { shown, type Showing } from './representation.ts'
import type { HttpAnswer, HttpStream } from './wire.ts'

const headers = Object.freeze({ 'content-type': 'application/json' })

type Telling = Omit<Showing, 'now'>

/** A watch as a stream of lines. */
export function watchStream(
  server: ApiServer,
  request: ApiRequest,
  telling: Telling,
  now: () => number,
  id: string,
): HttpStream {
  const watch = server.watch(limited(request, id), id)
  let isFirst = true
  let isOver = false
  return {
    code: 200,
    headers,
    take() {
      if (isOver) return ''
      let text = ''
      for (const event of watch.take()) {
        text += lineOf(event, { ...telling, now: now() }, isFirst)
        isFirst = false
        if (event.type === 'ERROR') isOver = true
      }
      isOver ||= watch.isOver()
      if (isOver) watch.stop()
      return text
    },
    isOver: () => isOver,
    stop() {
      isOver = true
      watch.stop()
    },
  }
}

/** A watch that does not say how long it is to last ends by itself after half an hour to an hour. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/get.go, --min-request-timeout; differs: by its id, not by chance
function limited(request: ApiRequest, id: string): ApiRequest {
  if (request.options?.timeoutSeconds) return request
  const spread = Number(/\d*$/.exec(id)![0]) * 617
  return { ...request, options: { ...request.options, timeoutSeconds: 1800 + (spread % 1800) } }
}

/** A watch that is read once: what there is to tell now. */
export function glance(server: ApiServer, request: ApiRequest, telling: Telling, now: () => number): HttpAnswer {
  const stream = watchStream(server, request, telling, now, 'http')
  const body = stream.take()
  stream.stop()
  return { code: 200, headers, body, warnings: [] }
}

function lineOf({ type, object }: WatchEvent, showing: Showing, isFirst: boolean): string {
  return `${escapeMarkup(JSON.stringify({ type, object: shownEvent(object as KubeObject, showing, isFirst) }))}\n`
}

function shownEvent(object: KubeObject, showing: Showing, isFirst: boolean): unknown {
  try {
    return shown(object, showing, isFirst)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.status
  }
}
