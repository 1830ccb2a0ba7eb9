import { cpuMilli, wholeUnits, type ResourceList } from '../../api/index.ts'
import { tellContainer, tellPod } from './letters.ts'
import { must, runMachine } from '../../sim/index.ts'
import type { ContainerConfig, ExitEvent } from '../runtime/runtime.ts'
import { podRef } from '../traceNames.ts'
import { containerEvents, containerMachine, type ContainerEvent } from './containerMachine.ts'
import { statusNamed } from './containerStatus.ts'
import { addressOf, exitAddress, hostOf, ownOf, podEvent, sourcesOf, type Kubelet, type Subject } from './context.ts'
import { environmentOf, expandAll, type Variable } from './env.ts'
import { runHook, tellPreStopFailed } from './hooks.ts'
import { noticeLater } from './notice.ts'
import { podEvents } from './podMachine.ts'
import { madeAnew } from './resizing.ts'
import { ensureImage, noteImage, rootError } from './images.ts'
import { servicesFor } from './serviceView.ts'
import {
  begun,
  ended,
  newestOf,
  noItems,
  recordOf,
  runtimePodOf,
  withRecord,
  type Container,
  type ContainerRecord,
  type ContainerRun,
  type RuntimePod,
  type Stop,
  type Worker,
} from './state.ts'
import { containerOf } from './texts.ts'
import { mountsOf, type VolumeSources } from './volumes.ts'

const charts = runMachine<object, ContainerEvent>(containerMachine)
const context = Object.freeze({})

/** Whom a container's chart is about. */
export interface OfContainer extends Subject {
  readonly worker: Worker
  readonly name: string
}

const host = hostOf<OfContainer, ContainerEvent>(
  ({ kubelet, worker, name }) => addressOf(kubelet, worker, 'container', name),
  (effect, _params, _context, _event, { kubelet, worker, name }) =>
    effects[effect]!(kubelet, worker, must(containerOf(worker.pod, name), 'no such container', name)),
)

/** After SIGTERM every process gets at least this long. upstream: minimumGracePeriodInSeconds */
const leastGraceMs = 2000

const unstarted = Object.freeze({ at: '', context, timers: {} })

/** Begins a new run of a container. */
export function startRun(kubelet: Kubelet, worker: Worker, container: Container): void {
  const run: ContainerRun = {
    chart: unstarted,
    id: undefined,
    stop: undefined,
    hook: undefined,
    failure: undefined,
  }
  worker.runs[container.name] = run
  run.chart = charts.start(context, host, { kubelet, worker, name: container.name })
}

/** Takes over a container that was running before this kubelet started. */
export function adoptRun(worker: Worker, { name, id }: ContainerRecord): ContainerRun {
  const run: ContainerRun = {
    chart: { at: 'running', context, timers: {} },
    id,
    stop: undefined,
    hook: undefined,
    failure: undefined,
  }
  worker.runs[name] = run
  return run
}

/** Sends an event to a container's chart. */
export function sendContainer(about: OfContainer, event: ContainerEvent): void {
  const run = about.worker.runs[about.name]
  if (run) charts.send(run.chart, event, host, about)
}

/** Takes the chart's delays off the clock. */
export function forgetRun(kubelet: Kubelet, worker: Worker, name: string): void {
  const run = worker.runs[name]
  if (run) charts.stop(run.chart, host, { kubelet, worker, name })
}

type Effect = (kubelet: Kubelet, worker: Worker, container: Container) => void

