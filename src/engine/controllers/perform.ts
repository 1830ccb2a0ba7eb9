import { ApiError, type KubeObject } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import type { Plan, Write } from './controller.ts'

/** What became of a plan. */
export interface Outcome {
  /** the revision of the status written for the key's own object, if there was one */
  readonly statusRevision: string | undefined
  /** the latest write of each kind */
  readonly writes: readonly LatestWrite[]
  /** how long the requests took, one after the other; a batch counts once */
  readonly tookMs: number
  /** refusals that the plan had an answer to */
  readonly refusals: readonly ApiError[]
  /** the refusal that ended the plan */
  readonly failure: ApiError | undefined
}

/** The latest write of a kind: its revision, and what was written as the server answered it. */
export interface LatestWrite {
  readonly kind: string
  revision: number
  answer: KubeObject
}

/** how long a controller's request is on its way and back, in virtual milliseconds */
const requestMs = 2

type Request = Exclude<Write, { do: 'event' | 'slowly' | 'deleteAll' | 'because' }>

/** A plan that is being carried out: its outcome so far. */
interface Run extends Outcome {
  readonly client: Client
  /** what the plan is about, if it is an object */
  readonly own: KubeObject | undefined
  writes: readonly LatestWrite[]
  refusals: readonly ApiError[]
  tookMs: number
  statusRevision: string | undefined
  failure: ApiError | undefined
}

/** Carries out a plan at one instant; its controller is busy with it for a while. `own` is the object that the plan is about. */
export function perform(client: Client, plan: Plan, own?: KubeObject): Outcome {
  if (plan.writes.length === 0 && plan.then === undefined) return nothingDone
  const run: Run = {
    client,
    own,
    writes: noWrites,
    refusals: noRefusals,
    tookMs: 0,
    statusRevision: undefined,
    failure: undefined,
  }
  try {
    carryOutAll(run, plan.writes)
    if (plan.then) carryOutAll(run, plan.then(run.refusals))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    run.failure = error
  }
  return run
}

const noWrites: readonly LatestWrite[] = Object.freeze([])
const noRefusals: readonly ApiError[] = Object.freeze([])
const nothingDone: Outcome = Object.freeze({
  writes: noWrites,
  refusals: noRefusals,
  failure: undefined,
  tookMs: 0,
  statusRevision: undefined,
})

function carryOutAll(run: Run, writes: readonly Write[]): void {
  for (const write of writes) carryOut(run, write)
}

function carryOut(run: Run, write: Write): boolean {
  if (write.do === 'event') run.client.event(write.object, write.event)
  else if (write.do === 'slowly') return carryOutSlowly(run, write.writes)
  else if (write.do === 'because') run.client.process.sim.because(write.cause, () => carryOutAll(run, write.writes))
  else if (write.do === 'deleteAll') deleteAll(run, write.kind, write.namespace)
  else return send(run, write)
  return true
}

// upstream: slowStartBatch in pkg/controller/replicaset/replica_set.go
function carryOutSlowly(run: Run, writes: readonly Write[]): boolean {
  let isFine = true
  for (let start = 0, size = 1; start < writes.length && isFine; start += size, size *= 2) {
    const before = run.tookMs
    const end = Math.min(start + size, writes.length)
    for (let index = start; index < end; index++) isFine = carryOut(run, writes[index]!) && isFine
    run.tookMs = before + requestMs
  }
  return isFine
}

function send(run: Run, write: Request): boolean {
  run.tookMs += requestMs + (write.moreMs ?? 0)
  try {
    const answer = sendTo(run.client, write)
    note(run, write, answer)
    if (write.do === 'update' && write.subresource && answer.metadata.uid === run.own?.metadata.uid)
      run.statusRevision = answer.metadata.resourceVersion
    if (write.done) carryOutAll(run, write.done(answer))
    return true
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const next = write.refused?.(error)
    if (next === undefined) {
      if (write.lastWords !== undefined) carryOutAll(run, write.lastWords(error))
      throw error
    }
    if (!isForgiven(next)) run.refusals = [...run.refusals, error]
    carryOutAll(run, next)
    return isForgiven(next)
  }
}

function deleteAll(run: Run, kind: string, namespace: string): void {
  const { client } = run
  const { group, version, plural } = client.process.server.registry.byKind(kind)
  run.tookMs += requestMs
  client.process.server.perform({ verb: 'deletecollection', group, version, resource: plural, namespace }, client.actor)
}

function note(run: Run, write: Request, answer: KubeObject): void {
  const kind = write.do === 'create' ? write.kind : write.do === 'update' ? write.object.kind : write.target.kind
  // a delete that answers a Status has just written: the newest revision is its own
  const revision = Number(answer.metadata.resourceVersion ?? run.client.process.server.revision())
  for (const latest of run.writes) {
    if (latest.kind !== kind) continue
    if (revision > latest.revision) {
      latest.revision = revision
      latest.answer = answer
    }
    return
  }
  const latest = { kind, revision, answer }
  run.writes = run.writes.length === 0 ? [latest] : [...run.writes, latest] // seldom more than one
}

/** Says that a refusal was to be expected and changes nothing: answer it with this. */
export const forgive: readonly Write[] = Object.freeze([])

function isForgiven(next: readonly Write[]): boolean {
  return next === forgive
}

function sendTo(client: Client, write: Request): KubeObject {
  if (write.do === 'create') return client.create(write.kind, write.object, write.namespace)
  if (write.do === 'update') return write.subresource ? client.updateStatus(write.object) : client.update(write.object)
  if (write.do === 'patch') return client.patch(write.target, write.patch, write.type, write.subresource)
  return client.delete(write.target, write.options) as KubeObject
}
