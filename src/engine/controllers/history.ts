import type { ControllerRevision, KubeObject, Pod, ReplicaSet } from '../api/index.ts'
import { ownerReference } from './claim.ts'
import { create, remove, update, type Write } from './controller.ts'
import { hashOf, textOf } from './deployment/template.ts'
import { forgive } from './perform.ts'

type Template = ReplicaSet['spec']['template']

/** What an object with a history says of itself. */
export interface Historian {
  readonly owner: KubeObject
  readonly template: Template
  readonly collisionCount: number
  /** the label by which a revision's hash is known */
  readonly hashLabel: string
  readonly limit: number
  /** what a revision's name ends with, where it is not as a ReplicaSet's */
  readonly hash?: (template: object, collisionCount: number) => string
}

/** Where an object is in its history: the version of its template now, and what that takes to write down. */
export interface Place {
  readonly revision: ControllerRevision
  readonly writes: readonly Write[]
  readonly collisionCount: number
}

/**
 * Finds the revision of the present template, brings an old one to the front, or makes it.
 * upstream: pkg/controller/history/controller_history.go, getStatefulSetRevisions, constructHistory
 */
export function placeIn(known: readonly ControllerRevision[], historian: Historian): Place {
  const { template, collisionCount } = historian
  const sorted = [...known].sort((a, b) => a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1))
  const last = sorted.at(-1)
  const next = (last?.revision ?? 0) + 1
  const text = textOf(template)
  const same = sorted.filter((each) => textOf(templateOf(each)) === text).at(-1)
  if (same === undefined) return birth(known, historian, next)
  if (same === last) return { revision: same, writes: [], collisionCount }
  const forward = { ...same, revision: next } as ControllerRevision
  return { revision: forward, writes: [update(forward)], collisionCount }
}

function birth(known: readonly ControllerRevision[], historian: Historian, next: number): Place {
  const { owner, template, hashLabel } = historian
  let { collisionCount } = historian
  const hashNow = (): string =>
    historian.hash?.(template ?? {}, collisionCount) ?? hashOf(template, collisionCount || undefined)
  const nameFor = (): string => `${owner.metadata.name}-${hashNow()}`
  while (known.some(({ metadata }) => metadata.name === nameFor())) collisionCount++
  const { annotations, namespace } = owner.metadata
  const revision = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: nameFor(),
      namespace,
      labels: { ...template?.metadata?.labels, [hashLabel]: hashNow() },
      ...(annotations && { annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision: next,
  } as unknown as ControllerRevision
  const write = create('ControllerRevision', revision, {
    namespace,
    refused: ({ code }) => (code === 409 ? forgive : undefined),
  })
  return { revision, writes: [write], collisionCount }
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): NonNullable<Template> {
  const { $patch: _, ...template } = (data as unknown as Data).spec.template
  return template as unknown as NonNullable<Template>
}

interface Data {
  readonly spec: { readonly template: Readonly<Record<string, unknown>> }
}

/** Removes the oldest revisions that no pod is made from, beyond those that are to be kept. upstream: truncateHistory */
export function truncated(
  known: readonly ControllerRevision[],
  isLive: (revision: ControllerRevision) => boolean,
  limit: number,
): readonly Write[] {
  const idle = known.filter((each) => !isLive(each)).sort((a, b) => a.revision - b.revision)
  return idle
    .slice(0, Math.max(0, idle.length - limit))
    .map((each) => remove(each, undefined, { refused: ({ code }) => (code === 404 ? forgive : undefined) }))
}

/** The revision that a pod says it was made from. */
export function revisionLabelOf({ metadata }: Pod): string | undefined {
  return metadata.labels?.['controller-revision-hash']
}
