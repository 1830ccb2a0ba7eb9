import { isOver, isReady } from '../../../src/engine/controllers/pods.ts'
import { formatMicroTime, formatTime, keyOf, type Lease, type Node, type Pod } from '../../../src/engine/api/index.ts'
import { createClient, createProcess, type Client } from '../../../src/engine/client/index.ts'
import type { ApiServer } from '../../../src/engine/apiserver/apiServer.ts'
import type { Sim } from '../../../src/engine/sim/index.ts'

/** Reports for pods and nodes as the recorder did: one report that matters at a time, the oldest pod first. */
export interface PlayedKubelet {
  /** Does what is due now. Called every few milliseconds of virtual time. */
  readonly tick: () => void
  readonly report: (pod: string, report: string, code: number) => void
  /** Reports a new node at once. */
  readonly greet: (node: string) => void
  readonly setSilent: (node: string, isSilent: boolean) => void
  /** Whether it has said that a pod is gone: whatever held it up, the pod goes by its word. */
  readonly hasRemoved: (uid: string) => boolean
  /** Nothing is due any more. */
  readonly isIdle: () => boolean
}

const heartbeatMs = 10_000

interface Life {
  readonly order: number
  runningAt: number | undefined
  /** when the next report is due, by report */
  due: Map<string, number>
}

