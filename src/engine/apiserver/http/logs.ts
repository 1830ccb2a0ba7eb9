import {
  badRequest,
  formatMicroTime,
  invalid,
  invalidValue,
  notAllowed,
  parseTime,
  type ApiRequest,
  type FieldError,
  type Pod,
} from '../../api/index.ts'
import { ApiError } from '../../api/index.ts'
import type { ApiServer } from '../apiServer.ts'
import { isOn, type HttpStream } from './wire.ts'

/** A container's log as its node tells it. */
export type LogText =
  | {
      readonly lines: readonly { readonly at: number; readonly text: string }[]
      /** how many lines were written before the first of these */
      readonly from?: number
      readonly isComplete?: boolean
    }
  | { readonly error: string }

/** Reads a container's log on its node. */
export type LogDoor = (namespace: string, pod: string, container: string, previous: boolean) => LogText

type Query = ReadonlyMap<string, string>

const headers = Object.freeze({ 'content-type': 'text/plain' })

/** A container's log, which goes on where it is followed. */
// upstream: pkg/registry/core/pod/strategy.go LogLocation, pkg/registry/core/pod/rest/log.go
export function openLog(
  server: ApiServer,
  request: ApiRequest,
  query: Query,
  read: LogDoor | undefined,
  now: () => number,
): HttpStream {
  const pod = podOf(server, request)
  const container = containerOf(pod, query)
  const options = optionsOf(request.name!, query, now())
  if (!pod.spec.nodeName) return nothingYet
  const lines = (): Exclude<LogText, { error: string }> => {
    const text = read?.(request.namespace ?? '', request.name!, container, isOn(query, 'previous')) ?? { lines: [] }
    if ('error' in text) throw badRequest(text.error)
    return text
  }
  return stream(lines(), lines, options, isOn(query, 'follow'))
}

function stream(
  first: Exclude<LogText, { error: string }>,
  read: () => Exclude<LogText, { error: string }>,
  options: LogOptions,
  isFollowed: boolean,
): HttpStream {
  let seen = -1
  let left = options.bytesMax
  let isOver = false

  function write({ lines, from = 0, isComplete = false }: Exclude<LogText, { error: string }>): string {
    const isFirst = seen < 0
    const end = from + lines.length
    // fewer lines than before: the container was started anew, and this log has ended
    isOver = !isFollowed || isComplete || end < seen
    const fresh = lines.slice(Math.max(0, (isFirst ? from : seen) - from)).filter(({ at }) => at >= options.since)
    seen = end
    const shown = isFirst && options.tail < fresh.length ? fresh.slice(fresh.length - options.tail) : fresh
    const text = shown.map(({ at, text }) => `${options.hasTimes ? timeOf(at) : ''}${text}\n`).join('')
    if (text.length < left) {
      left -= text.length
      return text
    }
    isOver = true
    return text.slice(0, left)
  }

  return {
    code: 200,
    headers,
    take() {
      if (seen < 0) return write(first)
      if (isOver) return ''
      try {
        return write(read())
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        isOver = true // the pod is gone
        return ''
      }
    },
    isOver: () => isOver,
    stop: () => void (isOver = true),
  }
}

const timeOf = (at: number): string => `${formatMicroTime(at).replace('Z', '000Z')} `

/** A pod without a node has no log, and nobody to ask for one. */
const nothingYet: HttpStream = Object.freeze({
  code: 204,
  headers: Object.freeze({}),
  take: () => '',
  isOver: () => true,
  stop: () => undefined,
})

function podOf(server: ApiServer, request: ApiRequest): Pod {
  const { subresource: _log, ...whole } = request
  server.authorize(request)
  return server.perform(whole, 'you') as Pod
}

function containerOf({ metadata, spec }: Pod, query: Query): string {
  const names = [...(spec.containers ?? []), ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  )
  const asked = query.get('container') ?? ''
  if (asked !== '' && !names.includes(asked))
    throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`)
  if (asked === '' && spec.containers.length !== 1)
    throw badRequest(`a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]`)
  return asked || names[0]!
}

interface LogOptions {
  /** virtual milliseconds */
  readonly since: number
  readonly tail: number
  readonly bytesMax: number
  readonly hasTimes: boolean
}

// upstream: pkg/apis/core/validation/validation.go ValidatePodLogOptions
function optionsOf(pod: string, query: Query, now: number): LogOptions {
  const tail = numberOf(query, 'tailLines')
  const bytes = numberOf(query, 'limitBytes')
  const seconds = numberOf(query, 'sinceSeconds')
  const time = query.get('sinceTime')
  const errors: FieldError[] = []
  if (tail !== undefined && tail < 0) errors.push(invalidValue('tailLines', tail, 'must be greater than or equal to 0'))
  if (bytes !== undefined && bytes < 1) errors.push(invalidValue('limitBytes', bytes, 'must be greater than 0'))
  if (seconds !== undefined && time)
    errors.push(notAllowed('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'))
  else if (seconds !== undefined && seconds < 1)
    errors.push(invalidValue('sinceSeconds', seconds, 'must be greater than 0'))
  if (errors.length > 0) throw invalid('', 'PodLogOptions', pod, errors)
  const since = time ? parseTime(time) : seconds === undefined ? -Infinity : now - seconds * 1000
  return {
    since: Number.isNaN(since) ? -Infinity : since,
    tail: tail ?? Infinity,
    bytesMax: bytes ?? Infinity,
    hasTimes: isOn(query, 'timestamps'),
  }
}

function numberOf(query: Query, name: string): number | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  return Number(text)
}
