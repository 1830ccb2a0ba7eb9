import { CommandError } from '../errors.ts'
import type { Draft, KubeObject, Pod } from '../engine.ts'
import { copyOf } from '../engine.ts'
import { goType } from './containers.ts'

/** The pod that an object describes, as a draft of one's own. */
export type PodTemplate = Draft<Pick<Pod, 'spec'>> & {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
}

interface Holder {
  spec?: { template?: PodTemplate; jobTemplate?: { spec?: { template?: PodTemplate } } }
}

/** A private copy of an object, and the pod template within it, to be changed at will. */
export function draftOf(object: KubeObject): { readonly draft: KubeObject; readonly template: PodTemplate } {
  const draft = copyOf(object)
  return { draft, template: templateOf(draft) }
}

/** The pod template within an object. Throws for kinds that have none. */
export function templateOf(object: KubeObject): PodTemplate {
  if (object.kind === 'Pod') return object as unknown as PodTemplate
  const { spec } = object as unknown as Holder
  const template = spec?.template ?? spec?.jobTemplate?.spec?.template
  if (template === undefined)
    throw new CommandError(`the object is not a pod or does not have a pod template: ${goType(object)}`)
  return template
}

/** The containers of a template, those that start it last. */
export function containersOf({ spec }: PodTemplate): PodTemplate['spec']['containers'] {
  return [...spec.containers, ...((spec.initContainers ?? []) as PodTemplate['spec']['containers'])]
}
