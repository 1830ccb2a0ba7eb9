import { stopContainers } from './containerRun.ts'
import { tellPod } from './letters.ts'
import { podEvents } from './podMachine.ts'
import { addressOf, podEvent, type Kubelet } from './context.ts'
import { noticeLater } from './notice.ts'
import { isSidecar } from './restartPolicy.ts'
import { newestOf, unseen, withSandbox, type Container, type Plan, type Stop, type Worker } from './state.ts'

/** How one container is asked to end. */
export function stopOf(
  kubelet: Kubelet,
  { pod }: Worker,
  message: string,
  waitsForTurn: boolean,
  graceSeconds?: number,
): Stop {
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata
  const asked = deletionTimestamp !== undefined ? deletionGracePeriodSeconds : undefined
  const seconds = graceSeconds ?? asked ?? pod.spec.terminationGracePeriodSeconds ?? 30
  return Object.freeze({ message, graceMs: seconds * 1000, beganAt: kubelet.sim.now(), waitsForTurn })
}

/** Stops all containers, sidecars last, and takes the sandbox down when they are gone. */
export function killPod(kubelet: Kubelet, worker: Worker, plan?: Plan): void {
  const { truth } = worker
  if (plan?.makesSandbox && truth.sandbox !== undefined)
    podEvent(kubelet, worker, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.')
  worker.hasChanged ||= truth !== unseen
  const running = truth.containers.filter(
    (record) => record.state === 'running' && newestOf(truth, record.name) === record,
  )
  const stops = inSpecOrder(
    worker,
    running.map(({ name }) => name),
  ).map((name) => {
    const container = worker.pod.spec.initContainers?.find((one) => one.name === name) as Container | undefined
    const waits = container !== undefined && isSidecar(container)
    return { name, stop: stopOf(kubelet, worker, `Stopping container ${name}`, waits) }
  })
  worker.takesDown = true
  if (!stopContainers(kubelet, worker, stops)) tellPod(kubelet, worker, podEvents.containersStopped)
}

function inSpecOrder({ pod }: Worker, names: readonly string[]): readonly string[] {
  if (names.length < 2) return names
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])]
  return all.map(({ name }) => name).filter((name) => names.includes(name))
}

/** How long the runtime takes to tear a sandbox down, in virtual milliseconds. */
const tearDownMs = 8

/** The last container of a pod that is being killed is gone: so is its sandbox. True when the pod must wait for that. */
export function takesDown(kubelet: Kubelet, worker: Worker): boolean {
  if (!worker.takesDown) return false
  worker.takesDown = false
  const { truth } = worker
  if (truth.sandbox === undefined) return false
  kubelet.runtime.removeSandbox(kubelet.machine.name, worker.pod.metadata.uid)
  worker.truth = withSandbox(truth, { ...truth.sandbox, isReady: false })
  noticeLater(kubelet, worker)
  kubelet.sim.schedule(tearDownMs, addressOf(kubelet, worker, 'pod'), { type: 'containers.stopped' })
  return true
}
