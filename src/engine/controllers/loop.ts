import { controllerOf, keyOf, type KubeObject } from '../api/index.ts'
import { aspectsIn, type Change, type Client, type Indexers, type Informer } from '../client/index.ts'
import type { Sim } from '../sim/index.ts'
import { createWorkqueue, createWorkqueueState, type Workqueue, type WorkqueueState } from '../client/workqueue.ts'
import { createAudience, type Audience, type Hearer } from './audience.ts'
import {
  nobody,
  nothing,
  periodKey,
  type Controller,
  type Keys,
  type Plan,
  type View,
  type WatchInput,
} from './controller.ts'
import { controllerIndex } from './indexes.ts'
import { perform, type LatestWrite } from './perform.ts'

/** One running controller: its data, and what it works with. */
export interface Loop {
  readonly name: string
  readonly controller: Controller
  readonly client: Client
  readonly sim: Sim
  readonly audience: Audience<Ear>
  /** where its timers go */
  readonly address: string
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
  /** revisions of own status writes, where these are ignored; empty as soon as they have been heard of */
  ownStatus: Map<string, string>
  memory: object
}

interface Awaited {
  readonly key: string
  readonly revision: number
}

/** A loop's ear for one kind, and what is done about what it hears. */
interface Ear extends Hearer {
  readonly loop: Loop
  readonly informer: Informer<KubeObject>
  readonly observe: AnyWatch['observe']
  readonly concerns: AnyWatch['concerns']
  /** whose key wants work, where `concerns` does not say */
  readonly wakes: 'itself' | 'owner' | undefined
  readonly awaited: Awaited[]
}

type AnyChange = Change<KubeObject>
type AnyWatch = WatchInput<object>
type OpenView = { -readonly [Key in keyof View]: View[Key] }

/** between two work items: a learner can step from one to the next */
const workMs = 1
/** how often a loop looks whether the API server is back */
const downMs = 500

/** Those of one process that hear of changes together. */
export function createLoopAudience(): Audience<Ear> {
  return createAudience({ hear, settleWrites })
}

