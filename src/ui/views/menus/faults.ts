import type { ActiveFault, Fault, NodeRow, PodRow, TrafficRow } from '../../protocol.ts'

/** One way to break something (or to mend it): what it is, and what follows, when. */
export interface Choice {
  readonly id: string
  readonly icon: string
  readonly title: string
  /** the consequence and its delay */
  readonly consequence: string
  /** the letter that goes to it in the menu */
  readonly letter?: string
  readonly fault?: Fault
  /** a command for the terminal, where kubectl does it */
  readonly command?: string
}

/** What can be done to a pod. */
export function podChoices(pod: PodRow): readonly Choice[] {
  const running = pod.containers.filter(({ state }) => state === 'running' || state === 'started')
  const named = running.length > 1
  const letters = new Set(pod.probes.map(({ letter }) => letter))
  return [
    ...running.map((container, index): Choice => ({
      id: `kill ${container.name}`,
      icon: 'kill',
      title: named ? `Kill the process of ${container.name}` : 'Kill its process',
      consequence: 'Exit 137. The kubelet restarts it, then backs off.',
      ...(index === 0 ? { letter: 'K' } : {}),
      fault: { kind: 'process', pod: pod.key, container: container.name, do: 'kill' },
    })),
    ...running.slice(0, 1).map((container): Choice => ({
      id: 'hang',
      icon: 'clockI',
      title: 'Hang its process',
      consequence: 'It answers nobody. Only a liveness probe would notice.',
      letter: 'H',
      fault: { kind: 'process', pod: pod.key, container: container.name, do: 'hang' },
    })),
    ...(letters.has('R')
      ? [probeChoice(pod, 'readiness', 'Fails until you undo it. No traffic once it failed often enough.', 'R')]
      : []),
    ...(letters.has('L')
      ? [probeChoice(pod, 'liveness', 'Fails until you undo it. The kubelet restarts the container.', 'L')]
      : []),
    ...(letters.has('S')
      ? [probeChoice(pod, 'startup', 'Fails until you undo it. The container never counts as started.', 'S')]
      : []),
    {
      id: 'delete',
      icon: 'x',
      title: 'Delete it',
      consequence:
        pod.owner === `Pod/${pod.key}`
          ? 'Ends within its grace period. It has no controller: nobody makes another.'
          : 'Ends within its grace period; its controller makes another.',
      letter: 'D',
      command: `kubectl delete pod ${pod.name} -n ${pod.namespace} --wait=false`,
    },
  ]
}

function probeChoice(
  pod: PodRow,
  probe: 'readiness' | 'liveness' | 'startup',
  consequence: string,
  letter: string,
): Choice {
  const fault: Fault = { kind: 'probe', pod: pod.key, probe, ok: false }
  return { id: probe, icon: 'probe', title: `Fail its ${probe} probe`, consequence, letter, fault }
}

/** What can be done to a node. */
export function nodeChoices(node: NodeRow): readonly Choice[] {
  const { name } = node
  return [
    {
      id: 'drain',
      icon: 'drain',
      title: 'Drain',
      consequence: 'Cordon, then evict within disruption budgets.',
      letter: 'D',
      command: `kubectl drain ${name} --ignore-daemonsets --delete-emptydir-data --force`,
    },
    node.isCordoned
      ? {
          id: 'uncordon',
          icon: 'check',
          title: 'Uncordon',
          consequence: 'New Pods may be placed here again.',
          letter: 'C',
          command: `kubectl uncordon ${name}`,
        }
      : {
          id: 'cordon',
          icon: 'minus',
          title: 'Cordon',
          consequence: 'No new Pods; those here stay.',
          letter: 'C',
          command: `kubectl cordon ${name}`,
        },
    node.isConnected
      ? {
          id: 'network',
          icon: 'net',
          title: 'Cut its network',
          consequence: 'Pods run on, unseen. NotReady after 50 s.',
          letter: 'N',
          fault: { kind: 'nodeNetwork', node: name, on: false },
        }
      : {
          id: 'network',
          icon: 'net',
          title: 'Mend its network',
          consequence: 'The kubelet reports again at once.',
          letter: 'N',
          fault: { kind: 'nodeNetwork', node: name, on: true },
        },
    node.isPowered
      ? {
          id: 'power',
          icon: 'power',
          title: 'Power off',
          consequence: 'Everything on it stops at once.',
          letter: 'P',
          fault: { kind: 'nodePower', node: name, on: false },
        }
      : {
          id: 'power',
          icon: 'power',
          title: 'Power on',
          consequence: 'It boots, and its kubelet starts what should run.',
          letter: 'P',
          fault: { kind: 'nodePower', node: name, on: true },
        },
    {
      id: 'kubelet',
      icon: 'wheel',
      title: node.isKubeletRunning ? 'Stop its kubelet' : 'Start its kubelet',
      consequence: node.isKubeletRunning ? 'Containers run on; NotReady after 50 s.' : 'It reports and heals again.',
      letter: 'K',
      fault: { kind: 'component', name: `kubelet@${name}`, on: !node.isKubeletRunning },
    },
  ]
}

