import { ApiError, isEqual, type ApiRequest, type Endpoints, type EndpointSlice } from '../../api/index.ts'
import type { Change, Etcd } from '../../etcd/store.ts'
import type { Kind } from '../../kinds/defineKind.ts'
import type { Sim } from '../../sim/index.ts'
import type { Hearer } from '../hearers.ts'
import {
  kubernetesEndpoints,
  kubernetesService,
  kubernetesSlice,
  namespaceNamed,
  systemNamespaces,
} from './kubernetesService.ts'

/** What the upkeep needs of the server. */
export interface UpkeepDoor {
  /** throws an ApiError where the request is refused */
  readonly perform: (request: ApiRequest, actor: string) => unknown
  readonly isUp: () => boolean
  readonly findKind: (kind: string) => Kind | undefined
}

/** The API server looks after what it made at its start. */
export interface Upkeep extends Hearer {
  /** The API server starts anew: its rounds are counted from now. */
  readonly forget: () => void
  /** It answers again: rounds that were missed are made now. */
  readonly resume: () => void
}

type Round = 'kubernetesservice' | 'systemnamespaces'

interface UpkeepState {
  /** when the rounds began */
  since: number
  /** rounds that will find something to do, and the trace record that led to it */
  planned: Map<Round, number>
  /** the same for rounds that came while the server was away */
  missed: Map<Round, number>
}

const component = 'kube-apiserver-upkeep'
const actor = 'kube-apiserver'
const watched: ReadonlySet<string> = new Set(['Namespace', 'Service', 'Endpoints', 'EndpointSlice'])
// upstream: --endpoint-reconciler's EndpointInterval; systemnamespaces' interval
const everyMs: Readonly<Record<Round, number>> = { kubernetesservice: 10_000, systemnamespaces: 60_000 }

/**
 * Brings back the Service `kubernetes`, what it leads to, and the first namespaces. Upstream looks every 10 s and every minute;
 * here only a round that would find something is made, as if it had been due to the change it mends.
 * State is the slice `upkeep`.
 */
