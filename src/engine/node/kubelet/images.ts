import { quote, type Pod } from '../../api/index.ts'
import { runMachine } from '../../sim/index.ts'
import { remembered } from '../remembered.ts'
import type { ImageInfo } from '../runtime/runtime.ts'
import { isPullInBackoff, nextBackoff } from './backoff.ts'
import { containerEvents } from './containerMachine.ts'
import { found, hostOf, ownOf, podEvent, type Kubelet, type Subject } from './context.ts'
import { tellContainer, tellPulls } from './letters.ts'
import { pullMachine, type PullEvent } from './pullMachine.ts'
import type { Container, PullRequest, WaitReason, Worker } from './state.ts'
import { durationText, podText } from './texts.ts'

/** The charts of all nodes' pulls. */
export const pullCharts = runMachine<object, PullEvent>(pullMachine)

const pullingText = remembered((image) => `Pulling image ${quote(image)}`)
const pulledText = remembered((image) => `Successfully pulled image ${quote(image)}`)
const presentText = remembered(
  (image) => `Container image ${quote(image)} already present on machine and can be accessed by the pod`,
)

const pullAsked: PullEvent = Object.freeze({ type: 'pull.asked' })
const queueEmptied: PullEvent = Object.freeze({ type: 'queue.emptied' })

/** What there is to say of a container's image right now: it is there, it will be pulled, or it cannot be had. */
export type ImageState = 'present' | 'pulling' | WaitReason

/** Looks for an image, and asks for a pull where the policy wants one. upstream: pkg/kubelet/images/image_manager.go EnsureImageExists */
export function ensureImage(kubelet: Kubelet, worker: Worker, container: Container): ImageState {
  const { runtime, machine, sim } = kubelet
  const image = container.image ?? ''
  const flaw = runtime.images.parseError(image)
  if (flaw !== undefined)
    return refuse(kubelet, worker, container, 'InspectFailed', 'InvalidImageName', invalidText(image, flaw))
  const policy = container.imagePullPolicy ?? defaultPolicy(image)
  if (policy !== 'Always' && runtime.images.has(machine.name, image)) {
    podEvent(kubelet, worker, 'Normal', 'Pulled', presentText(image), container.name)
    return 'present'
  }
  if (policy === 'Never') {
    const message = `Container image ${quote(image)} is not present with pull policy of Never`
    return refuse(kubelet, worker, container, 'ErrImageNeverPull', 'ErrImageNeverPull', message)
  }
  const backoff = worker.pullBackoffs[image]
  if (backoff !== undefined && isPullInBackoff(backoff, sim.now())) {
    const message = `Back-off pulling image ${quote(image)}`
    podEvent(kubelet, worker, 'Normal', 'BackOff', message, container.name)
    return { reason: 'ImagePullBackOff', message: `${message}: ErrImagePull: ${backoff.error}` }
  }
  askForPull(kubelet, worker, container.name, image)
  return 'pulling'
}

function askForPull(kubelet: Kubelet, worker: Worker, container: string, image: string): void {
  podEvent(kubelet, worker, 'Normal', 'Pulling', pullingText(image), container)
  kubelet.state.pulls.push({ uid: worker.pod.metadata.uid, container, image, askedAt: kubelet.sim.now() })
  tellPulls(kubelet, pullAsked)
}

function refuse(
  kubelet: Kubelet,
  worker: Worker,
  { name }: Container,
  event: string,
  reason: string,
  message: string,
): WaitReason {
  podEvent(kubelet, worker, 'Warning', event, message, name)
  return { reason, message }
}

function invalidText(image: string, flaw: string): string {
  return `Failed to apply default image tag ${quote(image)}: ${flaw}`
}

function defaultPolicy(image: string): string {
  const tag = /:([^/:@]+)$/.exec(image)?.[1]
  return image.includes('@') || (tag !== undefined && tag !== 'latest') ? 'IfNotPresent' : 'Always'
}

