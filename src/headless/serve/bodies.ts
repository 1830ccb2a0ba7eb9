import type { IncomingMessage } from 'node:http'
import { parse, stringify } from 'yaml'
import { bodyText } from '#engine'
import { ProtobufError, readProtobuf } from './protobuf.ts'

/** A little more than the server takes, so that it can say that it is too much. */
const bodyMax = 3 * 2 ** 20 + 1024

/** Reads the whole body of a request; of one that is too long, as much as it takes to refuse it. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > bodyMax) break
  }
  return Buffer.concat(chunks)
}

/** What the engine is told of a body. */
export interface Meaning {
  /** undefined: there is none */
  readonly body: unknown
  readonly contentType: string
}

/** What a body means: YAML and protobuf are parsed here, since the engine reads JSON only. */
export function meaningOf(bytes: Buffer, contentType: string): Meaning {
  if (bytes.length === 0) return { body: undefined, contentType }
  if (contentType.startsWith('application/vnd.kubernetes.protobuf')) return protobufOf(bytes, contentType)
  const body = bytes.toString('utf8')
  if (!/^application\/(apply-patch\+)?yaml\b/.test(contentType)) return { body, contentType }
  try {
    const value: unknown = parse(body)
    return { body: typeof value === 'object' && value !== null ? value : body, contentType }
  } catch {
    return { body, contentType } // the server will say that it cannot read it
  }
}

function protobufOf(bytes: Buffer, contentType: string): Meaning {
  try {
    return { body: readProtobuf(bytes), contentType: 'application/json' }
  } catch (error) {
    if (!(error instanceof ProtobufError) && !(error instanceof SyntaxError)) throw error
    return { body: bytes.toString('latin1'), contentType } // the server says that it does not know the format
  }
}

/** A body as its content type has it; `path` and `userAgent` are the request's. */
export function textOf(body: unknown, contentType: string, path: string, userAgent = ''): string {
  if ((body as { openapi?: unknown } | null)?.openapi !== undefined) return documentText(body as object, path)
  return contentType.startsWith('application/yaml') ? stringify(body) : bodyText(body, path, userAgent)
}

/** An OpenAPI document is long, and the same object each time. */
function documentText(body: object, path: string): string {
  let text = documents.get(body)
  if (text === undefined) documents.set(body, (text = bodyText(body, path)))
  return text
}

const documents = new WeakMap<object, string>()