// upstream: pkg/controlplane/controller/kubernetesservice, systemnamespaces; pkg/controlplane/reconcilers/endpointsadapter.go
export function createUpkeep(sim: Sim, etcd: Etcd, door: UpkeepDoor): Upkeep {
  const state = sim.slice<UpkeepState>('upkeep', () => ({ since: sim.now(), planned: new Map(), missed: new Map() }))

  /** its own writes need no mending */
  let isAtWork = false

  sim.handle(component, (part) => {
    const round = part as Round
    const cause = state.planned.get(round) ?? 0
    state.planned.delete(round)
    sim.because(cause, () => make(round))
  })

  function plan(round: Round): void {
    if (state.planned.has(round)) return
    state.planned.set(round, sim.world.trace.nextSeq - 1) // the write was recorded just now
    sim.schedule(untilNext(round), `${component}/${round}`, { type: 'due' })
  }

  /** A round that could not be done is repeated until it can. */
  function planAgain(round: Round): void {
    state.planned.set(round, sim.world.cause)
    sim.schedulePeriodic(untilNext(round), `${component}/${round}`, { type: 'due' })
  }

  function untilNext(round: Round): number {
    const every = everyMs[round]
    return every - ((sim.now() - state.since) % every)
  }

  function make(round: Round): void {
    if (!door.isUp()) return void state.missed.set(round, sim.world.cause)
    isAtWork = true
    try {
      rounds[round]()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      planAgain(round)
    } finally {
      isAtWork = false
    }
  }

  const rounds: Readonly<Record<Round, () => void>> = {
    kubernetesservice() {
      if (find(kubernetesService) === undefined) write('create', kubernetesService)
      mendEndpoints(find<Endpoints>(kubernetesEndpoints))
      mendSlices()
    },
    systemnamespaces() {
      let refusal: unknown
      for (const name of systemNamespaces)
        try {
          if (find({ kind: 'Namespace', metadata: { name } }) === undefined)
            write('create', namespaceNamed(name) as Thing)
        } catch (error) {
          refusal ??= error
        }
      if (refusal !== undefined) throw refusal
    },
  }

  function mendEndpoints(found: Endpoints | undefined): void {
    if (found === undefined) write('create', kubernetesEndpoints)
    else if (!areRight(found)) {
      const [subset] = found.subsets?.length === 1 ? found.subsets : kubernetesEndpoints.subsets
      const ports = subset?.ports?.length ? subset.ports : kubernetesEndpoints.subsets[0].ports
      const subsets = [{ ...subset, addresses: kubernetesEndpoints.subsets[0].addresses, ports }]
      const { labels } = kubernetesEndpoints.metadata
      write('update', { ...found, metadata: { ...found.metadata, labels }, subsets })
    }
  }

  function mendSlices(): void {
    const prefix = door.findKind('EndpointSlice')?.storagePrefix ?? ''
    const slices = etcd.range(prefix, 'default').map(({ value }) => value as EndpointSlice)
    for (const slice of slices) if (isOurs(slice) && !isNamed(slice)) write('delete', slice)
    const found = slices.find((slice) => isOurs(slice) && isNamed(slice))
    if (found === undefined) write('create', kubernetesSlice)
    else if (!isRight(found)) {
      const { endpoints, metadata } = kubernetesSlice
      const ports = found.ports?.length ? found.ports : kubernetesSlice.ports
      write('update', { ...found, metadata: { ...found.metadata, labels: metadata.labels }, endpoints, ports })
    }
  }

  function find<T>({ kind, metadata: { namespace = '', name } }: Thing): T | undefined {
    const prefix = door.findKind(kind)?.storagePrefix ?? ''
    return etcd.get(prefix, namespace, name)?.value as T | undefined
  }

  function write<T extends Thing>(verb: 'create' | 'update' | 'delete', object: T): void {
    const { group, version, plural: resource } = door.findKind(object.kind)!
    const { namespace, name } = object.metadata
    const place = { verb, group, version, resource, ...(namespace !== undefined && { namespace }) }
    const named = verb === 'create' ? place : { ...place, name }
    door.perform(verb === 'delete' ? named : { ...named, body: object }, actor)
  }

  return {
    hears: ({ kind, custom }) => custom === undefined && watched.has(kind),
    onWrite({ kind }, change) {
      if (isAtWork) return
      const round = roundFor(kind, change)
      if (round !== undefined) plan(round)
    },
    forget() {
      state.since = sim.now()
    },
    resume() {
      const missed = [...state.missed]
      state.missed.clear()
      for (const [round, cause] of missed) sim.because(cause, () => make(round))
    },
  }
}

/** An object, or the place of one. */
interface Thing {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined }
}

/** The round that would mend what a change did; undefined for almost all changes. */
function roundFor(kind: string, { type, value, previous }: Change): Round | undefined {
  const isGone = type === 'DELETE'
  const { name, namespace } = (value as Thing).metadata
  if (kind === 'Namespace') return isGone && systemNamespaces.includes(name) ? 'systemnamespaces' : undefined
  if (namespace !== 'default') return undefined
  if (kind === 'EndpointSlice') {
    const next = value as EndpointSlice
    const concerned = isOurs(next) || (previous !== undefined && isOurs(previous as EndpointSlice))
    return concerned && (isGone || !isRight(next)) ? 'kubernetesservice' : undefined
  }
  if (name !== 'kubernetes') return undefined
  return isGone || (kind === 'Endpoints' && !areRight(value as Endpoints)) ? 'kubernetesservice' : undefined
}

const isOurs = ({ metadata }: EndpointSlice): boolean =>
  metadata.labels?.['kubernetes.io/service-name'] === kubernetesService.metadata.name

const isNamed = ({ metadata, addressType }: EndpointSlice): boolean =>
  metadata.name === kubernetesSlice.metadata.name && addressType === kubernetesSlice.addressType

const isRight = (slice: EndpointSlice): boolean =>
  isNamed(slice) &&
  isEqual(slice.metadata.labels, kubernetesSlice.metadata.labels) &&
  isEqual(slice.endpoints, kubernetesSlice.endpoints) &&
  !!slice.ports?.length

function areRight({ metadata, subsets = [] }: Endpoints): boolean {
  return (
    isEqual(metadata.labels, kubernetesEndpoints.metadata.labels) &&
    subsets.length === 1 &&
    isEqual(subsets[0]!.addresses, kubernetesEndpoints.subsets[0].addresses) &&
    !!subsets[0]!.ports?.length
  )
}
