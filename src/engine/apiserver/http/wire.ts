import type { ApiAnswer, Status, User } from '../../api/index.ts'
import { quote } from '../../api/index.ts'

/** A request as it comes over the wire. */
export interface HttpRequest {
  readonly method: string
  /** with the query: `/api/v1/pods?limit=5` */
  readonly path: string
  /** names in any case */
  readonly headers?: Readonly<Record<string, string>>
  /** text, or what the text would parse to */
  readonly body?: unknown
  /** an administrator, unless said otherwise */
  readonly user?: User
}

/** What goes back: the body is an object, or the text that upstream answers where it has no Status. */
export interface HttpAnswer {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly warnings: readonly string[]
}

/** An answer that goes on: a watch, or a log that is followed. */
export interface HttpStream {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  /** the text that was written since the last time */
  readonly take: () => string
  /** nothing will be written any more; asked after `take` */
  readonly isOver: () => boolean
  readonly stop: () => void
}

/** A request taken apart, its headers in lower case. */
export interface Wire {
  readonly method: string
  readonly parts: readonly string[]
  readonly query: ReadonlyMap<string, string>
  /** all of the query, as it was written */
  readonly search: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** who was said to ask; undefined: what the headers say */
  readonly user: User | undefined
}

/** Takes a request apart. */
export function readHttp({ method, path, headers = {}, body, user }: HttpRequest): Wire {
  const question = path.indexOf('?')
  const place = question < 0 ? path : path.slice(0, question)
  const lower: Record<string, string> = {}
  for (const name in headers) lower[name.toLowerCase()] = headers[name]!
  const parts: string[] = []
  for (const part of place.split('/')) if (part !== '') parts.push(unescapeText(part))
  const search = question < 0 ? '' : path.slice(question + 1)
  return {
    method: method.toUpperCase(),
    parts,
    query: queryOf(search),
    search,
    headers: lower,
    body,
    user,
  }
}

/** The words of a query; of a word that is said twice, the first counts. */
function queryOf(search: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>()
  for (const pair of search.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = unescapeText(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : pair.slice(equals + 1).replaceAll('+', ' ')
    if (!query.has(name)) query.set(name, unescapeText(value))
  }
  return query
}

/** All values of a word of a query, in their order: a command is `command=ls&command=-l`. */
export function valuesOf(path: string, name: string): readonly string[] {
  const search = path.slice(path.indexOf('?') + 1)
  const start = `${name}=`
  return search
    .split('&')
    .filter((pair) => pair.startsWith(start))
    .map((pair) => unescapeText(pair.slice(start.length).replaceAll('+', ' ')))
}

function unescapeText(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether a word of the query is said and not denied. */
export function isOn(query: ReadonlyMap<string, string>, name: string): boolean {
  const value = query.get(name)
  return value !== undefined && value !== 'false' && value !== '0'
}

/** An answer of the verbs as it goes over the wire. */
export function jsonAnswer({ code, body, warnings }: ApiAnswer): HttpAnswer {
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (warnings.length > 0) headers['warning'] = warnings.map((text) => `299 - ${quote(text)}`).join(', ')
  const seconds = code >= 400 ? (body as Partial<Status>).details?.retryAfterSeconds : undefined
  if (seconds !== undefined) headers['retry-after'] = String(seconds)
  return { code, headers, body, warnings }
}

/** An answer in plain words. */
export function textAnswer(code: number, body: string): HttpAnswer {
  return { code, headers: { 'content-type': 'text/plain; charset=utf-8' }, body, warnings: [] }
}