const parts: readonly { readonly name: string; readonly title: string; readonly consequence: string }[] = [
  {
    name: 'kube-apiserver',
    title: 'API server',
    consequence: 'Nothing new is scheduled, healed or scaled; Pods run on.',
  },
  { name: 'etcd', title: 'etcd', consequence: 'No reads, no writes; Pods run on.' },
  { name: 'kube-scheduler', title: 'Scheduler', consequence: 'New Pods stay Pending.' },
  {
    name: 'kube-controller-manager',
    title: 'Controller manager',
    consequence: 'Nothing is healed, scaled or rolled out.',
  },
]

/** how many times as much a spike is */
const spike = 5

/** What can be done to the cluster as a whole; what is off already is offered to be switched on. */
export function clusterChoices(active: readonly ActiveFault[], traffic: readonly TrafficRow[] = []): readonly Choice[] {
  const isOff = (name: string) =>
    active.some(({ fault }) => fault.kind === 'component' && fault.name === name && !fault.on)
  const isRegistryOff = active.some(({ fault }) => fault.kind === 'registry' && !fault.on)
  return [
    ...parts.map(({ name, title, consequence }): Choice => {
      const off = isOff(name)
      return {
        id: name,
        icon: 'wheel',
        title: `${title} ${off ? 'on' : 'off'}`,
        consequence: off ? 'Catches up with what it missed.' : consequence,
        fault: { kind: 'component', name, on: off },
      }
    }),
    {
      id: 'registry',
      icon: 'plug',
      title: isRegistryOff ? 'Image registry on' : 'Image registry off',
      consequence: isRegistryOff
        ? 'Pulls succeed at their next try.'
        : 'New pulls fail; images on the nodes still start.',
      fault: { kind: 'registry', on: isRegistryOff },
    },
    ...traffic.map(({ source, url, rps }): Choice => ({
      id: `load ${source}`,
      icon: 'load',
      title: 'Spike the load',
      consequence: `${source}: ${Math.round(rps)} → ${Math.round(rps * spike)} requests per second.`,
      fault: { kind: 'load', name: source, url, rps: rps * spike },
    })),
  ]
}

/** What goes on, as a chip of the stage bar with its menu. */
export interface Group {
  readonly id: 'load' | 'fault'
  readonly icon: string
  readonly title: string
  /** what its menu is called */
  readonly name: string
  readonly undoWord: string
  readonly rows: readonly ActiveFault[]
}

/** What goes on, users who ask apart from what is broken; a group without rows is left out. */
export function goingOn(active: readonly ActiveFault[]): readonly Group[] {
  const loads = active.filter(({ fault }) => fault.kind === 'load')
  const faults = active.filter(({ fault }) => fault.kind !== 'load')
  const rps = loads.reduce((sum, { fault }) => sum + (fault.kind === 'load' ? fault.rps : 0), 0)
  const groups: readonly Group[] = [
    {
      id: 'load',
      icon: 'load',
      title: `${Math.round(rps * 10) / 10} requests/s`,
      name: 'Users',
      undoWord: 'Send them away',
      rows: loads,
    },
    {
      id: 'fault',
      icon: 'bolt',
      title: `${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} active`,
      name: 'Active faults',
      undoWord: 'Undo',
      rows: faults,
    },
  ]
  return groups.filter(({ rows }) => rows.length > 0)
}

/** What takes a fault back; undefined where that cannot be. */
export function undoOf(fault: Fault): Fault | undefined {
  switch (fault.kind) {
    case 'nodePower':
    case 'nodeNetwork':
    case 'component':
    case 'registry':
      return { ...fault, on: !fault.on }
    case 'probe':
      return { ...fault, ok: !fault.ok }
    case 'load':
      return { ...fault, rps: 0 }
    case 'etcdDisk':
      return { ...fault, slowMs: 0 }
    case 'process':
      return fault.do === 'hang' ? { ...fault, do: 'kill' } : undefined
    default:
      return undefined
  }
}
