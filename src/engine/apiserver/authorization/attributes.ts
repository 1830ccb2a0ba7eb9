import { forbidden, statusError, type User } from '../../api/index.ts'

/** What somebody wants to do, as authorizers see it. */
export interface Attributes {
  readonly user: User
  readonly verb: string
  /** false: `path` alone counts */
  readonly isResource: boolean
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly path: string
  /** of a list or watch */
  readonly fieldSelector?: string | undefined
}

/** Attributes of a question about a resource; what is left out is empty. */
export function about(user: User, verb: string, rest: Partial<Attributes>): Attributes {
  const { group = '', resource = '', subresource = '', namespace = '', name = '', fieldSelector } = rest
  return { user, verb, isResource: true, group, resource, subresource, namespace, name, path: '', fieldSelector }
}

/** Attributes of a question about a path. */
export function aboutPath(user: User, verb: string, path: string): Attributes {
  return { ...about(user, verb, {}), isResource: false, path }
}

/** `pods/log`, or the bare resource. */
export const fullResource = ({ resource, subresource }: Pick<Attributes, 'resource' | 'subresource'>): string =>
  subresource === '' ? resource : `${resource}/${subresource}`

/** The 403 that a refused authorization answers. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go ForbiddenStatusError
export function refusal(attributes: Attributes, reason: string): Error {
  const { isResource, group, resource, name } = attributes
  const detail = reason === '' ? sentence(attributes) : `${sentence(attributes)}: ${reason}`
  if (isResource && resource !== '') return forbidden({ group, resource }, name, detail)
  return statusError({ message: `forbidden: ${detail}`, reason: 'Forbidden', details: {}, code: 403 })
}

function sentence(attributes: Attributes): string {
  const { user, verb, isResource, group, namespace, path } = attributes
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`
  if (!isResource) return `${who} path ${JSON.stringify(path)}`
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`
  return `${who} resource ${JSON.stringify(fullResource(attributes))} in API group ${JSON.stringify(group)} ${scope}`
}
