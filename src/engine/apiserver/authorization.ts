import { forbidden } from '../api/index.ts'
import { resourceOf, type Passage } from './passage.ts'

/** Lets administrators and the cluster's own components pass; everybody else has no rights yet. */
export function authorize(passage: Passage): void {
  const { user, request, kind, namespace, subresource, name } = passage
  if (user.groups.includes('system:masters') || user.groups.includes('system:nodes')) return
  const scope = kind.namespaced && namespace !== '' ? `in the namespace "${namespace}"` : 'at the cluster scope'
  const resource = subresource === '' ? kind.plural : `${kind.plural}/${subresource}`
  const detail = `User "${user.name}" cannot ${request.verb} resource "${resource}" in API group "${kind.group}" ${scope}`
  throw forbidden(resourceOf(kind), name, detail)
}