/** Secrets for the registry that are not there: told on every sync. */
export function tellMissingSecrets(kubelet: Kubelet, worker: Worker, pod: Pod): void {
  const { imagePullSecrets } = pod.spec
  if (imagePullSecrets === undefined) return
  const missing = imagePullSecrets.flatMap(({ name }) =>
    name === undefined || found(kubelet.client, 'Secret', name, pod.metadata.namespace) ? [] : [name],
  )
  if (missing.length === 0) return
  const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`
  podEvent(kubelet, worker, 'Warning', 'FailedToRetrieveImagePullSecret', message)
}

const host = hostOf<Subject, PullEvent>(
  ({ kubelet }) => ownOf(kubelet).pull,
  (effect, _params, _context, event, { kubelet }) => pullEffect(kubelet, effect, event),
)

/** Sends an event to the node's pull chart. */
export function sendPull(about: Subject, event: PullEvent): void {
  pullCharts.send(about.kubelet.state.pullChart, event, host, about)
}

function pullEffect(kubelet: Kubelet, effect: string, event: PullEvent): void {
  if (effect === 'handOver') return handOver(kubelet, event as PullAnswer)
  const next = kubelet.state.pulls[0]
  if (next === undefined) return tellPulls(kubelet, queueEmptied)
  kubelet.runtime.images.pull(kubelet.machine.name, next.image, { to: ownOf(kubelet).pull, token: '' })
}

interface PullAnswer {
  readonly type: 'image.pulled' | 'image.pullFailed'
  readonly tookMs?: number
  readonly sizeBytes?: number
  readonly code?: string
  readonly message?: string
}

function handOver(kubelet: Kubelet, answer: PullAnswer): void {
  const request = kubelet.state.pulls.shift()
  const worker = request && kubelet.state.workers.get(request.uid)
  if (request === undefined) return
  if (answer.type === 'image.pulled') rememberImage(kubelet, request.image)
  if (worker === undefined) return
  if (answer.type === 'image.pulled') pulled(kubelet, worker, request, answer)
  else pullFailed(kubelet, worker, request, answer)
}

function pulled(
  kubelet: Kubelet,
  worker: Worker,
  { container, image, askedAt }: PullRequest,
  { tookMs = 0, sizeBytes = 0 }: PullAnswer,
): void {
  if (worker.pullBackoffs[image] !== undefined) {
    const { [image]: _, ...others } = worker.pullBackoffs
    worker.pullBackoffs = others
  }
  const total = durationText(kubelet.sim.now() - askedAt)
  const message = `${pulledText(image)} in ${durationText(tookMs)} (${total} including waiting). Image size: ${sizeBytes} bytes.`
  podEvent(kubelet, worker, 'Normal', 'Pulled', message, container)
  tellContainer(kubelet, worker, container, containerEvents.imagePresent)
}

function pullFailed(
  kubelet: Kubelet,
  worker: Worker,
  { container, image }: PullRequest,
  { code, message = '' }: PullAnswer,
): void {
  const now = kubelet.sim.now()
  const error = code === undefined || code === 'Unknown' ? message : `rpc error: code = ${code} desc = ${message}`
  podEvent(kubelet, worker, 'Warning', 'Failed', `Failed to pull image ${quote(image)}: ${error}`, container)
  const backoff = Object.freeze({ ...nextBackoff(worker.pullBackoffs[image], now, now), error })
  worker.pullBackoffs = { ...worker.pullBackoffs, [image]: backoff }
  const run = worker.runs[container]
  if (run) run.failure = { reason: 'ErrImagePull', message: error }
  podEvent(kubelet, worker, 'Warning', 'Failed', 'Error: ErrImagePull', container)
  tellContainer(kubelet, worker, container, containerEvents.startFailed)
}

/** Notes what the node's status will list. */
export function rememberImage(kubelet: Kubelet, image: string): boolean {
  return noteImage(kubelet, kubelet.runtime.images.describe(kubelet.machine.name, image))
}

/** The same, of an image that was described already. True when it is new. */
export function noteImage({ state }: Kubelet, info: ImageInfo | undefined): boolean {
  if (info === undefined || state.images[info.reference] !== undefined) return false
  state.images[info.reference] = Object.freeze({
    names: Object.freeze([info.digest, info.reference]),
    sizeBytes: info.sizeBytes,
  })
  return true
}

/** Why the security context forbids to start an image as its user. upstream: pkg/kubelet/kuberuntime/security_context.go verifyRunAsNonRoot */
export function rootError({ pod }: Worker, container: Container, user: string | undefined): string | undefined {
  const own = container.securityContext
  const shared = pod.spec.securityContext
  if (!(own?.runAsNonRoot ?? shared?.runAsNonRoot ?? false)) return undefined
  const about = `(pod: ${quote(podText(pod))}, container: ${container.name})`
  const asked = own?.runAsUser ?? shared?.runAsUser
  if (asked !== undefined) return asked === 0 ? `container's runAsUser breaks non-root policy ${about}` : undefined
  if (user !== undefined && !/^\d+$/.test(user))
    return `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${about}`
  return user === undefined || Number(user) === 0
    ? `container has runAsNonRoot and image will run as root ${about}`
    : undefined
}
