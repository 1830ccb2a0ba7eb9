import { ApiError, unavailable, type ApiAnswer, type ApiRequest, type KubeObject, type User } from '../api/index.ts'
import { formatTime } from '../api/index.ts'
import type { Etcd } from '../etcd/store.ts'
import type { Kind } from '../kinds/defineKind.ts'
import { runMachine, type ChartHost, type Sim } from '../sim/index.ts'
import { admissionPlugins } from './admission/index.ts'
import type { Passage, Server } from './passage.ts'
import { createRegistry, type Registry } from './registry.ts'
import { requestMachine, type RequestEvent } from './requestMachine.ts'
import { stages } from './stages.ts'
import { createWatchers, type Watchers } from './watchers.ts'

/** The API server: the only door to etcd. */
export interface ApiServer {
  readonly registry: Registry
  readonly watchers: Watchers
  /** Answers any request; a refusal is an answer with a Status. */
  readonly handle: (request: ApiRequest, actor: string) => ApiAnswer
  /** A component's own request: not authorized, and refused by a thrown ApiError. */
  readonly perform: (request: ApiRequest, actor: string) => unknown
  readonly revision: () => number
  readonly setRunning: (isRunning: boolean) => void
  readonly isRunning: () => boolean
}

interface ApiServerState {
  isRunning: boolean
}

const anonymous: User = Object.freeze({ name: 'system:anonymous', groups: ['system:unauthenticated'] })
const component: User = Object.freeze({ name: 'system:apiserver', groups: ['system:masters'] })
const stream = 'kube-apiserver'

const still: ChartHost<object, RequestEvent> = {
  schedule: () => 0,
  cancel: () => {},
  perform: () => {},
}

function isRead({ verb }: ApiRequest): boolean {
  return verb === 'get' || verb === 'list' || verb === 'watch'
}

/** Builds the API server over a store. All its state is in the world: `apiserver`, `watchers` and what etcd holds. */
export function createApiServer(sim: Sim, etcd: Etcd, kinds: readonly Kind[]): ApiServer {
  const state = sim.slice<ApiServerState>('apiserver', () => ({ isRunning: true }))
  const registry = createRegistry(kinds)
  const watchers = createWatchers(sim, registry.byKind)
  const charts = runMachine<object, RequestEvent>(requestMachine)

  const findObject = (kind: Kind, name: string, namespace: string): KubeObject | undefined =>
    etcd.get(kind.storagePrefix, namespace, name)?.value as KubeObject | undefined

  const server: Server = {
    sim,
    etcd,
    registry,
    watchers,
    admission: admissionPlugins,
    context: {
      get now() {
        return formatTime(sim.now())
      },
      int: (below) => sim.int(stream, below),
      find: <Other extends KubeObject>(kind: string, name: string, namespace = '') =>
        findObject(registry.byKind(kind), name, namespace) as Other | undefined,
      list: <Other extends KubeObject>(kind: string, namespace?: string) =>
        etcd.range(registry.byKind(kind).storagePrefix, namespace).map(({ value }) => value as Other),
    },
  }

  function passageOf(request: ApiRequest, actor: string, isTrusted: boolean): Passage {
    const kind = registry.byPath(request.group, request.version, request.resource)
    return {
      request,
      actor,
      isTrusted,
      user: isTrusted ? component : (request.user ?? anonymous),
      kind,
      subresource: request.subresource ?? '',
      namespace: kind.namespaced ? (request.namespace ?? '') : '',
      options: request.options ?? {},
      name: request.name ?? '',
      old: undefined,
      draft: undefined,
      warnings: [],
      code: 200,
      answer: undefined,
    }
  }

  /** Walks a request through its stages; throws the first refusal. */
  function pass(passage: Passage): void {
    if (!state.isRunning) throw unavailable('the server is currently unable to handle the request')
    const chart = charts.start({}, still)
    for (let stage = stages[chart.at]; stage !== undefined; stage = stages[chart.at])
      charts.send(chart, { type: stage(passage, server) }, still)
  }

  return {
    registry,
    watchers,
    handle(request, actor) {
      try {
        const passage = passageOf(request, actor, false)
        pass(passage)
        return { code: passage.code, body: passage.answer, warnings: passage.warnings }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        // a refused read leaves no record: looking must not change a run
        if (!isRead(request)) sim.record(actor, 'refused', undefined, { verb: request.verb, resource: request.resource, reason: error.reason })
        return { code: error.code, body: error.status, warnings: [] }
      }
    },
    perform(request, actor) {
      const passage = passageOf(request, actor, true)
      pass(passage)
      return passage.answer
    },
    revision: () => etcd.revision(),
    setRunning(isRunning) {
      state.isRunning = isRunning
    },
    isRunning: () => state.isRunning,
  }
}
