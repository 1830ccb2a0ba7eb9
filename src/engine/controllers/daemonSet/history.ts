import type { ControllerRevision, DaemonSet } from '../../api/index.ts'
import { claim } from '../claim.ts'
import { remove, type View, type Write } from '../controller.ts'
import { placeIn } from '../history.ts'
import { forgive } from '../perform.ts'
import { revisionHashLabel } from './podTemplate.ts'

/** A DaemonSet's kept templates. */
export interface History {
  /** what the current template's pods are labelled with */
  readonly hash: string
  /** the other templates, oldest first */
  readonly old: readonly ControllerRevision[]
  readonly collisionCount: number
  readonly writes: readonly Write[]
}

/** Finds the current template's revision, makes it when it is new, and moves it to the top when it is an old one again. */
// upstream: constructHistory in pkg/controller/daemon/update.go
export function historyOf(view: View<DaemonSet>): History {
  const { object: set, lister, owned } = view
  const orphans = lister<ControllerRevision>('ControllerRevision').by('orphans', set.metadata.namespace ?? '')
  const { mine, writes } = claim(view, owned<ControllerRevision>('ControllerRevision'), orphans)
  const place = placeIn(mine, {
    owner: set,
    template: set.spec.template,
    collisionCount: set.status?.collisionCount ?? 0,
    hashLabel: revisionHashLabel,
    limit: set.spec.revisionHistoryLimit ?? 10,
  })
  const { name } = place.revision.metadata
  const old = mine.filter(({ metadata }) => metadata.name !== name).sort((a, b) => a.revision - b.revision)
  return {
    hash: hashOf(place.revision),
    old,
    collisionCount: place.collisionCount,
    writes: [...writes, ...place.writes],
  }
}

function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[revisionHashLabel] ?? metadata.name
}

/** Deletes the oldest templates beyond the limit that no pod is of. upstream: cleanupHistory */
export function cleanUp(
  { spec }: DaemonSet,
  old: readonly ControllerRevision[],
  live: ReadonlySet<string | undefined>,
): readonly Write[] {
  let excess = old.length - (spec.revisionHistoryLimit ?? 10)
  const writes: Write[] = []
  for (const revision of old) {
    if (excess <= 0) break
    if (live.has(hashOf(revision))) continue
    writes.push(remove(revision, undefined, { refused: ({ code }) => (code === 404 ? forgive : undefined) }))
    excess--
  }
  return writes
}
