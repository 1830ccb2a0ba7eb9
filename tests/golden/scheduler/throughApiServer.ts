import type { Api, KubeObject } from '../../../src/engine/api/index.ts'
import { createApi } from '../../../src/engine/apiserver/api.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { createClient, createProcess } from '../../../src/engine/client/index.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { createScheduler, type DecisionRecord } from '../../../src/engine/scheduler/index.ts'
import { createSim, createWorld } from '../../../src/engine/sim/index.ts'
import type { RecordedCase } from './recordedCase.ts'

/** The lists of a case in the order in which their objects can be created. */
const lists: readonly (readonly [list: string, apiVersion: string, kind: string, isNamespaced: boolean])[] = [
  ['namespaces', 'v1', 'Namespace', false],
  ['priorityClasses', 'scheduling.k8s.io/v1', 'PriorityClass', false],
  ['runtimeClasses', 'node.k8s.io/v1', 'RuntimeClass', false],
  ['storageClasses', 'storage.k8s.io/v1', 'StorageClass', false],
  ['csinodes', 'storage.k8s.io/v1', 'CSINode', false],
  ['nodes', 'v1', 'Node', false],
  ['pvs', 'v1', 'PersistentVolume', false],
  ['pvcs', 'v1', 'PersistentVolumeClaim', true],
  ['pdbs', 'policy/v1', 'PodDisruptionBudget', true],
  ['services', 'v1', 'Service', true],
  ['replicasets', 'apps/v1', 'ReplicaSet', true],
  ['pods', 'v1', 'Pod', true],
  ['pending', 'v1', 'Pod', true],
]

const served = new Set(kinds.map(({ kind }) => kind))

/** Whether every kind a case needs is served. */
export function isPlayable({ objects }: RecordedCase): boolean {
  return lists.every(([list, , kind]) => objects[list] === undefined || served.has(kind))
}

/** Creates a case's objects in a cluster of API server and scheduler, then the pod; what was decided about it, if anything. */
export function play(recorded: RecordedCase): DecisionRecord | undefined {
  const sim = createSim(createWorld(1))
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const api = createApi(sim, server, { name: 'admin', groups: ['system:masters'] })
  const scheduler = createScheduler(createClient(createProcess(sim, server, 'kube-scheduler')))
  createNamespaces(api, recorded)
  for (const [list, apiVersion, kind, isNamespaced] of lists)
    for (const one of recorded.objects[list] ?? []) createOne(api, one, { apiVersion, kind, isNamespaced })
  sim.advanceTo(1_000)
  const { namespace = 'default', name } = recorded.pod.metadata
  createOne(api, recorded.pod, { apiVersion: 'v1', kind: 'Pod', isNamespaced: true })
  sim.advanceTo(1_010)
  return scheduler.lastDecision(`${namespace}/${name}`)
}

type Loose = RecordedCase['pod']

function createNamespaces(api: Api, { objects }: RecordedCase): void {
  const given = new Set(objects['namespaces']?.map(({ metadata }) => metadata.name))
  const used = Object.values(objects).flatMap((list) =>
    (list ?? []).flatMap(({ metadata }) => metadata.namespace ?? []),
  )
  for (const name of new Set(['default', ...used]))
    if (!given.has(name)) api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
}

interface Type {
  readonly apiVersion: string
  readonly kind: string
  readonly isNamespaced: boolean
}

function createOne(api: Api, one: Loose, { apiVersion, kind, isNamespaced }: Type): void {
  const { deletionTimestamp, ...rest } = one.metadata
  const place = isNamespaced ? { namespace: rest.namespace ?? 'default' } : {}
  const metadata = { ...rest, ...place, ...(deletionTimestamp && { finalizers: ['example.com/keep'] }) }
  api.create<KubeObject>({ ...one, apiVersion, kind, metadata }, place)
  if (one.status) api.patch(kind, rest.name, { status: one.status }, { ...place, type: 'merge', subresource: 'status' })
  // no taints but those shown: admission's own not-ready taint goes
  if (kind === 'Node') api.patch(kind, rest.name, { spec: { taints: one.spec?.['taints'] ?? null } }, { type: 'merge' })
  if (deletionTimestamp) api.delete(kind, rest.name, place)
}
