import { unauthorized, type User } from '../../api/index.ts'
import type { StrategyContext } from '../../kinds/defineKind.ts'
import { userOfToken } from './tokens.ts'

/** Who a person is unless they say otherwise: the first user of a cluster, known by a static token. */
export const administrator: User = Object.freeze({
  name: 'kubernetes-admin',
  uid: 'u1',
  groups: Object.freeze(['system:masters', 'system:authenticated']),
})

/** The token that stands in the kubeconfig of `administrator`. */
const administratorToken = 'drydock'

/** Who a request without a name comes from. */
export const anonymous: User = Object.freeze({
  name: 'system:anonymous',
  groups: Object.freeze(['system:unauthenticated']),
})

type Headers = Readonly<Record<string, string>>

/**
 * Who asks over HTTP: whom the caller named, whose token the headers carry, else the administrator; in whose name, if
 * they say so. Names of headers in lower case.
 */
export function userOfHeaders(
  headers: Headers,
  given: User | undefined,
  nowMs: number,
  context: Pick<StrategyContext, 'find'>,
): User {
  const requestor = given ?? byToken(headers['authorization'], nowMs, context)
  const wanted = wantedUser(headers)
  return wanted === undefined ? requestor : { ...wanted, impersonator: requestor }
}

function byToken(header: string | undefined, nowMs: number, context: Pick<StrategyContext, 'find'>): User {
  if (header === undefined) return administrator
  const [scheme = '', token = ''] = header.trim().split(/\s+/)
  if (scheme.toLowerCase() !== 'bearer') throw unauthorized()
  if (token === administratorToken) return administrator
  const found = userOfToken(token, nowMs, context)
  if (typeof found === 'string') throw unauthorized()
  return found.user
}

const extraPrefix = 'impersonate-extra-'

// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/filters/impersonation/constrained_impersonation.go
function wantedUser(headers: Headers): User | undefined {
  const { 'impersonate-user': name = '', 'impersonate-uid': uid = '', 'impersonate-group': groups } = headers
  const extras = Object.keys(headers).filter((header) => header.startsWith(extraPrefix))
  if (name === '' && uid === '' && groups === undefined && extras.length === 0) return undefined
  const extra = Object.fromEntries(
    extras.map((header) => [unescaped(header.slice(extraPrefix.length)), listOf(headers[header]!)]),
  )
  return {
    name,
    groups: groups === undefined ? [] : listOf(groups),
    ...(uid !== '' && { uid }),
    ...(extras.length > 0 && { extra }),
  }
}

/** Several headers of one name come joined by commas. */
const listOf = (text: string): readonly string[] => text.split(',').map((part) => part.trim())

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}
