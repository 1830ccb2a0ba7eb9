import { files, selector } from '../../args/shared.ts'
import { infosOf, type Found } from '../../args/resources.ts'
import type { Call } from '../../defineCommand.ts'
import { CommandError, throwAll } from '../../errors.ts'
import type { Cluster } from '../../cluster.ts'
import type { Deployment, ReplicaSet } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { replicaSetsOf } from '../../describers/workloads.ts'

/** The flags of every `kubectl rollout` command. */
export const rolloutFlags = { ...files, ...selector }

/** The objects that a line of rollout means; all errors are thrown where it has to be so. */
export function rolloutInfos({
  cluster,
  io,
  args,
  flags,
}: Pick<Call<typeof rolloutFlags>, 'cluster' | 'io' | 'args' | 'flags'>): Found {
  if (args.length === 0 && flags.filename.length === 0 && flags.kustomize === '')
    throw new CommandError('required resource not specified')
  const found = infosOf({ ...flags, cluster, io, args, isKindEnough: true })
  if (found.infos.length === 0) throwAll(found.errors)
  return found
}

/** One revision of a deployment: a replica set with its number. */
export interface Revision {
  readonly number: number
  readonly replicaSet: ReplicaSet
}

const revisionKey = 'deployment.kubernetes.io/revision'

/** A deployment's revisions, oldest first. */
export function revisionsOf(cluster: Cluster, deployment: Deployment): readonly Revision[] {
  const { old, current } = replicaSetsOf(cluster, deployment)
  const all = current === undefined ? old : [...old, current]
  return all
    .map((replicaSet) => ({ number: Number(replicaSet.metadata.annotations?.[revisionKey] ?? 0), replicaSet }))
    .sort((a, b) => a.number - b.number)
}

/** `deployments.apps "web"`: how refusals name an object. */
export function named({ kind, name }: Info): string {
  return `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`} "${name}"`
}
