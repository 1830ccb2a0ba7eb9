import { keyOf, type KubeObject } from '../api/index.ts'
import { aspectsIn, type Client, type Indexers, type Informer } from '../client/index.ts'
import { createWorkqueue, createWorkqueueState, type Workqueue, type WorkqueueState } from '../client/workqueue.ts'
import type { PlainAddress, Sim } from '../sim/index.ts'
import { createAudience, type Audience, type Hearer } from './audience.ts'
import { periodKey, type Controller, type View, type WatchInput } from './controller.ts'
import { hear } from './hearing.ts'
import { controllerIndex } from './indexes.ts'
import { settleWrites, wakeUp } from './working.ts'

/** One running controller: its data, and what it works with. */
export interface Loop {
  readonly name: string
  readonly controller: Controller
  readonly client: Client
  readonly sim: Sim
  readonly audience: Audience<Ear>
  /** where its timers go */
  readonly address: LoopAddress
  readonly informers: Map<string, Informer<KubeObject>>
  /** its ears, by kind */
  readonly ears: Map<string, Ear>
  /** the cache of the controller's own kind */
  readonly own: Informer<KubeObject>
  readonly state: LoopState
  readonly queue: Workqueue
  /** The same for each reconciliation, with another object: what a plan calls is called before the next. */
  readonly view: OpenView
}

/** Which loop of a process a timer is for. */
export interface LoopAddress extends PlainAddress {
  readonly controller: string
}

interface LoopState {
  /** a controller that is off goes on hearing of changes, and does nothing about them until it is on again */
  isOn: boolean
  /** a timer for the next work item is on the clock */
  isAwake: boolean
  /** how often the process has started: answers to an earlier life are nobody's */
  life: number
  queue: WorkqueueState
  /** keys that wait to see their own writes: by kind, in the order of revisions */
  awaited: Map<string, Awaited[]>
  memory: object
}

interface Awaited {
  readonly key: string
  readonly revision: number
}

/** A loop's ear for one kind, and what is done about what it hears. */
export interface Ear extends Hearer {
  readonly loop: Loop
  readonly informer: Informer<KubeObject>
  readonly observe: AnyWatch['observe']
  readonly concerns: AnyWatch['concerns']
  /** whose key wants work, where `concerns` does not say */
  readonly wakes: 'itself' | 'owner' | undefined
  readonly awaited: Awaited[]
}

type AnyWatch = WatchInput<object>
type OpenView = { -readonly [Key in keyof View]: View[Key] }

/** Those of one process that hear of changes together. */
export function createLoopAudience(): Audience<Ear> {
  return createAudience({ hear, settleWrites })
}

/** Runs a controller in the client's process: its timers go to the component, with a `LoopAddress`. */
export function createLoop(manager: Client, audience: Audience<Ear>, component: string, controller: Controller): Loop {
  const client = manager.as(controller.name)
  const { sim, server } = client.process
  const address: LoopAddress = Object.freeze({ component, controller: controller.name })
  const informers = new Map<string, Informer<KubeObject>>()
  for (const kind of kindsOf(controller))
    if (server.registry.findByKind(kind) !== undefined)
      informers.set(kind, client.informer({ kind }, indexesOf(controller, kind)))

  let isNew = false
  const state = sim.slice<LoopState>(`controller/${controller.name}`, () => {
    isNew = true
    return createState(controller)
  })
  const own = informers.get(controller.for) ?? none
  const loop: Loop = {
    name: controller.name,
    controller,
    client,
    sim,
    audience,
    address,
    informers,
    ears: new Map(),
    own,
    state,
    queue: createWorkqueue(sim, state.queue, address, () => wakeUp(loop)),
    view: createView(client, informers, own, state.memory),
  }
  for (const [kind, informer] of informers) join(loop, kind, informer)
  if (controller.watchesCustom !== undefined) {
    watchCustom(loop)
    server.registry.onChange?.(() => watchCustom(loop))
  }
  client.process.onChange((change) => {
    if (change === 'restarted') restart(loop)
    else if (change === 'connected') wakeUp(loop)
  })
  if (isNew) prime(loop)
  return loop
}

