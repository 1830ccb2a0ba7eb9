import {
  badRequest,
  conflict,
  formatTime,
  invalid,
  invalidValue,
  notFound,
  type FieldError,
  type KubeObject,
  type ServiceAccount,
} from '../../api/index.ts'
import { issuer, issueToken, type TokenWish } from '../authentication/tokens.ts'
import type { Passage, Server } from '../passage.ts'
import { readOrder } from './order.ts'
import { defineSubresource } from './subresource.ts'

interface TokenRequest {
  readonly spec?: {
    readonly audiences?: readonly string[]
    readonly expirationSeconds?: number
    readonly boundObjectRef?: {
      readonly kind?: string
      readonly apiVersion?: string
      readonly name?: string
      readonly uid?: string
    }
  }
}

const tokenKind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }
const plurals: Readonly<Record<string, string>> = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' }

/** Hands out a token for a service account, for some time, perhaps for as long as a pod lives. */
// upstream: pkg/registry/core/serviceaccount/storage/token.go
export const token = defineSubresource({
  name: 'token',
  create(passage, old, server) {
    const account = old as ServiceAccount
    const { spec = {} } = readOrder<TokenRequest>(passage, tokenKind)
    const seconds = spec.expirationSeconds ?? 3600
    const audiences = spec.audiences?.length ? spec.audiences : [issuer]
    refuse(seconds)
    const bound = boundOf(passage, spec.boundObjectRef, server)
    const now = server.sim.now()
    const { name, namespace } = account.metadata
    return {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: formatTime(now) },
      spec: {
        audiences,
        expirationSeconds: seconds,
        ...(spec.boundObjectRef === undefined ? { boundObjectRef: null } : { boundObjectRef: spec.boundObjectRef }),
      },
      status: {
        token: issueToken({ account, audiences, seconds, bound }, now, server.context),
        expirationTimestamp: formatTime(now + seconds * 1000),
      },
    }
  },
})

const minSeconds = 600

// upstream: pkg/apis/authentication/validation/validation.go
function refuse(seconds: number): void {
  const errors: FieldError[] = []
  const path = 'spec.expirationSeconds'
  if (seconds < minSeconds) errors.push(invalidValue(path, seconds, 'may not specify a duration less than 10 minutes'))
  if (seconds > 2 ** 32) errors.push(invalidValue(path, seconds, 'may not specify a duration larger than 2^32 seconds'))
  if (errors.length > 0) throw invalid('authentication.k8s.io', 'TokenRequest', '', errors)
}

function boundOf(
  { namespace, name: account }: Passage,
  reference: NonNullable<TokenRequest['spec']>['boundObjectRef'],
  { context }: Server,
): TokenWish['bound'] {
  if (reference === undefined) return undefined
  const { kind = '', apiVersion = 'v1', name = '', uid = '' } = reference
  const plural = plurals[kind]
  if (plural === undefined || apiVersion !== 'v1') {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    throw badRequest(
      `cannot bind token for serviceaccount "${account}" to object of type ${group}/${version}, Kind=${kind}`,
    )
  }
  const object = context.find<KubeObject>(kind, name, kind === 'Node' ? '' : namespace)
  if (object === undefined) throw notFound({ group: '', resource: plural }, name)
  if (uid !== '' && uid !== object.metadata.uid)
    throw conflict(
      { group: '', resource: plural },
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    )
  return { kind: kind as 'Pod' | 'Secret' | 'Node', object }
}
