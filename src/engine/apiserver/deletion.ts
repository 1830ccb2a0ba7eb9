import { conflict, formatTime, parseTime, type KubeList, type KubeObject, type Namespace } from '../api/index.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'
import { read } from './read.ts'
import { put, remove } from './storage.ts'

/**
 * Carries out a delete: at once, or, where there is grace to give or a finalizer to wait for, by a deletionTimestamp.
 * upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go Delete, pkg/registry/rest/delete.go BeforeDelete
 */
export function removeOrMark(passage: Passage, old: KubeObject, server: Server): unknown {
  checkPreconditions(passage, old)
  const { kind } = passage
  if (kind.defaultPropagation !== undefined && kind.kind === 'Job') warnOfOrphans(passage)
  if (kind.terminate !== undefined && old.metadata.deletionTimestamp === undefined)
    return put(passage, kind.terminate(old, server.context.now), 'deleting', server)
  if (kind.kind === 'Namespace' && kind.group === '') return terminate(passage, old as Namespace, server)
  const finalizers = finalizersFor(passage, old)
  const marked = mark(passage, old, finalizers, server)
  if (kind.gracePeriodSeconds === undefined && finalizers.length === 0) {
    const gone = remove(passage, old, server)
    return kind.answersWithDeleted ? gone : successOf(passage, old)
  }
  if (marked === undefined) return old
  const written = put(passage, marked, 'deleting', server, { graceSeconds: marked.metadata.deletionGracePeriodSeconds })
  if (marked.metadata.deletionGracePeriodSeconds !== 0 || finalizers.length > 0) return written
  return remove(passage, written, server)
}

// upstream: pkg/registry/batch/job/storage/storage.go Delete
function warnOfOrphans({ options, warnings }: Passage): void {
  if (options.propagationPolicy === undefined && !warnings.includes(orphanWarning)) warnings.push(orphanWarning)
}

const orphanWarning =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

/** Deletes whatever a list of the same selection would show, one by one, each if nobody objects. */
// upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go DeleteCollection
export function removeAll(
  passage: Passage,
  server: Server,
  admit: (one: Passage, object: KubeObject) => void,
): unknown {
  const list = read({ ...passage, request: { ...passage.request, verb: 'list' } }, server) as KubeList
  for (const object of list.items) {
    const namespace = object.metadata.namespace ?? ''
    const one = { ...passage, namespace, name: object.metadata.name }
    admit(one, object)
    removeOrMark(one, object, server)
  }
  return list
}

/** The object with its death written down; undefined when nothing about that changes. */
function mark(
  passage: Passage,
  old: KubeObject,
  finalizers: readonly string[],
  server: Server,
): KubeObject | undefined {
  const { metadata } = old
  const { deletionTimestamp: dueText, deletionGracePeriodSeconds: before } = metadata
  const hasSameFinalizers = isSameList(finalizers, metadata.finalizers)
  const asked = passage.options.gracePeriodSeconds
  if (dueText !== undefined) {
    const isShorter = passage.kind.gracePeriodSeconds !== undefined && asked !== undefined && asked < (before ?? 0)
    if (!isShorter) return hasSameFinalizers ? undefined : withDeath(old, finalizers, dueText, before ?? 0)
    const due = parseTime(dueText) + (asked - (before ?? 0)) * 1000
    const isPast = asked > 0 && due < server.sim.now()
    return withDeath(old, finalizers, formatTime(isPast ? server.sim.now() : due), isPast ? 1 : asked)
  }
  const graceSeconds = passage.kind.gracePeriodSeconds?.(old, asked) ?? 0
  const marked = withDeath(old, finalizers, formatTime(server.sim.now() + graceSeconds * 1000), graceSeconds)
  if (!metadata.generation) return marked
  return { ...marked, metadata: { ...marked.metadata, generation: metadata.generation + 1 } }
}

function withDeath(old: KubeObject, finalizers: readonly string[], due: string, graceSeconds: number): KubeObject {
  const { finalizers: _before, ...metadata } = old.metadata
  const death = { deletionTimestamp: due, deletionGracePeriodSeconds: graceSeconds }
  return { ...old, metadata: { ...metadata, ...(finalizers.length > 0 && { finalizers }), ...death } }
}

/** A namespace lives until the namespace controller takes its finalizer away. */
// upstream: pkg/registry/core/namespace/storage/storage.go Delete
function terminate(passage: Passage, old: Namespace, server: Server): unknown {
  if (old.metadata.deletionTimestamp !== undefined) {
    if ((old.spec.finalizers?.length ?? 0) > 0 || (old.metadata.finalizers?.length ?? 0) > 0) return old
    return successOf(passage, remove(passage, old, server))
  }
  const metadata = { ...old.metadata, deletionTimestamp: formatTime(server.sim.now()) }
  const status = { ...old.status, phase: 'Terminating' as const }
  const written = put(passage, { ...old, metadata, status } as Namespace, 'deleting', server)
  if ((old.spec.finalizers?.length ?? 0) > 0 || (old.metadata.finalizers?.length ?? 0) > 0) return written
  return successOf(passage, remove(passage, written, server))
}

function checkPreconditions({ kind, options, name }: Passage, { metadata }: KubeObject): void {
  const { uid, resourceVersion } = options.preconditions ?? {}
  const tail = 'The object might have been deleted and then recreated'
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      { group: '', resource: kind.kind },
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). ${tail}`,
    )
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      resourceOf(kind),
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    )
}

/** The finalizers that stand in the way, with the one a propagation policy asks for. */
function finalizersFor({ options, kind }: Passage, { metadata }: KubeObject): readonly string[] {
  const finalizers = metadata.finalizers ?? []
  const policy = options.propagationPolicy ?? (finalizers.some(isPolicy) ? undefined : kind.defaultPropagation)
  if (policy === undefined) return finalizers
  const others = finalizers.filter((name) => !isPolicy(name))
  if (policy === 'Orphan') return [...others, 'orphan']
  return policy === 'Foreground' ? [...others, 'foregroundDeletion'] : others
}

const isPolicy = (name: string): boolean => name === 'orphan' || name === 'foregroundDeletion'

function isSameList(a: readonly string[], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

function successOf({ kind }: Passage, { metadata }: KubeObject): unknown {
  const details = {
    name: metadata.name,
    ...(kind.group !== '' && { group: kind.group }),
    kind: kind.plural,
    uid: metadata.uid,
  }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}