export function createPlayedKubelet(sim: Sim, server: ApiServer, gapMs: number): PlayedKubelet {
  const client = createClient(createProcess(sim, server, 'kubelet'))
  const pods = client.informer<Pod>({ kind: 'Pod' })
  const nodes = client.informer<Node>({ kind: 'Node' })
  const lives = new Map<string, Life>()
  const silent = new Set<string>()
  const removed = new Set<string>()
  const beats = new Map<string, number>()
  let lastReport = -Infinity
  let address = 0

  function beat(node: Node): void {
    const { name } = node.metadata
    const since = beats.get(name)
    if (silent.has(name) || (since !== undefined && sim.now() - since < heartbeatMs)) return
    if (since === undefined && sim.now() < bornAt(node) + 100) return
    beats.set(name, sim.now())
    renew(client, name, sim.now())
    if (!node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) sendReady(node)
  }

  function bornAt(node: Node): number {
    let life = lives.get(`node ${node.metadata.uid}`)
    if (life === undefined)
      lives.set(`node ${node.metadata.uid}`, (life = { order: 0, runningAt: sim.now(), due: new Map() }))
    return life.runningAt!
  }

  function sendReady(node: Node): void {
    const fresh = client.find<Node>('Node', node.metadata.name)
    if (!fresh) return
    const at = formatTime(sim.now())
    const conditions = usual.map((each) => ({ ...each, lastHeartbeatTime: at, lastTransitionTime: at }))
    client.updateStatus({ ...fresh, status: { ...fresh.status, conditions } } as Node)
  }

  function lifeOf(pod: Pod): Life {
    let life = lives.get(pod.metadata.uid)
    if (life === undefined)
      lives.set(pod.metadata.uid, (life = { order: lives.size, runningAt: undefined, due: new Map() }))
    return life
  }

  function plan(pod: Pod): void {
    const life = lifeOf(pod)
    const { spec, status, metadata } = pod
    if (!spec.nodeName || silent.has(spec.nodeName)) return
    const wish = (name: string): string | undefined => metadata.annotations?.[`kubelet.golden/${name}`]
    if (metadata.deletionTimestamp !== undefined) {
      if (!life.due.has('gone') && wish('stop') !== 'never')
        life.due.set('gone', sim.now() + 1000 * Number(wish('stop') ?? 0.5))
      return
    }
    if (isOver(status.phase)) return
    if (life.runningAt === undefined) life.due.set('running', life.due.get('running') ?? sim.now() + 60)
    else if (!isReady(pod) && wish('ready') !== 'never' && wish('exit') === undefined && !life.due.has('ready'))
      life.due.set('ready', life.runningAt + 1000 * Number(wish('ready-after') ?? 0.5))
    if (life.runningAt !== undefined && wish('exit') !== undefined && !life.due.has('exit'))
      life.due.set('exit', life.runningAt + 1000 * Number(wish('run') ?? 1))
  }

  function send(pod: Pod, report: string): void {
    const life = lifeOf(pod)
    const fresh = client.find<Pod>('Pod', pod.metadata.name, pod.metadata.namespace)
    if (fresh?.metadata.uid !== pod.metadata.uid) return
    const at = formatTime(sim.now())
    const status = (next: object): void =>
      void client.updateStatus({ ...fresh, status: { ...fresh.status, ...next } } as Pod)
    const ready = (is: string): object => ({
      conditions: [
        ...(fresh.status.conditions ?? []).filter(({ type }) => type !== 'Ready'),
        { type: 'Ready', status: is, lastProbeTime: null, lastTransitionTime: at },
      ],
    })
    if (report === 'running') {
      const podIP = `10.1.${address >> 8}.${++address & 255}`
      life.runningAt = sim.now()
      status({ phase: 'Running', podIP, podIPs: [{ ip: podIP }], startTime: at, ...ready('False') })
    } else if (report === 'ready') status(ready('True'))
    else if (report === 'notReady') status(ready('False'))
    else if (report === 'gone') {
      // a Job's pod that nobody has counted yet says first how it ended
      if (fresh.metadata.finalizers?.length && !isOver(fresh.status.phase))
        status({ phase: 'Failed', ...ready('False'), ...ended(fresh, 143, at) })
      removed.add(pod.metadata.uid)
      client.delete({ kind: 'Pod', ...pod.metadata }, { gracePeriodSeconds: 0 })
    } else if (report.startsWith('exit')) {
      const code = Number(report.slice(5) || '0')
      status({ phase: code === 0 ? 'Succeeded' : 'Failed', ...ready('False'), ...ended(fresh, code, at) })
    } else if (report.startsWith('restart')) {
      const restartCount = Number(report.slice(8))
      const state = { waiting: { reason: 'CrashLoopBackOff' } }
      status({ ...ready('False'), containerStatuses: [{ ...statusOf(fresh), restartCount, state }] })
    }
  }

  function nextDue(): { pod: Pod; report: string } | undefined {
    let best: { pod: Pod; report: string; at: number; order: number } | undefined
    for (const pod of pods.list()) {
      const life = lives.get(pod.metadata.uid)
      if (!life || silent.has(pod.spec.nodeName ?? '')) continue
      for (const [report, at] of life.due)
        if (report !== 'running' && at <= sim.now() && isBefore(at, life.order, best))
          best = { pod, report, at, order: life.order }
    }
    return best
  }

  function isStale(pod: Pod, report: string): boolean {
    return report !== 'gone' && (pod.metadata.deletionTimestamp !== undefined || isOver(pod.status.phase))
  }

  return {
    tick() {
      for (const node of nodes.list()) beat(node)
      for (const pod of pods.list()) {
        plan(pod)
        const life = lifeOf(pod)
        const running = life.due.get('running')
        if (running !== undefined && running <= sim.now()) {
          life.due.delete('running')
          send(pod, 'running')
        }
      }
      if (sim.now() - lastReport < gapMs) return
      for (let due = nextDue(); due; due = nextDue()) {
        const life = lifeOf(due.pod)
        life.due.set(due.report, Infinity)
        if (isStale(due.pod, due.report)) continue
        const code = due.pod.metadata.annotations?.['kubelet.golden/exit'] ?? '0'
        send(due.pod, due.report === 'exit' ? `exit ${code}` : due.report)
        lastReport = sim.now()
        return
      }
    },
    report(key, report, code) {
      const pod = [...pods.list()].find((each) => keyOf(each) === key)
      if (pod) send(pod, report === 'exit' || report === 'restart' ? `${report} ${code}` : report)
    },
    greet(name) {
      const node = client.find<Node>('Node', name)
      if (!node) return
      beats.set(name, sim.now())
      renew(client, name, sim.now())
      sendReady(node)
    },
    setSilent(node, isSilent) {
      if (isSilent) silent.add(node)
      else silent.delete(node)
      beats.delete(node)
    },
    hasRemoved: (uid) => removed.has(uid),
    isIdle: () => nextDue() === undefined,
  }
}

function statusOf({ spec }: Pod): object {
  const { name, image = '' } = spec.containers[0]!
  return { name, image, imageID: '', ready: false, restartCount: 0 }
}

function ended(pod: Pod, exitCode: number, finishedAt: string): object {
  const reason = exitCode === 0 ? 'Completed' : 'Error'
  const state = { terminated: { exitCode, reason, startedAt: finishedAt, finishedAt } }
  return { containerStatuses: [{ ...statusOf(pod), state }] }
}

function isBefore(
  at: number,
  order: number,
  best: { readonly at: number; readonly order: number } | undefined,
): boolean {
  return best === undefined || at < best.at || (at === best.at && order < best.order)
}

const usual = [
  { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
]

function renew(client: Client, node: string, now: number): void {
  const renewTime = formatMicroTime(now)
  const lease = client.find<Lease>('Lease', node, 'kube-node-lease')
  const spec = { holderIdentity: node, leaseDurationSeconds: 40, renewTime }
  if (lease) client.update({ ...lease, spec } as Lease)
  else
    client.create(
      'Lease',
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: node }, spec },
      'kube-node-lease',
    )
}
