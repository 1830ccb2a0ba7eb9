import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** A WebSocket connection, messages only: what exec needs of RFC 6455. */
export interface Socket {
  readonly send: (channel: number, text: string) => void
  readonly close: () => void
}

/** What its owner hears of. */
export interface Listener {
  readonly message: (channel: number, data: Buffer) => void
  readonly closed: () => void
}

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const frameMax = 1 << 20

/** Accepts an upgrade under one of the protocols that both sides know; undefined if there is none. */
export function protocolOf(request: IncomingMessage, known: readonly string[]): string | undefined {
  const offered = String(request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
  return known.find((name) => offered.includes(name))
}

/** Speaks WebSocket on a connection from now on. */
export function acceptSocket(request: IncomingMessage, stream: Duplex, protocol: string, listener: Listener): Socket {
  const key = String(request.headers['sec-websocket-key'] ?? '')
  const accept = createHash('sha1')
    .update(key + magic)
    .digest('base64')
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  )
  let buffer: Buffer = Buffer.alloc(0)
  let isOpen = true
  const end = (): void => {
    if (!isOpen) return
    isOpen = false
    listener.closed()
    stream.end()
  }
  stream.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (let frame = frameIn(buffer); frame !== undefined; frame = frameIn(buffer)) {
      buffer = buffer.subarray(frame.size)
      if (frame.code === close || frame.payload.length > frameMax) return end()
      if (frame.code === ping) stream.write(frameOf(pong, frame.payload))
      else if (frame.code <= binary && frame.payload.length > 0)
        listener.message(frame.payload[0]!, frame.payload.subarray(1))
    }
  })
  stream.on('error', end)
  stream.on('close', end)
  return {
    send(channel, text) {
      if (isOpen) stream.write(frameOf(binary, Buffer.concat([Buffer.from([channel]), Buffer.from(text)])))
    },
    close() {
      if (isOpen) stream.write(frameOf(close, Buffer.from([0x03, 0xe8])))
      end()
    },
  }
}

const binary = 2
const close = 8
const ping = 9
const pong = 10

interface Frame {
  readonly code: number
  readonly payload: Buffer
  /** bytes of the whole frame */
  readonly size: number
}

/** The first frame of a buffer, unmasked; undefined while it is not there in full. */
export function frameIn(buffer: Buffer): Frame | undefined {
  if (buffer.length < 2) return undefined
  const isMasked = (buffer[1]! & 0x80) !== 0
  const short = buffer[1]! & 0x7f
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0
  const start = 2 + extra + (isMasked ? 4 : 0)
  if (buffer.length < start) return undefined
  const length = extra === 2 ? buffer.readUInt16BE(2) : extra === 8 ? Number(buffer.readBigUInt64BE(2)) : short
  if (buffer.length < start + length) return undefined
  const payload = Buffer.from(buffer.subarray(start, start + length))
  if (isMasked) {
    const mask = buffer.subarray(start - 4, start)
    for (let index = 0; index < payload.length; index++) payload[index]! ^= mask[index % 4]!
  }
  return { code: buffer[0]! & 0x0f, payload, size: start + length }
}

/** One whole message as a frame, unmasked as a server's are. */
export function frameOf(code: number, payload: Buffer): Buffer {
  const { length } = payload
  const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10)
  head[0] = 0x80 | code
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127
  if (head.length === 4) head.writeUInt16BE(length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}
