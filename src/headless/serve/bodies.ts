import type { IncomingMessage } from 'node:http'
import { parse, stringify } from 'yaml'
import { valuesOf } from '#engine'
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

/** Paths whose answers are always written for people. upstream: responsewriters/writers.go WriteRawJSON */
const forPeople: ReadonlySet<string> = new Set(['/', '/version', '/version/'])

/** Whether somebody reads the answer: who says so, and browsers and the like. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/negotiation/negotiate.go isPrettyPrint
export function isRead(path: string, userAgent = ''): boolean {
  if (forPeople.has(path.replace(/\?.*/s, ''))) return true
  const [said] = valuesOf(path, 'pretty')
  if (said !== undefined && said !== '') return said === 'true' || said === '1'
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent)
}

/** A body as its content type has it. */
export function textOf(body: unknown, contentType: string, isPretty = false): string {
  if (typeof body === 'string') return body
  if ((body as { openapi?: unknown } | null)?.openapi !== undefined) return documentText(body as object)
  if (contentType.startsWith('application/yaml')) return stringify(body)
  return `${JSON.stringify(body, null, isPretty ? 2 : undefined)}\n`
}

/** An OpenAPI document is long, and the same object each time. */
function documentText(body: object): string {
  let text = documents.get(body)
  if (text === undefined) documents.set(body, (text = JSON.stringify(body)))
  return text
}

const documents = new WeakMap<object, string>()
