import { parseLesson } from '../format.ts'
import type { Lesson } from '../lesson.ts'
import cheapest from './capacity/cheapest.md?raw'
import pod from './casting-off/pod.md?raw'
import whyPending from './control-plane/why-pending.md?raw'
import deployment from './workloads/deployment.md?raw'
import machineLoss from './workloads/machine-loss.md?raw'
import rollout from './workloads/rollout.md?raw'
import service from './traffic/service.md?raw'

/** A lesson that comes with the page: its file, not yet read. */
export interface CatalogueEntry {
  readonly id: string
  readonly course: string
  readonly text: string
}

const castingOff = 'Casting off'
const workloads = 'Workloads'
const traffic = 'Traffic'
const controlPlane = 'Inside the control plane'
const capacity = 'Capacity'

/** The built-in lessons, in the order in which they build on each other: course after course, as the home page shows them. */
export const catalogue: readonly CatalogueEntry[] = [
  { id: 'pod', course: castingOff, text: pod },
  { id: 'deployment', course: workloads, text: deployment },
  { id: 'rollout', course: workloads, text: rollout },
  { id: 'machine-loss', course: workloads, text: machineLoss },
  { id: 'service', course: traffic, text: service },
  { id: 'why-pending', course: controlPlane, text: whyPending },
  { id: 'cheapest', course: capacity, text: cheapest },
]

const read = new Map<string, Lesson>()

/** A lesson of the catalogue, read when first asked for. */
export function findLesson(id: string): Lesson | undefined {
  const entry = catalogue.find((one) => one.id === id)
  if (entry === undefined) return undefined
  const lesson = read.get(id) ?? parseLesson(entry.text, entry)
  read.set(id, lesson)
  return lesson
}
