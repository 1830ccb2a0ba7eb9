import { fail, opaqueOf, type Tagged, type Value } from '../values.ts'
import type { Functions } from './define.ts'

// upstream: staging/src/k8s.io/apiserver/pkg/cel/library/urls.go, Go's net/url ParseRequestURI

interface Url {
  readonly text: string
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly query: string
}

/** An address as a request may name it, or why a text is none. */
export function urlOf(text: string): Url | string {
  const why = (problem: string): string => `parse ${JSON.stringify(text)}: ${problem}`
  if (text === '') return why('empty url')
  // eslint-disable-next-line no-control-regex
  if (/[\0-\x1f\x7f]/.test(text)) return why('net/url: invalid control character in URL')
  if (text === '*') return { text, scheme: '', host: '', path: '*', query: '' }
  const [, scheme = '', rest = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?([^]*)$/.exec(text)!
  if (scheme === '' && rest.startsWith(':')) return why('missing protocol scheme')
  const [front = '', query = ''] = rest.split(/\?(.*)/s)
  const own = { text, scheme: scheme.toLowerCase(), query }
  if (!front.startsWith('/')) return scheme === '' ? why('invalid URI for request') : { ...own, host: '', path: '' }
  const [, authority, path = ''] = /^(?:\/\/([^/]*))?([^]*)$/.exec(front)!
  const host = (authority ?? '').replace(/^.*@/, '')
  const problem = hostProblem(host) ?? escapeProblem(path)
  return problem === undefined ? { ...own, host, path: escaped(path) } : why(problem)
}

function hostProblem(host: string): string | undefined {
  if (host.startsWith('[') && !host.includes(']')) return "missing ']' in host"
  const port = /^\[[^\]]*\](.*)$/.exec(host)?.[1] ?? /(:[^:]*)$/.exec(host)?.[1] ?? ''
  if (!/^(:\d*)?$/.test(port)) return `invalid port ${JSON.stringify(port)} after host`
  const odd = /%(?![89a-fA-F][\da-fA-F])(.{0,2})/.exec(host)
  if (odd !== null) return `invalid URL escape ${JSON.stringify(odd[0])}`
  const char = /[ \\^`{}|]/.exec(host)
  return char === null ? undefined : `invalid character ${JSON.stringify(char[0])} in host name`
}

function escapeProblem(path: string): string | undefined {
  const odd = /%(?![\da-fA-F]{2}).{0,2}/.exec(path)
  return odd === null ? undefined : `invalid URL escape ${JSON.stringify(odd[0])}`
}

/** A path with what may not stand there escaped. */
const escaped = (path: string): string =>
  path.replace(/[^\w\-.~!$&'()*+,;=:@/%[\]]/gu, (char) => encodeURIComponent(char))

const url = 'kubernetes.URL'
const partsOf = (value: Tagged): Url => value.of as Url
const hostname = ({ host }: Url): string => host.replace(/:\d*$/, '').replace(/^\[|\]$/g, '')

function toUrl(text: string): Value {
  const read = urlOf(text)
  return typeof read === 'string' ? fail(`URL parse error during conversion from string: ${read}`) : opaqueOf(url, read)
}

/** Addresses of the web. */
export const urls: Functions = {
  'url(string) kubernetes.URL': toUrl,
  'isURL(string) bool': (text: string) => typeof urlOf(text) !== 'string',
  'kubernetes.URL.getScheme() string': (value: Tagged) => partsOf(value).scheme,
  'kubernetes.URL.getHost() string': (value: Tagged) => partsOf(value).host,
  'kubernetes.URL.getHostname() string': (value: Tagged) => hostname(partsOf(value)),
  'kubernetes.URL.getPort() string': (value: Tagged) => /:(\d*)$/.exec(partsOf(value).host)?.[1] ?? '',
  'kubernetes.URL.getEscapedPath() string': (value: Tagged) => partsOf(value).path,
  'kubernetes.URL.getQuery() map(string, list(string))': (value: Tagged) => queryOf(partsOf(value).query),
}

/** Pairs that cannot be read are left out. */
function queryOf(query: string): Value {
  const found = new Map<Value, string[]>()
  for (const pair of query.replace(/#.*$/s, '').split('&')) {
    if (pair === '' || escapeProblem(pair) !== undefined) continue
    const [name = '', value = ''] = pair.split(/=(.*)/s).map(unescaped)
    found.set(name, [...(found.get(name) ?? []), value])
  }
  return found
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return text
  }
}
