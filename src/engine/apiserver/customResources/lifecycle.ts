import {
  ApiError,
  formatTime,
  type ApiRequest,
  type CustomResourceDefinition,
  type KubeObject,
} from '../../api/index.ts'
import type { Change, Etcd } from '../../etcd/store.ts'
import { cleanupFinalizer } from '../../kinds/apiextensions/customResourceDefinition.ts'
import { isTrue, versionsOf } from '../../kinds/apiextensions/definition/types.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import type { Sim } from '../../sim/index.ts'
import { establishedCondition, withApproval, withCondition, withNames } from './names.ts'

type Definition = CustomResourceDefinition

/** What the server does with definitions by itself: names, establishing, clearing up. */
export interface DefinitionLifecycle {
  readonly onWrite: (change: Change) => void
}

/** What the lifecycle needs of the server. */
export interface LifecycleDoor {
  readonly perform: (request: ApiRequest, actor: string) => unknown
  readonly isRunning: () => boolean
  readonly kind: Kind
}

const component = 'apiextensions-apiserver'
const actor = 'kube-apiserver'
/** how long a watch event and a sync take */
const syncMs = 5
const pollMs = 5_000 // upstream: deleteInstances polls every 5 s
const pollsMax = 12 // for a minute
const downMs = 500

/**
 * Names, establishes and clears up definitions, a step a timer. It lives in the API server, as upstream, so it works without a
 * controller manager.
 */
export function createLifecycle(sim: Sim, etcd: Etcd, door: LifecycleDoor): DefinitionLifecycle {
  const { kind } = door
  const now = (): string => formatTime(sim.now())
  const find = (name: string): Definition | undefined =>
    etcd.get(kind.storagePrefix, '', name)?.value as Definition | undefined
  const all = (): readonly Definition[] => etcd.range(kind.storagePrefix, '').map(({ value }) => value as Definition)
  const plan = (type: string, name: string): void => void sim.schedule(syncMs, component, { type, name })

  sim.handle(component, (_, event) => {
    const { type, name, polls = 0 } = event as { readonly type: string; readonly name: string; readonly polls?: number }
    if (!door.isRunning()) return void sim.schedulePeriodic(downMs, component, { type, name, polls })
    const definition = find(name)
    if (definition === undefined) return
    try {
      steps[type]?.(definition, polls)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      sim.schedulePeriodic(downMs, component, { type, name, polls })
    }
  })

  const steps: Readonly<Record<string, (definition: Definition, polls: number) => void>> = {
    named(definition) {
      const others = all().filter((other) => isNeighbour(other, definition))
      const named = withApproval(withNames(definition, others, now()), now())
      if (named !== definition) write(named)
    },
    established(definition) {
      if (!isTrue(definition, 'NamesAccepted') || isTrue(definition, 'Established')) return
      write(withCondition(definition, establishedCondition, now()))
    },
    terminated(definition) {
      if (!isLeaving(definition)) return
      write(withCondition(definition, inProgress, now()))
      for (const namespace of namespacesOf(definition)) deleteAll(definition, namespace)
      waited(find(definition.metadata.name)!, 0)
    },
    waited,
  }

  /** Lets the definition go when its last object has gone; looks every few seconds until then. */
  function waited(definition: Definition, polls: number): void {
    if (!isLeaving(definition)) return
    const { name } = definition.metadata
    const { finalizers = [] } = definition.metadata
    if (etcd.count(prefixOf(definition)) === 0) {
      const rest = finalizers.filter((each) => each !== cleanupFinalizer)
      const done = withCondition(definition, completed, now())
      write({ ...done, metadata: { ...done.metadata, finalizers: rest } } as Definition)
    } else if (polls < pollsMax) sim.schedulePeriodic(pollMs, component, { type: 'waited', name, polls: polls + 1 })
    else {
      write(withCondition(definition, unconfirmed, now()))
      sim.schedulePeriodic(pollMs, component, { type: 'terminated', name })
    }
  }

  function write(definition: Definition): void {
    const { group, version, plural: resource } = kind
    const { name } = definition.metadata
    door.perform({ verb: 'update', group, version, resource, name, subresource: 'status', body: definition }, actor)
  }

  function deleteAll(definition: Definition, namespace: string): void {
    const { group, names } = definition.spec
    const version = versionsOf(definition).find(({ served }) => served)?.name
    if (version === undefined || !isTrue(definition, 'Established')) return
    const request = { verb: 'deletecollection' as const, group, version, resource: names.plural }
    door.perform(namespace === '' ? request : { ...request, namespace }, actor)
  }

  function namespacesOf(definition: Definition): Iterable<string> {
    const objects = etcd.range(prefixOf(definition)).map(({ value }) => value as KubeObject)
    return new Set(objects.map(({ metadata }) => metadata.namespace ?? ''))
  }

  return {
    onWrite({ type, value, previous }) {
      const definition = value as Definition
      const { name } = definition.metadata
      if (type === 'DELETE') {
        for (const other of all()) if (isNeighbour(other, definition)) plan('named', other.metadata.name)
        return
      }
      const before = previous as Definition | undefined
      if (before === undefined || before.metadata.generation !== definition.metadata.generation) plan('named', name)
      if (isTrue(definition, 'NamesAccepted') && !isTrue(definition, 'Established')) plan('established', name)
      if (isLeaving(definition) && (before === undefined || !isLeaving(before))) plan('terminated', name)
      if (before !== undefined && before.status.acceptedNames !== definition.status.acceptedNames)
        for (const other of all()) if (isNeighbour(other, definition)) plan('named', other.metadata.name)
    },
  }
}

const isNeighbour = (other: Definition, { metadata, spec }: Definition): boolean =>
  other.spec.group === spec.group && other.metadata.name !== metadata.name

const isLeaving = ({ metadata }: Definition): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(cleanupFinalizer) ?? false)

const prefixOf = ({ spec }: Definition): string => `${spec.group}/${spec.names.plural}`

const inProgress = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionInProgress',
  message: 'CustomResource deletion is in progress',
}
const completed = {
  type: 'Terminating',
  status: 'False',
  reason: 'InstanceDeletionCompleted',
  message: 'removed all instances',
}
const unconfirmed = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionCheck',
  message: 'could not confirm zero CustomResources remaining: timed out waiting for the condition',
}
