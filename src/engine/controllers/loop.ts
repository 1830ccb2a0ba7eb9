import { controllerOf, keyOf, type KubeObject } from '../api/index.ts'
import { aspectsIn, type Change, type Client, type Indexers, type Informer } from '../client/index.ts'
import { createWorkqueue, createWorkqueueState, type WorkqueueState } from '../client/workqueue.ts'
import { tellOne, type Audience, type Hearer } from './audience.ts'
import { periodKey, type Controller, type Plan, type See, type WatchInput } from './controller.ts'
import { controllerIndex } from './indexes.ts'
import { perform, type LatestWrite } from './perform.ts'

/** One running controller. */
export interface Loop {
  readonly name: string
  readonly isOn: () => boolean
  /** A controller that is off goes on hearing of changes, and does nothing about them until it is on again. */
  readonly setOn: (isOn: boolean) => void
  /** Answers the loop's timers. */
  readonly wake: (event: { readonly type: string; readonly [detail: string]: unknown }) => void
}

interface LoopState {
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

type AnyChange = Change<KubeObject>
type AnyWatch = WatchInput<object>
type Ear = (change: AnyChange) => void

/** between two work items: a learner can step from one to the next */
const workMs = 1
/** how often a loop looks whether the API server is back */
const downMs = 500

/** Runs a controller in the client's process: its timers have the address `<component>/<controller>`. */
export function createLoop(manager: Client, audience: Audience, component: string, controller: Controller): Loop {
  const client = manager.as(controller.name)
  const { sim, server } = client.process
  const address = `${component}/${controller.name}`
  const kinds = kindsOf(controller).filter((kind) => server.registry.findByKind(kind) !== undefined)
  const informers = new Map<string, Informer<KubeObject>>()
  for (const kind of kinds) informers.set(kind, client.informer({ kind }, indexesOf(controller, kind)))
  const own = informers.get(controller.for) ?? none

  let isNew = false
  const state = sim.slice<LoopState>(`controller/${controller.name}`, () => {
    isNew = true
    return createState(controller)
  })
  const queue = createWorkqueue(sim, state.queue, address, wakeUp)

  const see: { -readonly [Key in keyof See]: See[Key] } = {
    get now() {
      return sim.now()
    },
    memory: state.memory,
    lister: <K extends KubeObject>(kind: string) => (informers.get(kind) ?? none) as Informer<K>,
    find: (kind, name, namespace) =>
      server.registry.findByKind(kind) === undefined ? undefined : client.find(kind, name, namespace),
    isServed: (kind) => server.registry.findByKind(kind) !== undefined,
    customKinds: () => server.registry.custom?.() ?? [],
    isLeaseKept: (node) => client.isLeaseKept({ kind: 'Lease', namespace: 'kube-node-lease', name: node }),
  }

  const hearers = new Map<string, Hearer>()
  for (const [kind, informer] of informers) join(kind, informer)
  if (controller.watchesCustom !== undefined) {
    watchCustom()
    server.registry.onChange?.(watchCustom)
  }
  client.process.onChange((change) => {
    if (change === 'restarted') restart()
    else if (change === 'connected') wakeUp()
  })
  if (isNew) prime()

  function watchOf(kind: string): AnyWatch | undefined {
    return controller.watches[kind] ?? (kind.includes('.') ? controller.watchesCustom : undefined)
  }

  /** Kinds of custom resources come while the loop runs. */
  function watchCustom(): void {
    for (const { kind, group } of server.registry.custom?.() ?? []) {
      const name = `${kind}.${group}`
      if (informers.has(name)) continue
      const informer = client.informer({ kind: name })
      informers.set(name, informer)
      join(name, informer)
    }
  }

  function join(kind: string, informer: Informer<KubeObject>): void {
    const watch = watchOf(kind)
    const hear = earFor(kind, watch)
    const awaited = state.awaited.get(kind) ?? []
    state.awaited.set(kind, awaited)
    const hearer: Hearer = {
      aspects: hear === undefined ? 0 : aspectsIn(watch?.when),
      owner: watch?.owner,
      whileAny: watch?.whileAny === undefined ? undefined : informers.get(watch.whileAny),
      hear: hear ?? deaf,
      awaited,
      settleWrites: () => settleWrites(awaited, informer.revision()),
    }
    hearers.set(kind, hearer)
    audience.join(kind, informer, hearer)
  }

  /** What is done about a change of a kind; undefined where nothing ever is. */
  function earFor(kind: string, watch: AnyWatch | undefined): Ear | undefined {
    const { observe, concerns } = watch ?? {}
    if (concerns)
      return (change) => {
        observe?.(change as Change<never>, see)
        addAll(concerns(change as Change<never>, see))
      }
    const answer = kind === controller.for ? addOwn : controller.owns.includes(kind) ? addOwners : undefined
    if (observe === undefined) return answer
    return (change) => {
      observe(change as Change<never>, see)
      answer?.(change)
    }
  }

  /** Nobody, or one, mostly: then not even an iterator is made. */
  function addAll(keys: Iterable<string>): void {
    if (!Array.isArray(keys)) for (const key of keys) queue.add(key)
    else if (keys.length > 0) for (const key of keys as string[]) queue.add(key)
  }

  function addOwn(change: AnyChange): void {
    const { key } = change
    const isOwnStatus = state.ownStatus.get(key) === change.object.metadata.resourceVersion
    if (isOwnStatus) state.ownStatus.set(key, '')
    else queue.add(key, hasNewSpec(change) ? 2 : 1)
    if (change.type === 'DELETED') state.ownStatus.delete(key)
  }

  function addOwners({ object, previous }: AnyChange): void {
    addOwner(object)
    if (previous !== undefined && controllerOf(previous)?.uid !== controllerOf(object)?.uid) addOwner(previous)
  }

  function addOwner(object: KubeObject): void {
    const owner = controllerOf(object)
    if (owner?.kind !== controller.for) return
    const { namespace } = object.metadata
    const key = namespace === undefined ? owner.name : `${namespace}/${owner.name}`
    if (own.get(key)?.metadata.uid === owner.uid) queue.add(key)
  }

  function prime(): void {
    for (const [kind, informer] of informers)
      for (const object of informer.list())
        tellOne(hearers.get(kind)!, { type: 'ADDED', key: keyOf(object), object, previous: undefined, cause: 0 })
    if (controller.everyMs !== undefined) queue.addAfter(periodKey, controller.everyMs, true)
  }

  function restart(): void {
    queue.clear()
    state.life++
    for (const awaited of state.awaited.values()) awaited.length = 0
    state.ownStatus.clear()
    see.memory = state.memory = controller.createMemory()
    prime()
  }

  function wakeUp(): void {
    if (state.isAwake || !state.isOn || queue.size() === 0 || !client.process.isRunning()) return
    state.isAwake = true
    if (client.process.isUp()) sim.schedule(workMs, address, worked)
    else sim.schedulePeriodic(downMs, address, worked)
  }

  function work(): void {
    state.isAwake = false
    if (!state.isOn || !client.process.isRunning()) return
    if (client.process.isUp()) {
      const item = queue.get()
      if (item) sim.because(item.cause, reconcile, item.key)
    }
    wakeUp()
  }

  function reconcile(key: string): void {
    const object = own.get(key)
    const plan = object === undefined ? (controller.reconcileAbsent?.(see, key) ?? idle) : planFor(key, object)
    const outcome = perform(client, plan, object)
    if (controller.ignoresOwnStatus && outcome.statusRevision) state.ownStatus.set(key, outcome.statusRevision)
    if (outcome.failure !== undefined || outcome.refusals.length > 0 || plan.isStale) retry(key, outcome.tookMs)
    else follow(key, plan)
    if (plan.wake !== undefined) for (const other of plan.wake) queue.add(other)
    if (key === periodKey && controller.everyMs !== undefined) queue.addAfter(periodKey, controller.everyMs, true)
    holdBack(key, outcome.writes, outcome.tookMs + (plan.moreMs ?? 0))
  }

  function planFor(key: string, object: KubeObject): Plan {
    const owned = <K extends KubeObject>(kind: string): readonly K[] =>
      see.lister<K>(kind).by('controller', object.metadata.uid)
    return controller.reconcile({
      key,
      object,
      owned,
      now: sim.now(),
      memory: state.memory,
      lister: see.lister,
      find: see.find,
      isServed: see.isServed,
      customKinds: see.customKinds,
      isLeaseKept: see.isLeaseKept,
    })
  }

  function retry(key: string, tookMs: number): void {
    if (queue.addRateLimited(key, tookMs) <= controller.retriesMax) return
    queue.cancel(key)
    queue.forget(key)
  }

  function follow(key: string, plan: Plan): void {
    queue.forget(key)
    if (plan.requeueAfterMs === undefined) queue.cancel(key)
    else queue.addAfter(key, plan.requeueAfterMs, plan.isPoll)
  }

  /** Keeps a key in hand until the caches show what it wrote. */
  function holdBack(key: string, writes: readonly LatestWrite[], tookMs: number): void {
    let count = tookMs > 0 ? 1 : 0
    if (tookMs > 0) sim.schedule(tookMs, address, { type: 'answered', key, life: state.life })
    for (const write of writes) if (awaits(key, write)) count++
    if (count === 0) queue.done(key)
    else queue.hold(key, count)
  }

  function awaits(key: string, { kind, revision, answer }: LatestWrite): boolean {
    const informer = informers.get(kind)
    if (informer === undefined || informer.revision() >= revision) return false
    // a write that changed nothing is no news
    if (answer.metadata.name && isAtRevision(informer.get(keyOf(answer)), revision)) return false
    state.awaited.get(kind)!.push({ key, revision })
    return true
  }

  function settleWrites(awaited: Awaited[], revision: number): void {
    while (awaited.length > 0 && awaited[0]!.revision <= revision) queue.done(awaited.shift()!.key)
  }

  function answered(key: string, life: number): void {
    if (life === state.life) queue.done(key)
  }

  return {
    name: controller.name,
    isOn: () => state.isOn,
    setOn(isOn) {
      state.isOn = isOn
      wakeUp()
    },
    wake(event) {
      if (event.type === 'worked') work()
      else if (event.type === 'answered') answered(event.key as string, event.life as number)
      else queue.due(event.key as string)
    },
  }
}

const worked = Object.freeze({ type: 'worked' })
const deaf: Ear = () => undefined
const idle: Plan = Object.freeze({ writes: [] })

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

function isAtRevision(object: KubeObject | undefined, revision: number): boolean {
  return object?.metadata.resourceVersion === String(revision)
}

/** A changed spec, a deletion or a birth says more of why than a changed status. */
function hasNewSpec({ object, previous }: AnyChange): boolean {
  if (previous === undefined) return true
  return (
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp
  )
}
