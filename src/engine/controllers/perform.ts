import { ApiError, keyOf, refOf, type KubeObject } from '../api/index.ts'
import type { Client } from '../client/index.ts'
import type { Plan, Write } from './controller.ts'

/** What became of a plan. */
export interface Outcome {
  /** the revision of the status written for the key's own object, if there was one */
  readonly statusRevision: string | undefined
  /** the latest write of each kind: its revision, and the key of what was written */
  readonly revisions: ReadonlyMap<string, { readonly revision: number; readonly at: string }>
  /** how long the requests took, one after the other; a batch counts once */
  readonly tookMs: number
  /** refusals that the plan had an answer to */
  readonly refusals: readonly ApiError[]
  /** the refusal that ended the plan */
  readonly failure: ApiError | undefined
}

/** how long a controller's request is on its way and back, in virtual milliseconds */
const requestMs = 2

type Request = Exclude<Write, { do: 'event' | 'slowly' | 'deleteAll' }>

/** Carries out a plan at one instant; its controller is busy with it for a while. `own` is what the plan is about. */
export function perform(client: Client, plan: Plan, own = ''): Outcome {
  const revisions = new Map<string, { revision: number; at: string }>()
  const refusals: ApiError[] = []
  let tookMs = 0
  let statusRevision: string | undefined

  function note(kind: string, answer: KubeObject): void {
    const { resourceVersion, name } = answer.metadata
    // a delete that answers a Status has just written: the newest revision is its own
    const revision = Number(resourceVersion ?? client.process.server.revision())
    if (revision > (revisions.get(kind)?.revision ?? 0))
      revisions.set(kind, { revision, at: name ? keyOf(answer) : '' })
  }

  function run(write: Write): boolean {
    if (write.do === 'event') client.event(write.object, write.event)
    else if (write.do === 'slowly') return runSlowly(write.writes)
    else if (write.do === 'deleteAll') deleteAll(write.kind, write.namespace)
    else return send(write)
    return true
  }

  function send(write: Request): boolean {
    tookMs += requestMs + (write.moreMs ?? 0)
    try {
      const answer = sendTo(client, write)
      note(kindOf(write), answer)
      if (write.do === 'update' && write.subresource && refOf(answer) === own)
        statusRevision = answer.metadata.resourceVersion
      if (write.done) runAll(write.done(answer))
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const next = write.refused?.(error)
      if (next === undefined) {
        runAll(write.lastWords?.(error) ?? [])
        throw error
      }
      if (!isForgiven(next)) refusals.push(error)
      runAll(next)
      return isForgiven(next)
    }
  }

  function deleteAll(kind: string, namespace: string): void {
    const { server } = client.process
    const { group, version, plural } = server.registry.byKind(kind)
    tookMs += requestMs
    server.perform({ verb: 'deletecollection', group, version, resource: plural, namespace }, client.actor)
  }

  // upstream: slowStartBatch in pkg/controller/replicaset/replica_set.go
  function runSlowly(writes: readonly Write[]): boolean {
    let isFine = true
    for (let start = 0, size = 1; start < writes.length && isFine; start += size, size *= 2) {
      const before = tookMs
      for (const write of writes.slice(start, start + size)) isFine = run(write) && isFine
      tookMs = before + requestMs
    }
    return isFine
  }

  function runAll(writes: readonly Write[]): void {
    for (const write of writes) run(write)
  }

  try {
    for (const write of plan.writes) run(write)
    if (plan.then) for (const write of plan.then(refusals)) run(write)
    return { revisions, refusals, failure: undefined, tookMs, statusRevision }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { revisions, refusals, failure: error, tookMs, statusRevision }
  }
}

/** Says that a refusal was to be expected and changes nothing: answer it with this. */
export const forgive: readonly Write[] = Object.freeze([])

function isForgiven(next: readonly Write[]): boolean {
  return next === forgive
}

function kindOf(write: Request): string {
  if (write.do === 'create') return write.kind
  return write.do === 'update' ? write.object.kind : write.target.kind
}

function sendTo(client: Client, write: Request): KubeObject {
  if (write.do === 'create') return client.create(write.kind, write.object, write.namespace)
  if (write.do === 'update') return write.subresource ? client.updateStatus(write.object) : client.update(write.object)
  if (write.do === 'patch') return client.patch(write.target, write.patch, write.type, write.subresource)
  return client.delete(write.target, write.options) as KubeObject
}
