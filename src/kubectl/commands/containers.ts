import { CommandError } from '../errors.ts'
import { infosOf } from '../args/resources.ts'
import type { Cluster, Target } from '../cluster.ts'
import type { Io } from '../context.ts'
import { requirementsOf, type KubeObject, type Pod } from '../engine.ts'

type Named = { readonly name: string }

const lists = (pod: Pod) => ({
  regular: pod.spec.containers as readonly Named[],
  init: (pod.spec.initContainers ?? []) as readonly Named[],
  ephemeral: (pod.spec.ephemeralContainers ?? []) as readonly Named[],
})

/** `a, b, init (init)`: the containers that could be meant. */
export function containerNames(pod: Pod): string {
  const { regular, init, ephemeral } = lists(pod)
  return [
    ...regular.map(({ name }) => name),
    ...init.map(({ name }) => `${name} (init)`),
    ...ephemeral.map(({ name }) => `${name} (ephem)`),
  ].join(', ')
}

/** Every container of a pod, init containers first. */
export function allContainers(pod: Pod): readonly string[] {
  const { regular, init, ephemeral } = lists(pod)
  return [...init, ...regular, ...ephemeral].map(({ name }) => name)
}

const defaultContainer = 'kubectl.kubernetes.io/default-container'

/** The container asked for, or the one a pod means by default, which is said when there are others. */
// upstream: kubectl/pkg/cmd/util/podcmd/podcmd.go
export function chooseContainer(pod: Pod, asked: string, io: Io, isQuiet = false): string {
  const names = allContainers(pod)
  if (asked !== '') {
    if (!names.includes(asked))
      throw new CommandError(
        `container ${asked} is not valid for pod ${pod.metadata.name} out of: ${containerNames(pod)}`,
      )
    return asked
  }
  const annotated = pod.metadata.annotations?.[defaultContainer]
  if (annotated !== undefined && names.includes(annotated)) return annotated
  const first = pod.spec.containers[0]!.name
  if (names.length > 1 && !isQuiet) io.err(`Defaulted container "${first}" out of: ${containerNames(pod)}\n`)
  return first
}

/** The pod that an object stands for: itself, or one of those it selects. */
// upstream: kubectl/pkg/polymorphichelpers/attachablepodforobject.go
export function podFor(cluster: Cluster, io: Io, word: string): Pod {
  const { infos, errors } = infosOf({ cluster, io, args: word.includes('/') ? [word] : ['pods', word] })
  if (errors.length > 0) throw errors[0]!
  const { object, kind, namespace } = infos[0]!
  if (kind.kind === 'Pod') return object as Pod
  const [pod] = podsOf(cluster, object, namespace, 'attach to')
  if (pod === undefined) throw new CommandError('timed out waiting for the condition')
  return pod
}

interface Selecting extends KubeObject {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, unknown>> & { readonly matchLabels?: Readonly<Record<string, string>> }
  }
}

/** The pods that a controller or a service selects: those most likely to be of use first. */
export function podsOf(
  cluster: Cluster,
  object: KubeObject,
  namespace: string | undefined,
  doing = 'get the logs from',
): readonly Pod[] {
  const { selector } = (object as Selecting).spec ?? {}
  if (selector === undefined)
    throw new CommandError(`cannot ${doing} ${goType(object)}: selector for ${goType(object)} not implemented`)
  const isMap = object.kind === 'Service' || object.kind === 'ReplicationController'
  const requirements = requirementsOf(isMap ? { matchLabels: selector as Record<string, string> } : selector) ?? []
  const labelSelector = requirements
    .map(({ key, operator, values }) => (operator === 'in' ? `${key} in (${values.join(',')})` : key))
    .join(',')
  const pods = cluster.list<Pod>(cluster.kind('pods'), namespace, { labelSelector })
  return [...pods].sort((a, b) => compareUse(a, b, doing === 'attach to'))
}

const phases: readonly string[] = ['Unknown', 'Pending']

/** Which of two pods there is more to get from: on a node, running, ready, ready for longer, restarted more (or less), older. */
// upstream: kubectl/pkg/util/podutils/podutils.go ByLogging; ActivePods, backwards, which would rather have fewer restarts
function compareUse(a: Pod, b: Pod, isCalm: boolean): number {
  return (
    Number(!a.spec.nodeName) - Number(!b.spec.nodeName) ||
    phases.indexOf(a.status.phase ?? '') - phases.indexOf(b.status.phase ?? '') ||
    compareTimes(readySince(a), readySince(b)) ||
    (restartsOf(b) - restartsOf(a)) * (isCalm ? -1 : 1) ||
    compareTimes(a.metadata.creationTimestamp, b.metadata.creationTimestamp)
  )
}

/** The earlier first, and what has no time last. */
function compareTimes(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return a < b ? -1 : a > b ? 1 : 0
}

const restartsOf = ({ status }: Pod): number =>
  Math.max(0, ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount))

/** `*v1.ConfigMap`: Go's word for an object's type. */
export const goType = ({ apiVersion, kind }: KubeObject): string => `*${apiVersion.replace(/^.*\//, '')}.${kind}`

function readySince({ status }: Pod): string | undefined {
  return status.conditions?.find(({ type, status: value }) => type === 'Ready' && value === 'True')?.lastTransitionTime
}

/** `namespace/name`: how the nodes' door calls a pod. */
export function keyOf({ metadata }: Pod | { readonly metadata: Target }): string {
  return `${metadata.namespace}/${metadata.name}`
}
