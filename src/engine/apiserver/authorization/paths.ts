import type { User, Verb } from '../../api/index.ts'
import { impersonated } from '../authentication/impersonation.ts'
import { placeOf } from '../http/place.ts'
import type { Server } from '../passage.ts'
import { about, aboutPath, refusal, type Attributes } from './attributes.ts'
import { decide } from './authorizer.ts'

/** A path as authorizers see it: of a resource, or of something else. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
function attributesOfPath(user: User, method: string, parts: readonly string[]): Attributes {
  const [root = ''] = parts
  const start = root === 'api' ? 2 : 3
  const isResource = (root === 'api' || root === 'apis') && parts.length > start
  if (!isResource) return aboutPath(user, method.toLowerCase(), `/${parts.join('/')}`)
  const { resource, name = '', namespace = '', subresource = '' } = placeOf(parts.slice(start))
  const group = root === 'api' ? '' : (parts[1] ?? '')
  return about(user, verbOf(method, name), { group, resource, name, namespace, subresource })
}

const verbs: Readonly<Record<string, Verb>> = { POST: 'create', PUT: 'update', PATCH: 'patch' }

function verbOf(method: string, name: string): Verb {
  if (method === 'DELETE') return name === '' ? 'deletecollection' : 'delete'
  return verbs[method] ?? (name === '' ? 'list' : 'get')
}

/** Authorizes what the stages never see: a path that is no resource's, or of a resource that is not served. */
export function authorizePath(
  user: User,
  method: string,
  parts: readonly string[],
  { context }: Pick<Server, 'context'>,
): void {
  const asked = (who: User): Attributes => attributesOfPath(who, method, parts)
  const attributes = asked(user.impersonator === undefined ? user : impersonated(user, asked, context))
  const { isAllowed, reason } = decide(attributes, context)
  if (!isAllowed) throw refusal(attributes, reason)
}
