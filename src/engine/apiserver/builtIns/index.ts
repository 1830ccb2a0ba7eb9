import type { KubeObject } from '../../api/index.ts'
import type { Etcd } from '../../etcd/store.ts'
import { apiServices } from './apiServices.ts'
import { builtIn, type BuiltIn } from './birth.ts'
import { flowControl } from './flowControl.ts'
import { kubernetesEndpoints } from './kubernetesService.ts'
import { priorityClasses } from './priorityClasses.ts'
import { serviceNetwork } from './serviceNetwork.ts'

const endpoints = builtIn('services/endpoints', 'v1', 'Endpoints', kubernetesEndpoints.metadata, {
  subsets: kubernetesEndpoints.subsets,
})

/** What a new API server finds in its store before the first request, in the order in which it is written. */
const builtIns: readonly BuiltIn[] = [...priorityClasses, ...serviceNetwork, ...flowControl, ...apiServices, endpoints]

/** Stamped once, for all clusters of this process: a fresh store always begins at the same revision. */
const memo = new Map<number, readonly BuiltIn[]>()

/** Writes it. Nobody watches yet, and nobody did it, so the trace does not tell it. */
export function storeBuiltIns(etcd: Etcd): void {
  const start = etcd.revision() + 1
  let stamped = memo.get(start)
  if (stamped === undefined) memo.set(start, (stamped = builtIns.map((one, index) => stampedAt(one, start + index))))
  for (const { prefix, object } of stamped)
    etcd.optimisticPut(
      { prefix, namespace: object.metadata.namespace ?? '', name: object.metadata.name },
      0,
      () => object,
    )
}

function stampedAt({ prefix, object }: BuiltIn, revision: number): BuiltIn {
  const metadata = { ...object.metadata, resourceVersion: String(revision) }
  return { prefix, object: Object.freeze({ ...object, metadata: Object.freeze(metadata) }) as KubeObject }
}
