import type { Pod } from '../../api/index.ts'
import { definePlugin, maxNodeScore } from '../framework.ts'
import type { ImageState } from '../snapshot.ts'

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
  preScore({ pod }, _nodes, snapshot) {
    const names = imageNames(pod)
    const present: ImageState[] = []
    for (const name of names) {
      const image = snapshot.images.get(name)
      if (image !== undefined) present.push(image)
    }
    if (present.length === 0) return nowhere
    const total = snapshot.nodes().length
    const scaled = present.map(({ bytes, nodes }) => ({ bytes: Math.trunc(bytes * (nodes.size / total)), nodes }))
    return { state: { images: scaled, bytesMax: bytesMaxPerContainer * names.length } }
  },
  score(_pod, { name }, { images, bytesMax }) {
    let sum = 0
    for (const { bytes, nodes } of images) if (nodes.has(name)) sum += bytes
    const clamped = Math.min(Math.max(sum, bytesMin), bytesMax)
    return Math.floor((maxNodeScore * (clamped - bytesMin)) / (bytesMax - bytesMin))
  },
})

const nowhere = Object.freeze({ every: 0 })
const nothing: readonly never[] = Object.freeze([])

function imageNames({ spec }: Pod): readonly string[] {
  const names: string[] = []
  for (const { image = '' } of spec.containers) names.push(normalized(image))
  for (const { image = '' } of spec.initContainers ?? nothing) names.push(normalized(image))
  for (const { image } of spec.volumes ?? nothing) if (image) names.push(normalized(image.reference ?? ''))
  return names
}

/** An image name as nodes report it: with a tag. */
function normalized(name: string): string {
  return hasTag(name) ? name : `${name}:latest`
}

/** Whether its last part has a colon. */
function hasTag(name: string): boolean {
  for (let at = name.length - 1; at >= 0; at--) {
    if (name[at] === ':') return true
    if (name[at] === '/') return false
  }
  return false
}
