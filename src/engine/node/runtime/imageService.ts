import type { Sim } from '../../sim/index.ts'
import type { Catalogue, Refusal } from './images/catalogue.ts'
import { parseReference, type Reference } from './images/reference.ts'
import type { ImageInfo, ImageService, Reply } from './runtime.ts'
import type { RuntimeState } from './runtimeState.ts'

const resolveMs = 300
const timeoutMs = 30_000
const refusalMs = 600

/** A pull that is under way, as the timer's event carries it. */
export interface PullEnded {
  readonly type: 'pull.ended'
  readonly node: string
  readonly image: string
  readonly reply: Reply
  readonly startedAt: number
  readonly [detail: string]: unknown
}

/** What the nodes' image stores can do beyond the kubelet's needs. */
export interface ImageStore extends ImageService {
  /** Puts images on a node as if pulled before. */
  readonly preload: (node: string, images: readonly string[]) => void
  readonly list: (node: string) => readonly ImageInfo[]
  readonly remove: (node: string, image: string) => void
  /** a pull's time is over */
  readonly pullEnded: (event: PullEnded) => void
  readonly setRegistry: (isUp: boolean, bytesPerSecond?: number) => void
}

/** The image stores of all nodes and the registry behind them. */
export function createImageStore(sim: Sim, state: RuntimeState, catalogue: Catalogue): ImageStore {
  const fullOf = (image: string): string => {
    const reference = parseReference(image)
    return typeof reference === 'string' ? image : reference.full
  }
  const shelf = (node: string): Set<string> => {
    let images = state.images.get(node)
    if (images === undefined) state.images.set(node, (images = new Set()))
    return images
  }

  function info(image: string): ImageInfo | undefined {
    const reference = parseReference(image)
    return typeof reference === 'string' ? undefined : catalogue.build(reference).info
  }

  function durationOf(node: string, image: string): number {
    const reference = parseReference(image)
    if (typeof reference === 'string') return 0
    if (!state.registry.isUp) return timeoutMs
    const jitter = 0.85 + 0.3 * sim.float('registry')
    if (catalogue.refusal(reference)) return refusalMs * jitter
    // what the node has already is only asked for by name
    if (shelf(node).has(reference.full)) return resolveMs * jitter
    const { sizeBytes } = catalogue.build(reference).info
    return (resolveMs + (sizeBytes / state.registry.bytesPerSecond) * 1000) * jitter
  }

  /** Why a pull that ends now fails. */
  function failure(image: string, reference: Reference | string): Refusal | undefined {
    if (typeof reference === 'string')
      return { code: 'InvalidArgument', message: `couldn't parse image name "${image}": ${reference}` }
    if (state.registry.isUp) return catalogue.refusal(reference)
    const [host, ...path] = reference.repository.split('/')
    const server = host === 'docker.io' ? 'registry-1.docker.io' : host
    const why = `failed to do request: Head "https://${server}/v2/${path.join('/')}/manifests/${reference.tag ?? reference.digest ?? ''}": dial tcp 203.0.113.7:443: i/o timeout`
    return {
      code: 'Unknown',
      message: `failed to pull and unpack image "${reference.full}": failed to resolve reference "${reference.full}": ${why}`,
    }
  }

  return {
    has: (node, image) => state.images.get(node)?.has(fullOf(image)) === true,
    describe(node, image) {
      const known = info(image)
      return known !== undefined && state.images.get(node)?.has(known.reference) ? known : undefined
    },
    pull(node, image, reply) {
      const event: PullEnded = { type: 'pull.ended', node, image, reply, startedAt: sim.now() }
      sim.schedule(Math.round(durationOf(node, image)), 'runtime', event)
    },
    pullEnded({ node, image, reply, startedAt }) {
      const reference = parseReference(image)
      const failed = failure(image, reference)
      const { token } = reply
      if (failed) return void sim.schedule(0, reply.to, { type: 'image.pullFailed', token, image, ...failed })
      const pulled = catalogue.build(reference as Reference).info
      shelf(node).add(pulled.reference)
      sim.schedule(0, reply.to, {
        type: 'image.pulled',
        token,
        image,
        sizeBytes: pulled.sizeBytes,
        tookMs: sim.now() - startedAt,
      })
    },
    parseError(image) {
      const reference = parseReference(image)
      return typeof reference === 'string' ? `couldn't parse image name "${image}": ${reference}` : undefined
    },
    preload(node, images) {
      for (const image of images) shelf(node).add(fullOf(image))
    },
    list: (node) => [...(state.images.get(node) ?? [])].flatMap((image) => info(image) ?? []),
    remove: (node, image) => void state.images.get(node)?.delete(fullOf(image)),
    setRegistry(isUp, bytesPerSecond) {
      state.registry.isUp = isUp
      if (bytesPerSecond !== undefined) state.registry.bytesPerSecond = bytesPerSecond
    },
  }
}
