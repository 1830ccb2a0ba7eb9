import { badRequest, conflict, formatTime, type KubeObject } from '../api/index.ts'
import { resourceOf, type Passage, type Server } from './passage.ts'

type Put = (passage: Passage, object: KubeObject, what: string, server: Server, detail?: Readonly<Record<string, unknown>>) => KubeObject
type Remove = (passage: Passage, object: KubeObject, server: Server) => KubeObject

/**
 * Carries out a delete: at once, or, where there is grace to give or a finalizer to wait for, by a deletionTimestamp.
 * upstream: staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go Delete, pkg/registry/rest/delete.go BeforeDelete
 */
export function removeOrMark(passage: Passage, old: KubeObject, server: Server, put: Put, remove: Remove): unknown {
  checkPreconditions(passage, old)
  const graceSeconds = passage.kind.gracePeriodSeconds?.(old, passage.options.gracePeriodSeconds) ?? 0
  const finalizers = finalizersFor(passage, old)
  if (graceSeconds === 0 && finalizers.length === 0) {
    const gone = remove(passage, old, server)
    return passage.kind.gracePeriodSeconds === undefined ? successOf(passage, old) : gone
  }
  const { metadata } = old
  const before = metadata.deletionGracePeriodSeconds
  if (metadata.deletionTimestamp !== undefined && before !== undefined && graceSeconds >= before && sameList(finalizers, metadata.finalizers))
    return old
  const deletion = {
    ...metadata,
    ...(finalizers.length > 0 && { finalizers }),
    deletionTimestamp: formatTime(server.sim.now() + graceSeconds * 1000),
    deletionGracePeriodSeconds: graceSeconds,
    ...(metadata.generation !== undefined && metadata.deletionTimestamp === undefined && { generation: metadata.generation + 1 }),
  }
  return put(passage, { ...old, metadata: deletion }, 'deleting', server, { graceSeconds })
}

function checkPreconditions({ kind, options, name }: Passage, { metadata }: KubeObject): void {
  const { uid, resourceVersion } = options.preconditions ?? {}
  const tail = 'The object might have been deleted and then recreated'
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      { group: kind.group, resource: kind.plural },
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
  const others = (metadata.finalizers ?? []).filter((name) => name !== 'orphan' && name !== 'foregroundDeletion')
  const { propagationPolicy } = options
  if (propagationPolicy === 'Orphan') return [...others, 'orphan']
  if (propagationPolicy === 'Foreground') return [...others, 'foregroundDeletion']
  if (propagationPolicy !== undefined && propagationPolicy !== 'Background')
    throw badRequest(`${kind.kind}: invalid propagationPolicy`)
  return propagationPolicy === 'Background' ? others : (metadata.finalizers ?? [])
}

function sameList(a: readonly string[], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

function successOf({ kind }: Passage, { metadata }: KubeObject): unknown {
  const details = { name: metadata.name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural, uid: metadata.uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}
