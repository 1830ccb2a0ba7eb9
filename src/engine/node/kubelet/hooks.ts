import { quote } from '../../api/index.ts'
import { podEvent, replyTo, type Kubelet } from './context.ts'
import { containerEvents } from './containerMachine.ts'
import { tellContainer } from './letters.ts'
import type { Container, ContainerRun, Worker } from './state.ts'
import { podText } from './texts.ts'

export type Handler = NonNullable<NonNullable<Container['lifecycle']>['preStop']>
type HookKind = 'postStart' | 'preStop'

/** Starts a container's hook; its end comes back as `hook.answered` or `exec.done`. A container without one is done at once. */
export function runHook(
  kubelet: Kubelet,
  worker: Worker,
  container: Container,
  run: ContainerRun,
  kind: HookKind,
): void {
  const handler = container.lifecycle?.[kind]
  const id = run.id
  if (handler === undefined || id === undefined)
    return tellContainer(kubelet, worker, container.name, containerEvents.hookDone)
  run.hook = kind
  const reply = replyTo(kubelet, worker, 'hook', container.name, kind)
  if (handler.exec) kubelet.runtime.exec(id, handler.exec.command ?? [], reply)
  else if (handler.httpGet) askHttp(kubelet, worker, container, handler.httpGet, reply)
  else kubelet.sim.schedule((handler.sleep?.seconds ?? 0) * 1000, reply.to, { type: 'hook.slept', token: kind })
}

function askHttp(
  { runtime, machine }: Kubelet,
  { seen, pod }: Worker,
  container: Container,
  get: NonNullable<Handler['httpGet']>,
  reply: ReturnType<typeof replyTo>,
): void {
  const ip = pod.spec.hostNetwork ? machine.address : (seen.sandbox?.ip ?? '')
  const { host = ip, path = '/', scheme = 'HTTP', httpHeaders = [] } = get
  const port = portOf(container, get.port as number | string)
  runtime.probe(
    machine.name,
    { kind: 'http', host, port, path, scheme: scheme as 'HTTP' | 'HTTPS', headers: httpHeaders },
    reply,
  )
}

/** A port by number or by the name a container gives it. */
export function portOf({ ports }: Container, port: number | string): number {
  if (typeof port === 'number') return port
  return ports?.find(({ name }) => name === port)?.containerPort ?? Number(port)
}

/** What a hook's end says. */
export interface HookAnswer {
  readonly type: string
  readonly token: string
  readonly code?: number
  readonly stdout?: string
  readonly stderr?: string
  readonly result?: { readonly kind: string; readonly status?: number }
}

/** Takes a hook's end: on with the start or the stop, or the reason why it failed. */
export function hookAnswered(kubelet: Kubelet, worker: Worker, container: Container, answer: HookAnswer): void {
  const run = worker.runs[container.name]
  if (run === undefined || run.hook !== answer.token) return
  run.hook = undefined
  const error = hookError(worker, container, answer)
  if (error === undefined) return tellContainer(kubelet, worker, container.name, containerEvents.hookDone)
  if (answer.token === 'preStop') tellPreStopFailed(kubelet, worker, container.name)
  else run.failure = { reason: 'PostStartHookError', message: error }
  tellContainer(kubelet, worker, container.name, containerEvents.hookFailed)
}

/** Says that a preStop hook failed, or was cut off. */
export function tellPreStopFailed(kubelet: Kubelet, worker: Worker, container: string): void {
  podEvent(kubelet, worker, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', container)
}

// upstream: pkg/kubelet/lifecycle/handlers.go
function hookError({ pod }: Worker, container: Container, answer: HookAnswer): string | undefined {
  const handler = container.lifecycle?.[answer.token as HookKind]
  const about = `for Container ${quote(container.name)} in Pod ${quote(podText(pod))} failed - error:`
  if (answer.type === 'exec.done') {
    if (answer.code === 0) return undefined
    const words = handler?.exec?.command ?? []
    const output = (answer.stdout ?? '') + (answer.stderr ?? '')
    return `Exec lifecycle hook ([${words.join(' ')}]) ${about} command '${words.join(' ')}' exited with ${answer.code}: ${answer.stderr ?? ''}, message: ${quote(output)}`
  }
  if (answer.type !== 'probe.answered') return undefined
  const status = answer.result?.status ?? 0
  if (answer.result?.kind === 'http' && status < 400) return undefined
  const why = answer.result?.kind === 'http' ? `HTTP ${status}` : 'connection refused'
  return `HTTP lifecycle hook (${handler?.httpGet?.path ?? '/'}) ${about} ${why}, message: ""`
}