/** Runs a controller in the client's process: its timers have the address `<component>/<controller>`. */
export function createLoop(manager: Client, audience: Audience<Ear>, component: string, controller: Controller): Loop {
  const client = manager.as(controller.name)
  const { sim, server } = client.process
  const address = `${component}/${controller.name}`
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

function hear({ loop, observe, concerns, wakes }: Ear, change: AnyChange): void {
  const { sim, view } = loop
  view.now = sim.world.clock.now
  if (observe !== undefined) observe(change as Change<never>, view)
  if (concerns !== undefined) {
    const keys = concerns(change as Change<never>, view)
    if (keys !== nobody) addAll(loop, keys)
  } else if (wakes === 'itself') addItself(loop, change)
  else if (wakes === 'owner') addOwners(loop, change)
}

function addAll({ queue }: Loop, keys: Keys): void {
  if (typeof keys === 'string') queue.add(keys)
  else for (const key of keys) queue.add(key)
}

function addItself({ state, queue }: Loop, change: AnyChange): void {
  const { key } = change
  const isOwnStatus = state.ownStatus.get(key) === change.object.metadata.resourceVersion
  if (isOwnStatus) state.ownStatus.set(key, '')
  else queue.add(key, hasNewSpec(change) ? 2 : 1)
  if (change.type === 'DELETED') state.ownStatus.delete(key)
}

function addOwners(loop: Loop, { object, previous }: AnyChange): void {
  addOwner(loop, object)
  if (previous !== undefined && controllerOf(previous)?.uid !== controllerOf(object)?.uid) addOwner(loop, previous)
}

function addOwner({ controller, own, queue }: Loop, object: KubeObject): void {
  const owner = controllerOf(object)
  if (owner?.kind !== controller.for) return
  const { namespace } = object.metadata
  const key = namespace === undefined ? owner.name : `${namespace}/${owner.name}`
  if (own.get(key)?.metadata.uid === owner.uid) queue.add(key)
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
  state.ownStatus.clear()
  view.memory = state.memory = controller.createMemory()
  prime(loop)
}

/** Turns a loop on or off. */
export function setOn(loop: Loop, isOn: boolean): void {
  loop.state.isOn = isOn
  wakeUp(loop)
}

/** Answers a loop's timers. */
export function wake(loop: Loop, event: { readonly type: string; readonly [detail: string]: unknown }): void {
  if (event.type === 'worked') work(loop)
  else if (event.type === 'answered') answered(loop, event['key'] as string, event['life'] as number)
  else loop.queue.due(event['key'] as string)
}

function wakeUp({ state, queue, client, sim, address }: Loop): void {
  if (state.isAwake || !state.isOn || queue.size() === 0) return
  if (client.process.isUp()) sim.schedule(workMs, address, worked)
  else if (client.process.isRunning()) sim.schedulePeriodic(downMs, address, worked)
  else return
  state.isAwake = true
}

function work(loop: Loop): void {
  const { state, queue, client, sim, view } = loop
  state.isAwake = false
  if (state.isOn && client.process.isUp()) {
    const item = queue.get()
    if (item !== undefined) {
      view.key = item.key
      sim.because(item.cause, reconcile, loop)
    }
  }
  wakeUp(loop)
}

function reconcile(loop: Loop): void {
  const { controller, client, state, queue } = loop
  const { key } = loop.view
  const object = loop.own.get(key)
  const plan = planFor(loop, key, object)
  const outcome = perform(client, plan, object)
  if (controller.ignoresOwnStatus && outcome.statusRevision) state.ownStatus.set(key, outcome.statusRevision)
  if (outcome.failure !== undefined || outcome.refusals.length > 0 || plan.isStale) retry(loop, key, outcome.tookMs)
  else follow(queue, key, plan)
  if (plan.wake !== undefined) for (const other of plan.wake) queue.add(other)
  if (key === periodKey && controller.everyMs !== undefined) queue.addAfter(periodKey, controller.everyMs, true)
  holdBack(loop, key, object, outcome.writes, outcome.tookMs + (plan.moreMs ?? 0))
}

function planFor({ controller, sim, view }: Loop, key: string, object: KubeObject | undefined): Plan {
  view.now = sim.world.clock.now
  if (object === undefined) return controller.reconcileAbsent?.(view, key) ?? nothing
  view.object = object
  return controller.reconcile(view)
}

function retry({ controller, queue }: Loop, key: string, tookMs: number): void {
  if (queue.addRateLimited(key, tookMs) <= controller.retriesMax) return
  queue.cancel(key)
  queue.forget(key)
}

function follow(queue: Workqueue, key: string, plan: Plan): void {
  queue.forget(key)
  if (plan.requeueAfterMs === undefined) queue.cancel(key)
  else queue.addAfter(key, plan.requeueAfterMs, plan.isPoll)
}

/** Keeps a key in hand until the caches show what it wrote. */
function holdBack(
  loop: Loop,
  key: string,
  object: KubeObject | undefined,
  writes: readonly LatestWrite[],
  tookMs: number,
): void {
  const { sim, address, state, queue } = loop
  let count = 0
  if (tookMs > 0) {
    sim.schedule(tookMs, address, { type: 'answered', key, life: state.life })
    count++
  }
  for (const write of writes) if (awaits(loop, key, object, write)) count++
  if (count === 0) queue.done(key)
  else queue.hold(key, count)
}

function awaits(
  { ears }: Loop,
  key: string,
  object: KubeObject | undefined,
  { kind, revision, answer }: LatestWrite,
): boolean {
  const ear = ears.get(kind)
  if (ear === undefined || ear.informer.revision() >= revision) return false
  // a write that changed nothing is no news
  const seen = answer.metadata.uid === object?.metadata.uid ? object : seenAs(answer, ear.informer)
  if (seen !== undefined && seen.metadata.resourceVersion === answer.metadata.resourceVersion) return false
  ear.awaited.push({ key, revision })
  return true
}

/** What the cache has in its place; what a deletion answers may have none. */
function seenAs(answer: KubeObject, informer: Informer<KubeObject>): KubeObject | undefined {
  return answer.metadata.name ? informer.get(keyOf(answer)) : undefined
}

function settleWrites({ loop, informer, awaited }: Ear): void {
  const revision = informer.revision()
  while (awaited.length > 0 && awaited[0]!.revision <= revision) loop.queue.done(awaited.shift()!.key)
}

function answered({ state, queue }: Loop, key: string, life: number): void {
  if (life === state.life) queue.done(key)
}

const worked = Object.freeze({ type: 'worked' })

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
    ownStatus: new Map(),
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

/** A changed spec, a deletion or a birth says more of why than a changed status. */
function hasNewSpec({ object, previous }: AnyChange): boolean {
  if (previous === undefined) return true
  return (
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp
  )
}
