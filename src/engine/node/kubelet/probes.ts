import type { Pod } from '../../api/index.ts'
import { runMachine } from '../../sim/index.ts'
import { stillHost } from '../machine/stillHost.ts'
import type { ProbeAnswer, ProbeTarget } from '../runtime/runtime.ts'
import { podRef } from '../traceNames.ts'
import { addressOf, hostOf, podEvent, type Kubelet, type KubeletAddress, type Subject } from './context.ts'
import { portOf } from './hooks.ts'
import { tellProbe } from './letters.ts'
import { probeMachine, type ProbeEvent } from './probeMachine.ts'
import { execTimedOut, judge, judgeExec, timedOut, type ProbeVerdict } from './probeResult.ts'
import { hasStarted } from './probeSays.ts'
import { isSidecar } from './restartPolicy.ts'
import {
  newestOf,
  type Container,
  type ContainerRecord,
  type ProbeKind,
  type ProbeResult,
  type ProbeState,
  type Worker,
} from './state.ts'
import { containerOf } from './texts.ts'

const charts = runMachine<object, ProbeEvent>(probeMachine)
const context = Object.freeze({})

/** What a probe says before it was ever asked. */
const initial: Readonly<Record<ProbeKind, ProbeResult>> = {
  liveness: 'success',
  readiness: 'failure',
  startup: 'unknown',
}

const titles: Readonly<Record<ProbeKind, string>> = { liveness: 'Liveness', readiness: 'Readiness', startup: 'Startup' }

/** A command goes through the runtime's door, which takes its time; a connection does not. */
const execMs = 10

/** What ran before this kubelet is asked a moment after it was found; until then it is not ready. */
const adoptedMs = 20

type Probe = NonNullable<Container['livenessProbe']>

function probeOf(pod: Pod, { container, kind }: ProbeState): Probe | undefined {
  return containerOf(pod, container)?.[`${kind}Probe`]
}

/** Containers that may have probes: regular ones and sidecars. */
function probed({ spec }: Pod): readonly Container[] {
  const init = spec.initContainers as readonly Container[] | undefined
  if (init === undefined) return spec.containers
  const sidecars = init.filter(isSidecar)
  return sidecars.length === 0 ? spec.containers : [...sidecars, ...spec.containers]
}

/** Begins the rhythm of all probes of a pod that have none yet. upstream: prober_manager.go AddPod */
export function addProbes(kubelet: Kubelet, worker: Worker): void {
  for (const { name, startupProbe, readinessProbe, livenessProbe } of probed(worker.pod)) {
    if (startupProbe !== undefined) addProbe(kubelet, worker, name, 'startup')
    if (readinessProbe !== undefined) addProbe(kubelet, worker, name, 'readiness')
    if (livenessProbe !== undefined) addProbe(kubelet, worker, name, 'liveness')
  }
}

function addProbe(kubelet: Kubelet, worker: Worker, container: string, kind: ProbeKind): void {
  if (worker.probes[`${container}/${kind}`] !== undefined) return
  const chart = charts.start(context, stillHost)
  const probe: ProbeState = {
    container,
    kind,
    chart,
    id: undefined,
    result: initial[kind],
    last: 'unknown',
    inARow: 0,
    asked: 0,
    rhythm: 0,
    hops: 0,
    isRefused: false,
    timeout: undefined,
    isWanted: false,
    pausedAt: undefined,
    dueAt: 0,
  }
  worker.probes = { ...worker.probes, [`${container}/${kind}`]: probe }
  if (wasStarted(worker, container) && kind === 'startup') probe.result = 'success'
  probe.id = newestOf(worker.seen, container)?.id
  tickLater(kubelet, worker, probe)
  if (probe.id === undefined) return
  kubelet.sim.schedule(adoptedMs, probeAddress(kubelet, worker, probe), { type: 'probe.begun' })
  if (kind === 'readiness') kubelet.readinessChanged(worker)
}

function wasStarted({ pod, seen }: Worker, name: string): boolean {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status
  const status = [...containerStatuses, ...initContainerStatuses].find((one) => one.name === name)
  return status?.started === true && newestOf(seen, name)?.state === 'running'
}

