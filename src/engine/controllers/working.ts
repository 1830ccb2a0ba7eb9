import { keyOf, type KubeObject } from '../api/index.ts'
import type { Informer } from '../client/index.ts'
import type { WorkItem, Workqueue } from '../client/workqueue.ts'
import { nothing, periodKey, type Plan } from './controller.ts'
import type { Ear, Loop } from './loop.ts'
import { perform, type LatestWrite } from './perform.ts'

/** between two work items: a learner can step from one to the next */
const workMs = 1
/** how often a loop looks whether the API server is back */
const downMs = 500

const worked = Object.freeze({ type: 'worked' })

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

/** Sees to what is queued, a little later. */
export function wakeUp({ state, queue, client, sim, address }: Loop): void {
  if (state.isAwake || !state.isOn || queue.size() === 0) return
  if (client.process.isUp()) sim.schedule(workMs, address, worked)
  else if (client.process.isRunning()) sim.schedulePeriodic(downMs, address, worked)
  else return
  state.isAwake = true
}

function work(loop: Loop): void {
  const { state, queue, client, sim } = loop
  state.isAwake = false
  const item = state.isOn && client.process.isUp() ? queue.get() : undefined
  if (item !== undefined) {
    const before = sim.world.cause
    sim.world.cause = item.cause
    reconcile(loop, item)
    sim.world.cause = before
  }
  wakeUp(loop)
}

function reconcile(loop: Loop, item: WorkItem): void {
  const { controller, client, queue } = loop
  const { key } = item
  const object = loop.own.get(key)
  const plan = planFor(loop, key, object)
  const outcome = perform(client, plan, object)
  if (controller.ignoresOwnStatus && outcome.statusRevision) item.note = outcome.statusRevision
  if (outcome.failure !== undefined || outcome.refusals.length > 0 || plan.isStale) retry(loop, item, outcome.tookMs)
  else follow(queue, item, plan)
  if (plan.wake !== undefined) for (const other of plan.wake) queue.add(other)
  if (key === periodKey && controller.everyMs !== undefined) queue.comeBack(item, controller.everyMs, true)
  holdBack(loop, item, object, outcome.writes, outcome.tookMs + (plan.moreMs ?? 0))
}

function planFor({ controller, sim, view }: Loop, key: string, object: KubeObject | undefined): Plan {
  view.now = sim.world.clock.now
  view.key = key
  if (object === undefined) return controller.reconcileAbsent?.(view, key) ?? nothing
  view.object = object
  return controller.reconcile(view)
}

function retry({ controller, queue }: Loop, item: WorkItem, tookMs: number): void {
  if (queue.addRateLimited(item, tookMs) <= controller.retriesMax) return
  queue.cancel(item)
  item.failures = 0
}

function follow(queue: Workqueue, item: WorkItem, plan: Plan): void {
  item.failures = 0
  if (plan.requeueAfterMs === undefined) queue.cancel(item)
  else queue.comeBack(item, plan.requeueAfterMs, plan.isPoll)
}

/** Keeps a key in hand until the caches show what it wrote. */
function holdBack(
  loop: Loop,
  item: WorkItem,
  object: KubeObject | undefined,
  writes: readonly LatestWrite[],
  tookMs: number,
): void {
  const { sim, address, state, queue } = loop
  const { key } = item
  let count = 0
  if (tookMs > 0) {
    sim.schedule(tookMs, address, { type: 'answered', key, life: state.life })
    count++
  }
  for (const write of writes) if (awaits(loop, key, object, write)) count++
  if (count === 0) queue.done(key)
  else item.holds = count
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

/** Gives keys back whose writes have been seen. */
export function settleWrites({ loop, informer, awaited }: Ear): void {
  const revision = informer.revision()
  while (awaited.length > 0 && awaited[0]!.revision <= revision) loop.queue.done(awaited.shift()!.key)
}

function answered({ state, queue }: Loop, key: string, life: number): void {
  if (life === state.life) queue.done(key)
}