function createView(
  client: Client,
  informers: ReadonlyMap<string, Informer<KubeObject>>,
  own: Informer<KubeObject>,
  memory: object,
): OpenView {
  const { registry } = client.process.server
  const lister = <K extends KubeObject>(kind: string): Informer<K> => (informers.get(kind) ?? none) as Informer<K>
  const view: OpenView = {
    key: '',
    object: nowhere,
    now: 0,
    memory,
    lister,
    own,
    owned: <K extends KubeObject>(kind: string) => lister<K>(kind).by('controller', view.object.metadata.uid),
    find: (kind, name, namespace) =>
      registry.findByKind(kind) === undefined ? undefined : client.find(kind, name, namespace),
    isServed: (kind) => registry.findByKind(kind) !== undefined,
    customKinds: () => registry.custom?.() ?? [],
    isLeaseKept: (node) => client.isLeaseKept({ kind: 'Lease', namespace: 'kube-node-lease', name: node }),
  }
  return view
}

/** Kinds of custom resources come while the loop runs. */
function watchCustom(loop: Loop): void {
  const { client, informers } = loop
  for (const { kind, group } of client.process.server.registry.custom?.() ?? []) {
    const name = `${kind}.${group}`
    if (informers.has(name)) continue
    const informer = client.informer({ kind: name })
    informers.set(name, informer)
    join(loop, name, informer)
  }
}

function join(loop: Loop, kind: string, informer: Informer<KubeObject>): void {
  const { controller, state, informers, ears, audience } = loop
  const watch = controller.watches[kind] ?? (kind.includes('.') ? controller.watchesCustom : undefined)
  const awaited = state.awaited.get(kind) ?? []
  state.awaited.set(kind, awaited)
  const wakes = kind === controller.for ? 'itself' : controller.owns.includes(kind) ? 'owner' : undefined
  const isDeaf = watch?.observe === undefined && watch?.concerns === undefined && wakes === undefined
  const ear: Ear = {
    loop,
    aspects: isDeaf ? 0 : aspectsIn(watch?.when),
    owner: watch?.owner,
    whileAny: watch?.whileAny === undefined ? undefined : informers.get(watch.whileAny),
    observe: watch?.observe,
    concerns: watch?.concerns,
    wakes,
    informer,
    awaited,
  }
  ears.set(kind, ear)
  audience.join(kind, informer, ear)
}

function prime({ controller, informers, ears, audience, queue }: Loop): void {
  for (const [kind, informer] of informers)
    for (const object of informer.list())
      audience.tellOne(ears.get(kind)!, { type: 'ADDED', key: keyOf(object), object, previous: undefined, cause: 0 })
  if (controller.everyMs !== undefined) queue.addAfter(periodKey, controller.everyMs, true)
}

function restart(loop: Loop): void {
  const { controller, state, queue, view } = loop
  queue.clear()
  state.life++
  for (const awaited of state.awaited.values()) awaited.length = 0
  view.memory = state.memory = controller.createMemory()
  prime(loop)
}

/** What a view is of before the first reconciliation. */
const nowhere: KubeObject = Object.freeze({
  apiVersion: '',
  kind: '',
  metadata: Object.freeze({ name: '', uid: '', resourceVersion: '', creationTimestamp: '' }),
})

const none: Informer<KubeObject> = Object.freeze({
  get: () => undefined,
  list: () => [],
  size: () => 0,
  by: () => [],
  revision: () => 0,
  listen: () => undefined,
})

function createState(controller: Controller): LoopState {
  return {
    isOn: true,
    isAwake: false,
    life: 1,
    queue: createWorkqueueState(),
    awaited: new Map(),
    memory: controller.createMemory(),
  }
}

function kindsOf(controller: Controller): readonly string[] {
  return [...new Set([controller.for, ...controller.owns, ...Object.keys(controller.watches)])].filter(
    (kind) => kind !== '',
  )
}

function indexesOf(controller: Controller, kind: string): Indexers<KubeObject> {
  const extra = controller.watches[kind]?.indexes as Indexers<KubeObject> | undefined
  return controller.owns.includes(kind) ? { ...controllerIndex, ...extra } : (extra ?? {})
}
