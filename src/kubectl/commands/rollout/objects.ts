import { files, selector } from '../../args/shared.ts'
import { infosOf, type Found } from '../../args/resources.ts'
import type { Call } from '../../defineCommand.ts'
import { CommandError, throwAll } from '../../errors.ts'
import type { Cluster } from '../../cluster.ts'
import type { ControllerRevision, DaemonSet, Deployment, KubeObject, StatefulSet } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import type { TemplateView } from '../../describers/podTemplate.ts'
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

/** One revision of a workload: its number, its template, and what is printed of it. */
export interface Revision {
  readonly number: number
  /** what `-o yaml` prints: a replica set, or the workload as it was */
  readonly object: KubeObject
  readonly template: TemplateView
  readonly cause: string | undefined
  /** the strategic merge patch that goes back to it, where the API server keeps one */
  readonly patch?: unknown
}

const revisionKey = 'deployment.kubernetes.io/revision'

/** What is written beside a revision. */
export const changeCause = 'kubernetes.io/change-cause'

/** A workload's revisions, oldest first; `doing` says in a refusal what cannot be done for other kinds. */
export function revisionsOf(cluster: Cluster, info: Info, doing: RevisionWork): readonly Revision[] {
  const { kind, group } = info.kind
  if (group === 'apps' && kind === 'Deployment') return deploymentRevisions(cluster, info.object as Deployment)
  if (group === 'apps' && (kind === 'DaemonSet' || kind === 'StatefulSet'))
    return historyOf(cluster, info.object as DaemonSet | StatefulSet)
  throw new CommandError(doing(group, kind))
}

/** The refusal for a kind without revisions. */
export type RevisionWork = (group: string, kind: string) => string

const visited: readonly string[] = ['/Pod', '/ReplicationController', 'apps/ReplicaSet', 'batch/Job', 'batch/CronJob']

/** A refusal as upstream makes it: kinds that can hold pods are known, all others are no workload at all. */
// upstream: kubectl/pkg/apps/kind_visitor.go
export function refusal(what: string, known: RevisionWork): RevisionWork {
  return (group, kind) =>
    visited.includes(`${group}/${kind}`)
      ? known(group, kind)
      : `error retrieving ${what} for "${kind}${group === '' ? '' : `.${group}`}", no visitor method exists for {${group} ${kind}}`
}

function deploymentRevisions(cluster: Cluster, deployment: Deployment): readonly Revision[] {
  const { old, current } = replicaSetsOf(cluster, deployment)
  const all = current === undefined ? old : [...old, current]
  return all
    .filter(({ metadata }) => metadata.annotations?.[revisionKey] !== undefined)
    .map((replicaSet) => ({
      number: Number(replicaSet.metadata.annotations![revisionKey]),
      object: replicaSet,
      template: replicaSet.spec.template as TemplateView,
      cause: replicaSet.metadata.annotations?.[changeCause],
    }))
    .sort((a, b) => a.number - b.number)
}

interface Kept {
  readonly spec?: { readonly template?: TemplateView & { readonly $patch?: string } }
}

/** The controller revisions of a daemon set or a stateful set. */
// upstream: kubectl/pkg/polymorphichelpers/history.go
function historyOf(cluster: Cluster, workload: DaemonSet | StatefulSet): readonly Revision[] {
  const { uid, namespace } = workload.metadata
  return cluster
    .list<ControllerRevision>(cluster.kind('controllerrevisions.apps'), namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid))
    .map(({ metadata, revision, data }) => {
      const { $patch: _, ...template } = (data as Kept | undefined)?.spec?.template ?? {}
      const object = { ...workload, spec: { ...workload.spec, template } } as unknown as KubeObject
      return { number: revision, object, template, cause: metadata.annotations?.[changeCause], patch: data }
    })
    .sort((a, b) => a.number - b.number)
}

/** `deployments.apps "web"`: how refusals name an object. */
export function named({ kind, name }: Info): string {
  return `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`} "${name}"`
}
