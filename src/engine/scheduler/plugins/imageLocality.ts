import { definePlugin, maxNodeScore } from '../framework.ts'

const mebibyte = 1024 * 1024
const bytesMin = 23 * mebibyte
const bytesMaxPerContainer = 1000 * mebibyte

interface State {
  /** the images that some node has, each with its size by its spread over the cluster */
  readonly images: readonly { readonly bytes: number; readonly nodes: ReadonlySet<string> }[]
  readonly bytesMax: number
}

/** Prefers nodes that have the pod's images already, the more so the larger and the more common these are. */
// upstream: pkg/scheduler/framework/plugins/imagelocality/image_locality.go
export const imageLocality = definePlugin<undefined, State>({
  name: 'ImageLocality',
  preScore({ images }, _nodes, snapshot) {
    const total = snapshot.nodes.length
    const present = images.flatMap((name) => snapshot.images.get(name) ?? [])
    if (present.length === 0) return { every: 0 }
    const scaled = present.map(({ bytes, nodes }) => ({ bytes: Math.trunc(bytes * (nodes.size / total)), nodes }))
    return { state: { images: scaled, bytesMax: bytesMaxPerContainer * images.length } }
  },
  score(_pod, { name }, { images, bytesMax }) {
    let sum = 0
    for (const { bytes, nodes } of images) if (nodes.has(name)) sum += bytes
    const clamped = Math.min(Math.max(sum, bytesMin), bytesMax)
    return Math.floor((maxNodeScore * (clamped - bytesMin)) / (bytesMax - bytesMin))
  },
})