/** The rhythm is kept by ticks; each plans the next, and a new rhythm makes those of the old one void. */
function tickLater(kubelet: Kubelet, worker: Worker, probe: ProbeState): void {
  const periodMs = (probeOf(worker.pod, probe)?.periodSeconds ?? 10) * 1000
  const isSteady = probe.result === 'success'
  const plan = isSteady ? kubelet.sim.schedulePeriodic : kubelet.sim.schedule
  probe.dueAt = kubelet.sim.now() + periodMs
  plan(periodMs, probeAddress(kubelet, worker, probe), { type: 'probe.ticked', rhythm: probe.rhythm })
}

function probeAddress(kubelet: Kubelet, worker: Worker, { container, kind }: ProbeState): KubeletAddress {
  return addressOf(kubelet, worker, 'probe', container, kind)
}

/** A timer or an answer for a probe came in. */
export function probeHeard(
  kubelet: Kubelet,
  worker: Worker,
  probe: ProbeState,
  event: { readonly type: string; readonly [key: string]: unknown },
): void {
  if (event.type === 'probe.ticked') {
    if (event['rhythm'] !== probe.rhythm) return
    if (probe.chart.at === 'onHold') {
      probe.pausedAt = kubelet.sim.now()
      return
    }
    tickLater(kubelet, worker, probe)
    tellProbe(kubelet, worker, probe, { type: 'probe.ticked' })
  } else if (event.type === 'probe.begun') trigger(kubelet, worker, probe)
  else if (event.type === 'probe.launched') launch(kubelet, worker, probe, event['token'] as string)
  else if (event['token'] === String(probe.asked)) answered(kubelet, worker, probe, event)
}

/** Each status that is made while a container has started and is not ready asks its readiness probe again. */
export function triggerReadiness(kubelet: Kubelet, worker: Worker): void {
  for (const key in worker.probes) {
    const probe = worker.probes[key]!
    if (probe.kind !== 'readiness') continue
    const container = containerOf(worker.pod, probe.container)
    const newest = newestOf(worker.seen, probe.container)
    if (container === undefined || newest?.state !== 'running' || !hasStarted(worker.probes, container, newest))
      continue
    if (probe.id === newest.id && probe.result === 'success') continue
    if (probe.chart.at === 'resting') trigger(kubelet, worker, probe)
    else probe.isWanted = true
  }
}

function trigger(kubelet: Kubelet, worker: Worker, probe: ProbeState): void {
  probe.isWanted = false
  probe.rhythm++
  tickLater(kubelet, worker, probe)
  tellProbe(kubelet, worker, probe, { type: 'probe.triggered' })
}

/** Whom a probe's chart is about. */
export interface OfProbe extends Subject {
  readonly worker: Worker
  readonly probe: ProbeState
}

const host = hostOf<OfProbe, ProbeEvent>(
  ({ kubelet, worker, probe }) => probeAddress(kubelet, worker, probe),
  (_effect, _params, _context, _event, { kubelet, worker, probe }) => ask(kubelet, worker, probe),
)

/** Sends an event to a probe's chart. */
export function sendProbe(about: OfProbe, event: ProbeEvent): void {
  charts.send(about.probe.chart, event, host, about)
}

/** One turn of a probe. upstream: prober/worker.go doProbe */
function ask(kubelet: Kubelet, worker: Worker, probe: ProbeState): void {
  const container = containerOf(worker.pod, probe.container)
  const spec = container?.[`${probe.kind}Probe`]
  const newest = newestOf(worker.seen, probe.container)
  const skip = (): void => tellProbe(kubelet, worker, probe, { type: 'probe.skipped' })
  if (container === undefined || spec === undefined || newest === undefined) return skip()
  if (probe.id !== newest.id) begin(probe, newest.id)
  if (newest.state !== 'running') {
    if (probe.kind === 'readiness') probe.result = 'failure'
    return skip()
  }
  if (worker.isDoomed && probe.kind !== 'readiness') return skip()
  if (ageSeconds(kubelet, newest) < (spec.initialDelaySeconds ?? 0)) return skip()
  if (hasStarted(worker.probes, container, newest) === (probe.kind === 'startup')) return skip()
  probe.asked++
  probe.hops = 0
  probe.isRefused = false
  const token = String(probe.asked)
  const { forced } = worker
  if (forced[probe.kind] !== undefined) return settle(kubelet, worker, probe, forcedVerdict(forced[probe.kind]!))
  probe.timeout = kubelet.sim.schedule((spec.timeoutSeconds ?? 1) * 1000, probeAddress(kubelet, worker, probe), {
    type: 'probe.timedOut',
    token,
  })
  if (spec.exec) kubelet.sim.schedule(execMs, probeAddress(kubelet, worker, probe), { type: 'probe.launched', token })
  else
    kubelet.runtime.probe(kubelet.machine.name, targetOf(kubelet, worker, container, spec), {
      to: probeAddress(kubelet, worker, probe),
      token,
    })
}

