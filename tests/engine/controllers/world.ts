import { createApi } from '../../../src/engine/apiserver/api.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { formatTime, type Api, type Deployment, type Event, type Pod } from '../../../src/engine/api/index.ts'
import { createClient, createProcess, type Process } from '../../../src/engine/client/index.ts'
import { createControllerManager, type ControllerManager } from '../../../src/engine/controllers/index.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { createSim, createWorld, freezeDeeply, type Sim, type World } from '../../../src/engine/sim/index.ts'

/** A control plane without kubelets and scheduler: pods are what the test says. */
export interface TestWorld {
  readonly sim: Sim
  readonly api: Api
  readonly process: Process
  readonly manager: ControllerManager
  readonly pods: () => readonly Pod[]
  readonly deployment: (name: string) => Deployment
  /** Makes all pods, or those that match, Ready on node-1. */
  readonly makeReady: (isMeant?: (pod: Pod) => boolean) => void
  readonly eventsOf: (kind: string, name: string) => readonly string[]
}

const lastMs = 10_000

export function createTestWorld(world: World = createWorld(1)): TestWorld {
  freezeDeeply(true)
  const isNew = world.slices.size === 0
  const sim = createSim(world)
  const server = createApiServer(sim, createEtcd(sim), kinds)
  const api = createApi(sim, server, { name: 'admin', groups: ['system:masters'] })
  const kubelet = createClient(createProcess(sim, server, 'kubelet'))
  const process = createProcess(sim, server, 'kube-controller-manager')
  const manager = createControllerManager(createClient(process))
  if (isNew) {
    for (const name of ['default', 'kube-node-lease'])
      api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    sim.advanceTo(lastMs)
  }
  const pods = (): readonly Pod[] => api.list<Pod>('pods', { namespace: 'default' })
  return {
    sim,
    api,
    process,
    manager,
    pods,
    deployment: (name) => api.get<Deployment>('deployments', name, { namespace: 'default' }),
    makeReady(isMeant = () => true) {
      for (const pod of pods().filter(isMeant)) {
        if (pod.metadata.deletionTimestamp) continue
        if (!pod.spec.nodeName) kubelet.bind(pod, 'node-1')
        const fresh = kubelet.find<Pod>('Pod', pod.metadata.name, 'default')!
        const others = (fresh.status.conditions ?? []).filter(({ type }) => type !== 'Ready')
        const ready = { type: 'Ready', status: 'True', lastTransitionTime: formatTime(sim.now()) }
        const number = Number(fresh.metadata.resourceVersion)
        const podIP = `10.0.${number >> 8}.${number & 255}`
        kubelet.updateStatus({
          ...fresh,
          status: { ...fresh.status, phase: 'Running', podIP, conditions: [...others, ready] },
        } as unknown as Pod)
      }
    },
    eventsOf: (kind, name) =>
      api
        .list<Event>('events', { namespace: 'default' })
        .filter(({ involvedObject }) => involvedObject.kind === kind && involvedObject.name === name)
        .map(({ reason, message }) => `${reason}: ${message}`),
  }
}

/** A Deployment of that many pods. */
export function deploymentOf(name: string, replicas: number, image = 'app:1', spec: object = {}): object {
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default', labels },
    spec: {
      replicas,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 30, containers: [{ name: 'app', image }] },
      },
      ...spec,
    },
  }
}
