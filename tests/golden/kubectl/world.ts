import type { Api, Node, Pod } from '../../../src/engine/api/index.ts'
import { formatMicroTime, formatTime } from '../../../src/engine/api/index.ts'
import { createApi } from '../../../src/engine/apiserver/api.ts'
import { handleHttp, type HttpAnswer, type HttpRequest } from '../../../src/engine/apiserver/http.ts'
import { storeBuiltIns } from '../../../src/engine/apiserver/builtIns/index.ts'
import { storePolicy } from '../../../src/engine/apiserver/authorization/index.ts'
import { createApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import { administrator } from '../../../src/engine/apiserver/authentication/users.ts'
import { bootstrap } from '../../../src/engine/bootstrap.ts'
import { createClient, createProcess, type Client } from '../../../src/engine/client/index.ts'
import { createControllerManager } from '../../../src/engine/controllers/index.ts'
import { createEtcd } from '../../../src/engine/etcd/store.ts'
import { kinds } from '../../../src/engine/kinds/index.ts'
import { createScheduler } from '../../../src/engine/scheduler/index.ts'
import { createSim, createWorld, type Sim } from '../../../src/engine/sim/index.ts'

/** A cluster as the transcripts have it: control plane, three nodes, and a stand-in for the kubelets. */
export interface GoldenWorld {
  readonly sim: Sim
  readonly api: Api
  readonly http: (request: HttpRequest) => HttpAnswer
  readonly settle: () => void
}

/** Builds it. See "The setting" in golden/kubectl/README.md. */
export function createGoldenWorld(): GoldenWorld {
  const sim = createSim(createWorld(1))
  const server = createApiServer(withoutUpkeep(sim), createEtcd(sim), kinds)
  const clientOf = (name: string): Client => createClient(createProcess(sim, server, name))
  storePolicy(server.etcd, sim.now())
  storeBuiltIns(server.etcd)
  bootstrap(clientOf('kube-apiserver'), false, [])
  createScheduler(clientOf('kube-scheduler'))
  createControllerManager(clientOf('kube-controller-manager'))
  const kubelet = clientOf('kubelet')
  kubelet.informer({ kind: 'Event' })
  playKubelets(sim, kubelet)
  for (const index of [1, 2, 3]) addNode(sim, kubelet, index)
  const settle = (): void => {
    let before = -1
    for (let round = 0; round < 60 && before !== server.revision(); round++) {
      before = server.revision()
      sim.advanceTo(sim.now() + 1000)
    }
  }
  settle()
  sim.advanceTo(sim.now() + 15_000)
  // The recorder swept the default namespace before each scenario.
  for (const { metadata } of kubelet.informer({ kind: 'Event' }).list())
    kubelet.delete({ kind: 'Event', name: metadata.name, namespace: metadata.namespace })
  kubelet.delete({ kind: 'EndpointSlice', name: 'kubernetes', namespace: 'default' })
  settle()
  const api = createApi(sim, server, administrator)
  return { sim, api, http: (request) => handleHttp(server, request), settle }
}

/** The recorder's API server did not say where it can be reached, and so brings nothing back that was deleted. */
function withoutUpkeep(sim: Sim): Sim {
  const isUpkeep = (to: unknown): boolean => typeof to === 'string' && to.startsWith('kube-apiserver-upkeep')
  return { ...sim, schedule: (delayMs, to, event) => (isUpkeep(to) ? -1 : sim.schedule(delayMs, to, event)) }
}

const capacity = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi' }

function addNode(sim: Sim, client: Client, index: number): void {
  const name = `node-${index}`
  const now = formatTime(sim.now())
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' }
  const node = client.create<Node>('Node', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {} })
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  })
  client.updateStatus({
    ...node,
    status: {
      capacity,
      allocatable: capacity,
      conditions: [
        condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
        condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
        condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
        condition('NetworkUnavailable', 'False', 'RouteCreated', 'RouteController created a route'),
      ],
      addresses: [
        { type: 'InternalIP', address: `192.168.10.1${index}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        machineID: `machine-${index}`,
        systemUUID: `system-${index}`,
        bootID: `boot-${index}`,
        kernelVersion: '6.8.0-31-generic',
        osImage: 'Ubuntu 24.04 LTS',
        containerRuntimeVersion: 'containerd://2.1.4',
        kubeletVersion: 'v1.36.3',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  } as Node)
  client.create(
    'Lease',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: 'kube-node-lease' },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: formatMicroTime(sim.now()) },
    },
    'kube-node-lease',
  )
}

/** Marks scheduled pods Running and Ready at once, those of jobs Succeeded; removes deleted ones at once, renews the nodes' leases. */
function playKubelets(sim: Sim, client: Client): void {
  let address = 10
  const pods = client.informer<Pod>({ kind: 'Pod' })
  pods.listen((change) => {
    if (change.type === 'DELETED' || !change.object.spec.nodeName) return
    const { name, namespace = 'default', uid } = change.object.metadata
    sim.schedule(1, 'standIn/pod', { type: 'sync', name, namespace, uid })
  })
  sim.handle('standIn', (part, event) => {
    if (part === 'lease') return renew(sim, client)
    const { name, namespace } = event as unknown as { name: string; namespace: string }
    const pod = client.find<Pod>('Pod', name, namespace)
    if (pod === undefined) return
    if (pod.metadata.deletionTimestamp) client.delete({ kind: 'Pod', name, namespace }, { gracePeriodSeconds: 0 })
    else if (pod.status.phase === 'Pending') client.updateStatus(running(sim, pod, `10.244.1.${address++}`))
  })
  sim.schedulePeriodic(10_000, 'standIn/lease', { type: 'renew' })
}

function renew(sim: Sim, client: Client): void {
  sim.schedulePeriodic(10_000, 'standIn/lease', { type: 'renew' })
  for (const name of ['node-1', 'node-2', 'node-3'])
    if (client.find('Lease', name, 'kube-node-lease'))
      client.patch(
        { kind: 'Lease', name, namespace: 'kube-node-lease' },
        { spec: { renewTime: formatMicroTime(sim.now()) } },
        'merge',
      )
}

function running(sim: Sim, pod: Pod, ip: string): Pod {
  const now = formatTime(sim.now())
  const hostIP = `192.168.10.1${pod.spec.nodeName!.slice(-1)}`
  const types = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled']
  const isOfJob = pod.metadata.ownerReferences?.some(({ kind }) => kind === 'Job') === true
  const status = {
    ...pod.status,
    phase: isOfJob ? 'Succeeded' : 'Running',
    conditions: types.map((type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: now })),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: now,
    containerStatuses: pod.spec.containers.map(({ name, image = '' }) => ({
      name,
      image,
      imageID: '',
      ready: !isOfJob,
      restartCount: 0,
      lastState: {},
      state: isOfJob
        ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } }
        : { running: { startedAt: now } },
    })),
  }
  return { ...pod, status } as unknown as Pod
}
