import { addressOf, podEvent, sourcesOf, type Kubelet } from './context.ts'
import { tellPod } from './letters.ts'
import { podEvents } from './podMachine.ts'
import { withItem, type FailedMount, type Worker } from './state.ts'
import { claimError, flawOf, mountedVolumes, type Volume } from './volumes.ts'

/** How often a sync looks whether its volumes are there, and how long it waits for them. upstream: volume_manager.go */
const pollMs = 300
const patienceMs = 123_000
/** the first try comes with the reconciler's next round; each failure doubles the rest before the next */
const firstTryMs = 200
const retryMs = 500
const retryMsMax = 122_000

/** Waits for the pod's volumes: `volumes.mounted` follows. Returns an error that ends the sync at once. */
export function mountVolumes(kubelet: Kubelet, worker: Worker): string | undefined {
  const { volumes } = worker
  const wanted = mountedVolumes(worker.pod)
  if (areMounted(worker, wanted)) {
    tellPod(kubelet, worker, podEvents.volumesMounted)
    return undefined
  }
  volumes.since = kubelet.sim.now()
  volumes.wait++
  const address = addressOf(kubelet, worker, 'volumes')
  const sources = sourcesOf(kubelet, worker)
  let isAnyBroken = false
  for (const volume of wanted) {
    const { name } = volume
    if (volumes.mounted.includes(name) || isClaimed(volume) || flawOf(volume, sources) === undefined) continue
    isAnyBroken = true
    if (failureOf(worker, name) !== undefined) continue
    volumes.failed = withItem(volumes.failed, { name, tries: 0 })
    kubelet.sim.schedule(firstTryMs, address, { type: 'mount.tried', name })
  }
  if (isAnyBroken) kubelet.sim.schedule(patienceMs, address, { type: 'mount.awaited', wait: volumes.wait })
  else kubelet.sim.schedule(pollMs, address, { type: 'mount.polled', wait: volumes.wait })
  return undefined
}

const isClaimed = ({ persistentVolumeClaim }: Volume): boolean => persistentVolumeClaim !== undefined

/** A timer of the wait for volumes fired. Returns an error that ends the sync; an empty one is not worth an event. */
export function volumesHeard(
  kubelet: Kubelet,
  worker: Worker,
  event: { readonly type: string; readonly [key: string]: unknown },
): string | undefined {
  if (event.type === 'mount.tried') return tryMount(kubelet, worker, event['name'] as string)
  if (event['wait'] !== worker.volumes.wait || worker.chart.at !== 'syncing.mounting') return undefined
  if (event.type === 'mount.awaited') return ''
  const volumes = mountedVolumes(worker.pod)
  const error = volumes.some(isClaimed) ? claimError(worker.pod, volumes, sourcesOf(kubelet, worker)) : undefined
  if (error !== undefined) return error
  for (const { name } of volumes)
    if (!worker.volumes.mounted.includes(name) && failureOf(worker, name) === undefined) noteMounted(worker, name)
  if (areMounted(worker, volumes)) tellPod(kubelet, worker, podEvents.volumesMounted)
  return undefined
}

function noteMounted({ volumes }: Worker, name: string): void {
  volumes.mounted = withItem(volumes.mounted, name)
}

/** Whether all that the pod mounts is there. */
export function hasVolumes(worker: Worker): boolean {
  return worker.volumes.pod === worker.pod || areMounted(worker, mountedVolumes(worker.pod))
}

function areMounted({ pod, volumes }: Worker, wanted: readonly Volume[]): boolean {
  for (const { name } of wanted) if (!volumes.mounted.includes(name)) return false
  volumes.pod = pod
  return true
}

function failureOf({ volumes }: Worker, name: string): FailedMount | undefined {
  for (const failure of volumes.failed) if (failure.name === name) return failure
  return undefined
}

/** One try of a volume that could not be mounted before: the reconciler goes on whether or not a sync waits. */
function tryMount(kubelet: Kubelet, worker: Worker, name: string): undefined {
  const volume = mountedVolumes(worker.pod).find((one) => one.name === name)
  if (volume === undefined || worker.isDoomed) return
  const flaw = flawOf(volume, sourcesOf(kubelet, worker))
  const { volumes } = worker
  const address = addressOf(kubelet, worker, 'volumes')
  if (flaw !== undefined) {
    podEvent(kubelet, worker, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${name}" : ${flaw}`)
    const failure = failureOf(worker, name)!
    const rest = Math.min(retryMs * 2 ** failure.tries, retryMsMax)
    failure.tries++
    kubelet.sim.schedule(rest, address, { type: 'mount.tried', name })
    return
  }
  noteMounted(worker, name)
  const waited = kubelet.sim.now() - volumes.since
  kubelet.sim.schedule(Math.ceil((waited + 1) / pollMs) * pollMs - waited, address, {
    type: 'mount.polled',
    wait: volumes.wait,
  })
}
