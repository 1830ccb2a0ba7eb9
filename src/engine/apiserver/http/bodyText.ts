import { readHttp } from './wire.ts'

/** Paths whose answers are always written for people. */
const forPeople: ReadonlySet<string> = new Set(['', 'version'])

/**
 * The text of a JSON answer as the server writes it: in one line that ends, or indented where people read it. `path` is the
 * request's, with its query; `userAgent` says who asked. What is text already stays as it is.
 */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/writers.go WriteRawJSON,
// apimachinery/pkg/runtime/serializer/json/json.go, kube-openapi/pkg/handler3
export function bodyText(body: unknown, path: string, userAgent = ''): string {
  if (typeof body === 'string') return body
  const { parts, query } = readHttp({ method: 'GET', path })
  if (parts[0] === 'openapi') return JSON.stringify(body)
  if (forPeople.has(parts.join('/')) || isRead(query.get('pretty'), userAgent))
    return escapeMarkup(JSON.stringify(body, null, 2))
  return `${escapeMarkup(JSON.stringify(body))}\n`
}

/** Whether somebody reads the answer: who says so, and browsers and the like. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/negotiation/negotiate.go isPrettyPrint
function isRead(said: string | undefined, userAgent: string): boolean {
  if (said !== undefined && said !== '') return /^(1|t|T|TRUE|true|True)$/.test(said)
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent)
}

/** Go's encoder writes no character that HTML could take for markup. */
export function escapeMarkup(text: string): string {
  return text.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