const effects: Readonly<Record<string, Effect>> = {
  ensureImage(kubelet, worker, container) {
    const image = ensureImage(kubelet, worker, container)
    if (image === 'present') tellContainer(kubelet, worker, container.name, containerEvents.imagePresent)
    else if (image !== 'pulling')
      fail(kubelet, worker, container, image.reason, image.message, `Error: ${image.reason}`)
  },

  createContainer(kubelet, worker, container) {
    const { runtime, machine } = kubelet
    const image = container.image ?? ''
    const info = runtime.images.describe(machine.name, image)
    if (noteImage(kubelet, info)) tellImages(kubelet)
    const { truth } = worker
    const sources = sourcesOf(kubelet, worker, ipOf(kubelet, worker, truth))
    const environment = environmentOf(container, sources, servicesFor(kubelet.services, worker.pod))
    const flaw = 'error' in environment ? environment.error : rootError(worker, container, info?.user)
    if (flaw !== undefined) return fail(kubelet, worker, container, 'CreateContainerConfigError', flaw)
    const variables = 'variables' in environment ? environment.variables : []
    const attempt = attemptOf(worker, truth, container.name)
    const made = runtime.createContainer(configOf(container, sources, variables, attempt))
    if ('error' in made) return fail(kubelet, worker, container, 'CreateContainerError', made.error)
    worker.runs[container.name]!.id = made.id
    record(kubelet, worker, {
      id: made.id,
      name: container.name,
      attempt,
      state: 'created',
      image,
      reference: info?.reference ?? image,
      digest: info?.digest ?? '',
      startedAt: undefined,
      finishedAt: undefined,
      exitCode: undefined,
      reason: undefined,
      message: undefined,
    })
    madeAnew(kubelet, worker, container.name)
    podEvent(kubelet, worker, 'Normal', 'Created', 'Container created', container.name)
    tellContainer(kubelet, worker, container.name, containerEvents.containerCreated)
  },

  startProcess(kubelet, worker, container) {
    const id = must(worker.runs[container.name]?.id, 'a container that starts was created')
    const reply = { to: exitAddress(kubelet, worker, container.name), token: id }
    const now = kubelet.sim.now()
    const made = must(recordOf(worker.truth, id), 'a container that starts is on record')
    record(kubelet, worker, begun(made, now))
    const error = kubelet.runtime.startContainer(id, reply)
    if (error !== undefined) {
      const end = { finishedAt: now, exitCode: 128, reason: 'StartError', message: error }
      record(kubelet, worker, ended(made, undefined, end))
      return fail(kubelet, worker, container, 'RunContainerError', error)
    }
    kubelet.sim.record(kubelet.client.actor, 'container.started', podRef(worker.pod), { container: container.name, id })
    podEvent(kubelet, worker, 'Normal', 'Started', 'Container started', container.name)
    tellContainer(kubelet, worker, container.name, containerEvents.processStarted)
  },

  runPostStart: (kubelet, worker, container) =>
    runHook(kubelet, worker, container, worker.runs[container.name]!, 'postStart'),

  tellStarted: (kubelet, worker, { name }) => tellPod(kubelet, worker, { type: 'container.started', name }),
  tellFailed: (kubelet, worker, { name }) => tellPod(kubelet, worker, { type: 'container.failed', name }),

  killSpoiled(kubelet, worker, { name }) {
    podEvent(kubelet, worker, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', name)
    podEvent(kubelet, worker, 'Normal', 'Killing', 'FailedPostStartHook', name)
    kubelet.runtime.stopContainer(worker.runs[name]!.id!, (worker.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000)
  },

  runPreStop(kubelet, worker, container) {
    const run = worker.runs[container.name]!
    const { message, graceMs } = run.stop!
    podEvent(kubelet, worker, 'Normal', 'Killing', message, container.name)
    runHook(kubelet, worker, container, run, 'preStop')
    if (run.hook !== undefined)
      kubelet.sim.schedule(graceMs, addressOf(kubelet, worker, 'container', container.name), {
        type: 'grace.over',
        id: run.id,
      })
  },

  awaitTurn(kubelet, worker, { name }) {
    if (!worker.runs[name]!.stop!.waitsForTurn) tellContainer(kubelet, worker, name, containerEvents.turnCome)
    else giveTurn(kubelet, worker, name)
  },

  terminate(kubelet, worker, { name }) {
    const { id, stop } = worker.runs[name]!
    const left = stop!.graceMs - (kubelet.sim.now() - stop!.beganAt)
    kubelet.runtime.stopContainer(id!, Math.max(left, leastGraceMs))
  },

  tellExited(kubelet, worker, { name }) {
    const run = worker.runs[name]!
    if (run.hook === 'preStop') tellPreStopFailed(kubelet, worker, name)
    run.hook = undefined
    if (run.stop === undefined) return
    run.stop = undefined
    if (isAnyStopping(worker)) giveTurn(kubelet, worker)
    else tellPod(kubelet, worker, podEvents.containersStopped)
  },
}

/** The node's status lists its images: a new one is told with the next status check. */
function tellImages(kubelet: Kubelet): void {
  kubelet.sim.schedulePeriodic(statusCheckMs, ownOf(kubelet).status, { type: 'status.due' })
}

const statusCheckMs = 10_000

function fail(
  kubelet: Kubelet,
  worker: Worker,
  { name }: Container,
  reason: string,
  message: string,
  event = `Error: ${message}`,
): void {
  worker.runs[name]!.failure = { reason, message }
  podEvent(kubelet, worker, 'Warning', 'Failed', event, name)
  tellContainer(kubelet, worker, name, containerEvents.startFailed)
}

/** Stops running containers; `containers.stopped` follows when all of them are gone. Says whether there was any. */
export function stopContainers(
  kubelet: Kubelet,
  worker: Worker,
  stops: readonly { readonly name: string; readonly stop: Stop }[],
): boolean {
  if (stops.length === 0) return false
  let any = false
  for (const { name, stop } of stops) {
    const newest = newestOf(worker.truth, name)
    if (newest?.state !== 'running') continue
    const run = worker.runs[name]?.id === newest.id ? worker.runs[name]! : adoptRun(worker, newest)
    run.stop = stop
    any = true
  }
  for (const { name, stop } of stops)
    if (worker.runs[name]?.stop === stop) tellContainer(kubelet, worker, name, containerEvents.stopWanted)
  return any
}

/** Whether some container is being stopped. */
function isAnyStopping({ runs }: Worker): boolean {
  return Object.values(runs).some(({ stop }) => stop !== undefined)
}

/** Sidecars go last, in the reverse order of their start. upstream: kuberuntime_termination_order.go */
function giveTurn(kubelet: Kubelet, worker: Worker, arriving?: string): void {
  const stopping = Object.entries(worker.runs).filter(([, { stop }]) => stop !== undefined)
  if (stopping.some(([, { stop }]) => !stop!.waitsForTurn)) return
  for (const { name } of [...(worker.pod.spec.initContainers ?? [])].reverse()) {
    const run = stopping.find(([one]) => one === name)?.[1]
    if (run === undefined) continue
    if (run.chart.at === 'stopping.queued' || name === arriving)
      tellContainer(kubelet, worker, name, containerEvents.turnCome)
    return
  }
}

/** A process ended: the runtime's record of it changes, whether or not a kubelet is there to see. */
export function processExited(kubelet: Kubelet, uid: string, name: string, exit: ExitEvent): void {
  const { state } = kubelet
  const worker = state.workers.get(uid)
  const truth = runtimePodOf(state, uid)
  const before = recordOf(truth, exit.id)
  if (before?.state !== 'running') return
  const message = exit.message ?? kubelet.runtime.terminationMessage(exit.id)
  const { code: exitCode, reason } = exit
  const end = { finishedAt: kubelet.sim.now(), exitCode, reason, message: message || undefined }
  const after = withRecord(truth, ended(before, before.startedAt, end))
  if (worker === undefined) return void state.truth.set(uid, after)
  worker.truth = after
  const cause = kubelet.sim.record('runtime', 'container.exited', podRef(worker.pod), {
    container: name,
    exitCode,
    reason,
  })
  kubelet.sim.because(cause, () => {
    noticeLater(kubelet, worker)
    if (worker.runs[name]?.id === exit.id) tellContainer(kubelet, worker, name, containerEvents.processExited)
  })
}

/** Adds or replaces a run in what the runtime knew of a pod before. */
function record(kubelet: Kubelet, worker: Worker, run: ContainerRecord): void {
  const before = worker.truth
  const after = withRecord(before, run)
  worker.truth = after
  // what falls off the record leaves the runtime, too. upstream: container_gc.go, --maximum-dead-containers-per-container=1
  if (after.containers.length <= before.containers.length)
    for (const { id } of before.containers) if (recordOf(after, id) === undefined) kubelet.runtime.removeContainer(id)
  noticeLater(kubelet, worker)
}

function attemptOf({ status }: Worker, truth: RuntimePod, name: string): number {
  const newest = newestOf(truth, name)
  if (newest !== undefined) return newest.attempt + 1
  const { containerStatuses = noItems, initContainerStatuses = noItems } = status ?? {}
  const own = statusNamed(containerStatuses, name) ?? statusNamed(initContainerStatuses, name)
  return own?.restartCount ?? 0
}

function ipOf({ machine }: Kubelet, { pod }: Worker, { sandbox }: RuntimePod): string {
  return pod.spec.hostNetwork ? machine.address : (sandbox?.ip ?? '')
}

function configOf(
  container: Container,
  sources: VolumeSources,
  env: readonly Variable[],
  attempt: number,
): ContainerConfig {
  const limits = container.resources?.limits
  return {
    node: sources.node,
    pod: sources.pod,
    podIP: sources.podIP,
    name: container.name,
    attempt,
    image: container.image ?? '',
    command: expandAll(container.command, env),
    args: expandAll(container.args, env),
    workingDir: container.workingDir,
    env,
    mounts: mountsOf(container, sources),
    limits: limits === undefined ? noLimits : limitsOf(limits),
    stdin: container.stdin ?? false,
    tty: container.tty ?? false,
  }
}

const noLimits: ContainerConfig['limits'] = Object.freeze({ cpuMilli: undefined, memoryBytes: undefined })

function limitsOf({ cpu, memory }: ResourceList): ContainerConfig['limits'] {
  return {
    cpuMilli: cpu === undefined ? undefined : cpuMilli(cpu),
    memoryBytes: memory === undefined ? undefined : wholeUnits(memory),
  }
}