const forcedVerdict = (isGood: boolean): ProbeVerdict =>
  isGood ? { result: 'success', output: '' } : { result: 'failure', output: 'a fault answers for this probe' }

// upstream: statuses hold whole seconds, so a container is up to a second older than it is
function ageSeconds({ sim }: Kubelet, { startedAt = 0 }: ContainerRecord): number {
  return Math.floor((sim.now() - Math.floor(startedAt / 1000) * 1000) / 1000)
}

function begin(probe: ProbeState, id: string): void {
  probe.id = id
  probe.result = initial[probe.kind]
  probe.last = 'unknown'
  probe.inARow = 0
}

function launch(kubelet: Kubelet, worker: Worker, probe: ProbeState, token: string): void {
  const command = probeOf(worker.pod, probe)?.exec?.command
  if (token !== String(probe.asked) || probe.id === undefined || probe.chart.at !== 'asking') return
  kubelet.runtime.exec(probe.id, command ?? [], { to: probeAddress(kubelet, worker, probe), token })
}

function targetOf(
  { machine }: Kubelet,
  { pod, seen }: Worker,
  container: Container,
  { httpGet, tcpSocket, grpc }: Probe,
): ProbeTarget {
  const ip = pod.spec.hostNetwork ? machine.address : (seen.sandbox?.ip ?? '')
  if (httpGet) {
    const { host = ip, path = '/', port, scheme = 'HTTP', httpHeaders = [] } = httpGet
    const number = portOf(container, port as number | string)
    return { kind: 'http', host, port: number, path, scheme: scheme as 'HTTP' | 'HTTPS', headers: httpHeaders }
  }
  if (tcpSocket)
    return { kind: 'tcp', host: tcpSocket.host ?? ip, port: portOf(container, tcpSocket.port as number | string) }
  return { kind: 'grpc', host: ip, port: grpc?.port ?? 0, service: grpc?.service ?? '' }
}

function answered(
  kubelet: Kubelet,
  worker: Worker,
  probe: ProbeState,
  event: { readonly type: string; readonly [key: string]: unknown },
): void {
  if (probe.chart.at !== 'asking') return
  const container = containerOf(worker.pod, probe.container)
  const spec = container?.[`${probe.kind}Probe`]
  if (container === undefined || spec === undefined) return
  const timeoutSeconds = spec.timeoutSeconds ?? 1
  if (event.type === 'exec.done')
    return settle(
      kubelet,
      worker,
      probe,
      judgeExec(Number(event['code']), String(event['stdout'] ?? ''), String(event['stderr'] ?? '')),
    )
  if (event.type === 'probe.timedOut') {
    probe.timeout = undefined
    if (spec.exec) return settle(kubelet, worker, probe, execTimedOut(spec.exec.command ?? [], timeoutSeconds))
    const target = targetOf(kubelet, worker, container, spec)
    const refusal = { type: 'probe.answered', token: '', result: { kind: 'refused' } } as const
    return settle(
      kubelet,
      worker,
      probe,
      probe.isRefused ? judge(target, refusal, timeoutSeconds) : timedOut(target, timeoutSeconds),
    )
  }
  const answer = event as unknown as ProbeAnswer
  const target = targetOf(kubelet, worker, container, spec)
  if (target.kind === 'grpc' && answer.result.kind === 'refused') {
    probe.isRefused = true
    return
  }
  const verdict = judge(target, answer, timeoutSeconds)
  if (verdict.follow === undefined || probe.hops >= 10 || target.kind !== 'http')
    return settle(kubelet, worker, probe, verdict)
  probe.hops++
  const reply = { to: probeAddress(kubelet, worker, probe), token: String(probe.asked) }
  kubelet.runtime.probe(kubelet.machine.name, { ...target, path: verdict.follow }, reply)
}

