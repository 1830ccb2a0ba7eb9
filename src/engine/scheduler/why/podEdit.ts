import { controllerOf, isEqual, type KubeObject, type Pod } from '../../api/index.ts'
import type { FindObject } from './question.ts'
import type { RemedyStep } from './remedy.ts'

type Spec = Pod['spec']

/** A change of a pod's spec, and so of the template it came from. */
export type PodEdit = (spec: Spec) => Spec

/** Whether the API server takes the change of a pod that exists already: gates may go, tolerations come. */
export type EditScope = 'inPlace' | 'newPod'

interface Templated extends KubeObject {
  readonly spec: { readonly template: { readonly spec: Spec; readonly metadata?: object } }
}

const templated = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController']

/** Controllers that leave a waiting pod as it is when their template changes: it must go first. */
const lazy = ['StatefulSet', 'ReplicaSet', 'ReplicationController']

/** How people would make the change: in the template of whoever made the pod, or, for a pod by itself, by making it anew. */
export function stepsFor(pod: Pod, edit: PodEdit, scope: EditScope, find: FindObject): readonly RemedyStep[] {
  const { namespace = '', name } = pod.metadata
  const at = ['-n', namespace]
  const owner = rootOf(pod, find)
  if (owner !== undefined && templated.includes(owner.kind)) {
    const { spec } = (owner as Templated).spec.template
    const patch = { spec: { template: { spec: mergePatch(spec, edit(spec)) ?? {} } } }
    const change = ['patch', owner.kind.toLowerCase(), owner.metadata.name, ...at, '--type=merge', '-p', textOf(patch)]
    const remove: RemedyStep = { argv: ['delete', 'pod', name, ...at] }
    return lazy.includes(owner.kind) ? [{ argv: change }, remove] : [{ argv: change }]
  }
  if (scope === 'inPlace') {
    const patch = { spec: mergePatch(pod.spec, edit(pod.spec)) ?? {} }
    return [{ argv: ['patch', 'pod', name, ...at, '--type=merge', '-p', textOf(patch)] }]
  }
  const made = owner?.kind === 'Job' ? freshJob(owner as Templated, edit) : freshPod(pod, edit)
  return [{ argv: ['replace', '--force', '-f', '-'], stdin: JSON.stringify(made, undefined, 2) }]
}

const textOf = (value: unknown): string => JSON.stringify(value)

/** The controller of the controller, as far up as it goes. */
function rootOf(pod: Pod, find: FindObject): KubeObject | undefined {
  let found: KubeObject | undefined
  for (let object: KubeObject | undefined = pod, depth = 0; object !== undefined && depth < 4; depth++) {
    const owner = controllerOf(object)
    object = owner && find(owner.kind, pod.metadata.namespace ?? '', owner.name)
    found = object ?? found
  }
  return found
}

function freshPod(pod: Pod, edit: PodEdit): object {
  const { nodeName: _, ...spec } = edit(pod.spec)
  return { apiVersion: 'v1', kind: 'Pod', metadata: freshMetadata(pod), spec }
}

/** A Job's template cannot change: the Job is made anew, and chooses its own selector again. */
function freshJob(job: Templated, edit: PodEdit): object {
  const { selector: _, ...spec } = job.spec as Templated['spec'] & { selector?: unknown }
  const template = {
    ...spec.template,
    metadata: { ...spec.template.metadata, labels: undefined },
    spec: edit(spec.template.spec),
  }
  return { apiVersion: job.apiVersion, kind: job.kind, metadata: freshMetadata(job), spec: { ...spec, template } }
}

function freshMetadata({ metadata: { name, namespace, labels, annotations } }: KubeObject): object {
  return { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) }
}

/** What a JSON merge patch must say to make the one of the other; undefined when nothing. */
// upstream: RFC 7386
export function mergePatch(before: unknown, after: unknown): unknown {
  if (isEqual(before, after)) return undefined
  if (!isRecord(before) || !isRecord(after)) return after
  const patch: Record<string, unknown> = {}
  for (const key of Object.keys(before)) if (after[key] === undefined && before[key] !== undefined) patch[key] = null
  for (const key of Object.keys(after)) {
    const change = mergePatch(before[key], after[key])
    if (change !== undefined) patch[key] = change
  }
  return patch
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
