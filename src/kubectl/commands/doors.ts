import { pathOf, type Cluster } from '../cluster.ts'
import { ApiError, type Pod, type Status } from '../engine.ts'

/** Ways into a pod that its node opens, and the verb that the API server asks the right for. */
const verbs = { log: 'get', exec: 'create', attach: 'create', portforward: 'create' } as const

/** Throws the API server's 403 unless one may look or go into a pod: the node itself asks nobody. */
export function demandDoor({ api }: Cluster, { metadata }: Pod, subresource: keyof typeof verbs): void {
  const { groups, impersonator } = api.user
  if (groups.includes('system:masters') && impersonator === undefined) return
  const reviews = api.findKind('selfsubjectaccessreviews')
  const pods = api.findKind('pods')
  if (reviews === undefined || pods === undefined) return
  const { name, namespace } = metadata
  const verb = verbs[subresource]
  const resourceAttributes = { verb, resource: 'pods', subresource, name, namespace }
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: {},
    spec: { resourceAttributes },
  }
  const told = api.request({ verb: 'create', ...pathOf(reviews, undefined), body: review })
  if ((told.body as { status?: { allowed?: boolean } }).status?.allowed) return
  const { code, body } = api.request({ verb, ...pathOf(pods, namespace), name, subresource })
  if (code === 403) throw new ApiError(body as Status)
}