function settle(kubelet: Kubelet, worker: Worker, probe: ProbeState, verdict: ProbeVerdict): void {
  if (probe.timeout !== undefined) kubelet.sim.cancel(probe.timeout)
  probe.timeout = undefined
  tellVerdict(kubelet, worker, probe, verdict)
  const spec = probeOf(worker.pod, probe)
  probe.inARow = probe.last === verdict.result ? probe.inARow + 1 : 1
  probe.last = verdict.result
  const threshold = verdict.result === 'failure' ? (spec?.failureThreshold ?? 3) : (spec?.successThreshold ?? 1)
  const isHeld =
    probe.inARow >= threshold &&
    probe.kind !== 'readiness' &&
    (verdict.result === 'failure' || probe.kind === 'startup')
  tellProbe(kubelet, worker, probe, { type: isHeld ? 'probe.held' : 'probe.answered' })
  if (isHeld) probe.inARow = 0
  const isNews = (isHeld || probe.inARow >= threshold) && probe.result !== verdict.result
  if (isNews) {
    probe.result = verdict.result
    resultChanged(kubelet, worker, probe)
  }
  if (probe.isWanted) trigger(kubelet, worker, probe)
}

function resultChanged(kubelet: Kubelet, worker: Worker, { kind, result, container }: ProbeState): void {
  const cause = kubelet.sim.record(kubelet.client.actor, 'probe.turned', podRef(worker.pod), {
    container,
    kind,
    result,
  })
  kubelet.sim.because(cause, () => {
    if (kind === 'readiness') kubelet.readinessChanged(worker)
    kubelet.requestSync(worker)
  })
}

function tellVerdict(
  kubelet: Kubelet,
  worker: Worker,
  { kind, container }: ProbeState,
  { result, output, isWarning }: ProbeVerdict,
): void {
  const title = titles[kind]
  if (result === 'failure')
    podEvent(kubelet, worker, 'Warning', 'Unhealthy', `${title} probe failed: ${output}`, container)
  else if (isWarning)
    podEvent(kubelet, worker, 'Warning', 'ProbeWarning', `${title} probe warning: ${output}`, container)
}

/** A container's next run begins: a probe on hold goes on with it. */
export function releaseProbes(kubelet: Kubelet, worker: Worker): void {
  for (const key in worker.probes) {
    const probe = worker.probes[key]!
    const newest = newestOf(worker.seen, probe.container)
    if (newest === undefined || newest.id === probe.id) continue
    begin(probe, newest.id)
    probe.asked++
    resume(kubelet, worker, probe)
    tellProbe(kubelet, worker, probe, { type: 'container.replaced' })
  }
}

/** Takes the rhythm up again where it would be by now. */
function resume(kubelet: Kubelet, worker: Worker, probe: ProbeState): void {
  if (probe.pausedAt === undefined) return
  const periodMs = (probeOf(worker.pod, probe)?.periodSeconds ?? 10) * 1000
  const delayMs = periodMs - ((kubelet.sim.now() - probe.pausedAt) % periodMs)
  probe.pausedAt = undefined
  probe.dueAt = kubelet.sim.now() + delayMs
  kubelet.sim.schedule(delayMs, probeAddress(kubelet, worker, probe), { type: 'probe.ticked', rhythm: probe.rhythm })
}

/** A pod that is being stopped: liveness and startup no longer matter, and count as good. upstream: StopLivenessAndStartup */
export function dropKillingProbes(worker: Worker): void {
  const kept = Object.entries(worker.probes).filter(([, { kind }]) => kind !== 'liveness')
  worker.probes = Object.fromEntries(kept)
  for (const [, probe] of kept) {
    if (probe.kind !== 'startup') continue
    probe.id = newestOf(worker.seen, probe.container)?.id
    probe.result = 'success'
    probe.rhythm++
  }
}

/** Whether anything waits for a readiness probe. */
export function awaitsReadiness(worker: Worker): boolean {
  for (const key in worker.probes) {
    const { kind, result } = worker.probes[key]!
    if (kind === 'readiness' && result !== 'success') return true
  }
  return false
}
