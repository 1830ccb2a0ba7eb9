import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Cluster, DescriptionProvider, HttpAnswer, HttpStream, KubeObject } from '#engine'
import { notSimulatedIn } from '#session'
import { meaningOf, readBody, textOf } from './bodies.ts'
import { upgrade, type Ongoing } from './exec.ts'

/** How a cluster is served. */
export interface ServeSettings {
  readonly port: number
  /** virtual milliseconds per millisecond */
  readonly speed: number
  readonly describe?: DescriptionProvider
}

/** A cluster that answers on loopback, its time running. */
export interface Served {
  readonly url: string
  readonly close: () => Promise<void>
}

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD'])
const tickMs = 20
const unreadBytesMax = 64 * 2 ** 20
/** one tick does not make up for more than this, so that a machine that slept does not freeze the server */
const wallMsMax = 1_000

/** Opens a cluster as an HTTP API server on loopback. */
export async function serveCluster(cluster: Cluster, { port, speed, describe }: ServeSettings): Promise<Served> {
  const ongoing = new Set<Ongoing>()
  const isUp = (): boolean => cluster.isUp('kube-apiserver')

  function pump(): void {
    if (!isUp()) for (const one of ongoing) one.stop()
    for (const one of ongoing) if (!one.pump()) ongoing.delete(one)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isUp()) return void request.socket.destroy() // as if nobody listened
    const bytes = await readBody(request)
    const given = headersOf(request)
    const { body, contentType } = meaningOf(bytes, given['content-type'] ?? '')
    const headers = contentType === '' ? given : { ...given, 'content-type': contentType }
    const { method = 'GET', url: path = '/' } = request
    const asked = { method, path, headers, ...(body !== undefined && { body }) }
    const found = reads.has(method)
      ? cluster.openHttp(asked, describe)
      : cluster.control.act('request', {}, () => cluster.openHttp(asked, describe))
    if ('take' in found) ongoing.add(streamed(found, response))
    else
      send(reads.has(method) ? found : withNotes(found), response, {
        hasBody: method !== 'HEAD',
        path,
        userAgent: headers['user-agent'],
      })
    pump()
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      process.stderr.write(
        `${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}\n`,
      )
      response.destroy()
    })
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex) => {
    if (!isUp()) return void stream.destroy()
    const one = upgrade(cluster, request, stream, (refusal) => refuse(refusal, stream, request.url ?? '/'))
    if (one !== undefined) ongoing.add(one)
  })
  server.on('clientError', (_error, stream) => stream.destroy())

  let last = performance.now()
  const timer = setInterval(() => {
    const wall = performance.now()
    cluster.control.advanceTo(cluster.control.now() + Math.min(wallMsMax, wall - last) * speed)
    last = wall
    pump()
  }, tickMs)

  await listen(server, port)
  const { port: actual } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${actual}`,
    async close() {
      clearInterval(timer)
      for (const one of ongoing) one.stop()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', done)
  })
}

/** Says of a kind that nothing acts on that it is only stored: a real server would not, but a real one acts on it. */
function withNotes(answer: HttpAnswer): HttpAnswer {
  const { code, body, warnings } = answer
  if (code >= 300 || typeof body !== 'object' || body === null) return answer
  const { kind } = body as Partial<KubeObject>
  const notes = notSimulatedIn({ kind: kind ?? '' }).map(({ text }) => `${kind}: ${text}`)
  return notes.length === 0 ? answer : { ...answer, warnings: [...warnings, ...notes] }
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
}

interface Telling {
  readonly hasBody: boolean
  readonly path: string
  readonly userAgent: string | undefined
}

function send(answer: HttpAnswer, response: ServerResponse, { hasBody, path, userAgent }: Telling): void {
  const warnings = answer.warnings.map((warning) => `299 - ${JSON.stringify(warning)}`)
  const { warning: _joined, ...headers } = answer.headers
  if (warnings.length > 0) response.setHeader('warning', warnings)
  if (headers['cache-control']?.includes('immutable')) response.setHeader('expires', inAYear())
  response.writeHead(answer.code, { 'cache-control': 'no-cache, private', ...headers })
  response.end(hasBody ? textOf(answer.body, headers['content-type'] ?? '', path, userAgent) : undefined)
}

const inAYear = (): string => new Date(Date.now() + 365 * 24 * 3_600_000).toUTCString()

/** A stream in chunks, until it is over or nobody reads it any more. */
function streamed(stream: HttpStream, response: ServerResponse): Ongoing {
  let isGone = false
  const stop = (): void => {
    if (isGone) return
    isGone = true
    stream.stop()
    response.end()
  }
  response.on('close', stop)
  response.writeHead(stream.code, { ...stream.headers, 'cache-control': 'no-cache, private' })
  response.flushHeaders()
  return {
    pump() {
      if (isGone) return false
      const text = stream.take()
      if (text !== '') response.write(text)
      // who does not read is cut off, as the real server does, and may come back with the version it has seen
      if (stream.isOver() || response.writableLength > unreadBytesMax) stop()
      return !isGone
    },
    stop,
  }
}

function refuse({ code, headers, body }: HttpAnswer, stream: Duplex, path: string): void {
  const text = textOf(body, headers['content-type'] ?? '', path)
  stream.end(
    `HTTP/1.1 ${code} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  )
}
