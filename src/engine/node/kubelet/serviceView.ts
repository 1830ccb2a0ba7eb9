import type { Pod, Service } from '../../api/index.ts'
import type { Informer } from '../../client/index.ts'
import { serviceVariables, type ServiceVariables } from './env.ts'

/** What a kubelet knows of Services. */
export interface ServiceView {
  /** only a kubelet with pods watches Services: absent until one of its pods asks for their variables */
  informer: Informer<Service> | undefined
  readonly watch: () => Informer<Service>
  /** variables by namespace; `''` for pods that want no links */
  readonly known: Map<string, Known>
}

interface Known {
  readonly revision: number
  readonly variables: ServiceVariables
}

/** The variables about Services that a pod's containers get. */
export function servicesFor(view: ServiceView, pod: Pod): ServiceVariables {
  const services = (view.informer ??= view.watch())
  const revision = services.revision()
  const namespace = pod.spec.enableServiceLinks === false ? '' : (pod.metadata.namespace ?? '')
  const known = view.known.get(namespace)
  if (known?.revision === revision) return known.variables
  const variables = serviceVariables(services.list(), pod)
  view.known.set(namespace, { revision, variables })
  return variables
}
