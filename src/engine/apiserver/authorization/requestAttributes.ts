import { parseFieldSelector, type User } from '../../api/index.ts'
import type { Passage } from '../passage.ts'
import { about, type Attributes } from './attributes.ts'

/** A request as authorizers see it. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go
export function attributesOf(
  { request, kind, namespace, subresource, options, name }: Passage,
  user: User,
): Attributes {
  return about(user, request.verb, {
    group: kind.group,
    resource: kind.plural,
    subresource,
    namespace: kind.kind === 'Namespace' && kind.group === '' ? name : namespace,
    name: name === '' ? nameIn(options.fieldSelector) : name,
    fieldSelector: options.fieldSelector,
  })
}

/** A list of the one object that a field selector names is about that object. */
function nameIn(selector: string | undefined): string {
  if (!selector?.includes('metadata.name')) return ''
  const term = parseFieldSelector(selector).find(({ field, equals }) => field === 'metadata.name' && equals)
  return term?.value ?? ''
}
