import {
  decodeBase64,
  encodeBase64,
  epochMs,
  jsonError,
  randomUid,
  type KubeObject,
  type Pod,
  type ServiceAccount,
  type User,
} from '../../api/index.ts'
import type { StrategyContext } from '../../kinds/defineKind.ts'
import { hash32 } from '../../sim/index.ts'
import { groupsOfAccount } from './accounts.ts'

/** Who issues tokens, and whom they are for unless they say. */
export const issuer = 'https://kubernetes.default.svc.cluster.local'

/** What a token says, as upstream's claims. */
interface Claims {
  readonly aud: readonly string[]
  readonly exp: number
  readonly iat: number
  readonly iss: string
  readonly jti: string
  readonly 'kubernetes.io': {
    readonly namespace: string
    readonly node?: NameAndUid
    readonly pod?: NameAndUid
    readonly secret?: NameAndUid
    readonly serviceaccount: NameAndUid
  }
  readonly nbf: number
  readonly sub: string
}

interface NameAndUid {
  readonly name: string
  readonly uid: string
}

/** What a token is wanted for. */
export interface TokenWish {
  readonly account: ServiceAccount
  readonly audiences: readonly string[]
  readonly seconds: number
  readonly bound?: { readonly kind: 'Pod' | 'Secret' | 'Node'; readonly object: KubeObject } | undefined
}

type Clock = Pick<StrategyContext, 'int' | 'find'>

/**
 * Makes a token: a JWT whose signature is a checksum.
 * differs: nobody keeps a secret here, so anybody could forge one
 */
// upstream: pkg/serviceaccount/claims.go, jwt.go
export function issueToken(wish: TokenWish, nowMs: number, context: Clock): string {
  const iat = Math.floor((epochMs + nowMs) / 1000)
  const { name, namespace = '' } = wish.account.metadata
  const claims: Claims = {
    aud: wish.audiences,
    exp: iat + wish.seconds,
    iat,
    iss: issuer,
    jti: randomUid(context.int),
    'kubernetes.io': { namespace, ...boundTo(wish, context), serviceaccount: referenceTo(wish.account) },
    nbf: iat,
    sub: `system:serviceaccount:${namespace}:${name}`,
  }
  const text = `${encoded({ alg: 'RS256', kid: 'drydock' })}.${encoded(claims)}`
  return `${text}.${signatureOf(text)}`
}

function boundTo({ bound }: TokenWish, context: Clock): Partial<Claims['kubernetes.io']> {
  if (bound === undefined) return {}
  const reference = referenceTo(bound.object)
  if (bound.kind === 'Secret') return { secret: reference }
  if (bound.kind === 'Node') return { node: reference }
  const { nodeName } = (bound.object as Pod).spec
  const node = nodeName ? context.find('Node', nodeName) : undefined
  return { ...(nodeName && { node: { name: nodeName, uid: node?.metadata.uid ?? '' } }), pod: reference }
}

const referenceTo = ({ metadata }: KubeObject): NameAndUid => ({ name: metadata.name, uid: metadata.uid })

const encoded = (value: object): string =>
  encodeBase64(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const signatureLength = 342 // 2048 bits

function signatureOf(text: string): string {
  let signature = ''
  for (let state = hash32(text); signature.length < signatureLength; state = hash32(`${state}${signature}`))
    for (let bits = 0; bits < 30 && signature.length < signatureLength; bits += 6)
      signature += letters[(state >>> bits) & 63]!
  return signature
}

/** Whose token it is; a text says why it is nobody's. */
export function userOfToken(
  token: string,
  nowMs: number,
  context: Pick<StrategyContext, 'find'>,
): { readonly user: User; readonly audiences: readonly string[] } | string {
  const claims = claimsOf(token)
  if (claims === undefined) return 'invalid bearer token'
  const now = (epochMs + nowMs) / 1000
  if (now > claims.exp) return '[invalid bearer token, service account token has expired]'
  const { namespace, serviceaccount, pod, node } = claims['kubernetes.io']
  const account = context.find<ServiceAccount>('ServiceAccount', serviceaccount.name, namespace)
  if (account?.metadata.uid !== serviceaccount.uid)
    return '[invalid bearer token, service account token has been invalidated]'
  if (pod !== undefined && context.find('Pod', pod.name, namespace)?.metadata.uid !== pod.uid)
    return '[invalid bearer token, service account token has been invalidated]'
  const key = 'authentication.kubernetes.io/'
  const extra = {
    [`${key}credential-id`]: [`JTI=${claims.jti}`],
    ...(node && { [`${key}node-name`]: [node.name], [`${key}node-uid`]: [node.uid] }),
    ...(pod && { [`${key}pod-name`]: [pod.name], [`${key}pod-uid`]: [pod.uid] }),
  }
  const groups = [...groupsOfAccount(namespace), 'system:authenticated']
  return { user: { name: claims.sub, uid: serviceaccount.uid, groups, extra }, audiences: claims.aud }
}

function claimsOf(token: string): Claims | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || signature !== signatureOf(`${header}.${payload}`)) return undefined
  const text = decodeBase64(payload.replace(/-/g, '+').replace(/_/g, '/'))
  return jsonError(text) === undefined ? (JSON.parse(text) as Claims) : undefined
}
