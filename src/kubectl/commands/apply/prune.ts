import type { Cluster } from '../../cluster.ts'
import { CommandError } from '../../errors.ts'
import { formatMicroTime, type KindInfo, type KubeObject } from '../../engine.ts'
import { lastApplied } from '../../args/options.ts'
import { findServed } from '../../manifests/objects.ts'
import type { DryRun } from '../../printers/output.ts'
import { readCascade } from '../delete.ts'

/** What the flags say of pruning. */
export interface PruneFlags {
  readonly prune: boolean
  readonly all: boolean
  readonly force: boolean
  readonly 'server-side': boolean
  readonly selector: readonly string[]
  readonly 'prune-allowlist': readonly string[]
  readonly cascade: string
  readonly 'grace-period': number
}

/** Refuses flags that do not go with `--prune`. */
// upstream: kubectl/pkg/cmd/apply/apply.go Validate
export function checkPrune(flags: PruneFlags): void {
  const isSelecting = flags.selector.join('') !== ''
  if (flags.all && isSelecting) throw new CommandError('cannot set --all and --selector at the same time')
  if (!flags.prune) return
  if (flags.force) throw new CommandError('--force cannot be used with --prune')
  if (!flags.all && !isSelecting)
    throw new CommandError(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    )
  if (flags['server-side'])
    throw new CommandError("--prune is in alpha and doesn't currently work on objects created by server-side apply")
}

const namespacedKinds =
  'v1/ConfigMap v1/Endpoints v1/PersistentVolumeClaim v1/Pod v1/ReplicationController v1/Secret v1/Service batch/v1/Job batch/v1/CronJob networking.k8s.io/v1/Ingress apps/v1/DaemonSet apps/v1/Deployment apps/v1/ReplicaSet apps/v1/StatefulSet'
const clusterKinds = 'v1/Namespace v1/PersistentVolume'

/** The kinds that are pruned: those of `--prune-allowlist`, or, with an empty list, the ones that always were. */
// upstream: kubectl/pkg/util/prune/prune.go
export function prunedKinds(allowed: readonly string[], cluster: Cluster): readonly KindInfo[] {
  if (allowed.length === 0)
    return `${namespacedKinds} ${clusterKinds}`
      .split(' ')
      .flatMap((word) => findServed(cluster, word.replace(/\/[^/]*$/, ''), word.replace(/^.*\//, '')) ?? [])
  return [...new Set(allowed)].map((word) => {
    const [group = '', version = '', kind = '', ...rest] = word.split('/')
    if (kind === '' || rest.length > 0)
      throw new CommandError(`invalid GroupVersionKind format: ${word}, please follow <group/version/kind>`)
    const apiVersion = group === 'core' ? version : `${group}/${version}`
    const found = findServed(cluster, apiVersion, kind)
    if (found === undefined) throw new CommandError(`no matches for kind "${kind}" in version "${apiVersion}"`)
    return found
  })
}

/** What was applied just now. */
export interface Applied {
  readonly uids: ReadonlySet<string>
  readonly namespaces: ReadonlySet<string>
}

interface Pruning {
  readonly cluster: Cluster
  readonly flags: PruneFlags
  readonly kinds: readonly KindInfo[]
  readonly dry: DryRun
  readonly applied: Applied
  readonly now: number
  readonly report: (
    target: { readonly kind: KindInfo; readonly name: string },
    done: string,
    object: KubeObject,
  ) => void
}

/** Deletes what once was applied, is meant by the selector, and is no longer in the files. */
// upstream: kubectl/pkg/cmd/apply/prune.go
export function prune(pruning: Pruning): void {
  const { cluster, flags, kinds, applied, now } = pruning
  if (flags['prune-allowlist'].length === 0) cluster.warn(`${warningAt(now)}\n`)
  for (const namespace of applied.namespaces)
    for (const kind of kinds) if (kind.namespaced) pruneKind(pruning, kind, namespace)
  for (const kind of kinds) if (!kind.namespaced) pruneKind(pruning, kind, undefined)
}

function pruneKind(pruning: Pruning, kind: KindInfo, namespace: string | undefined): void {
  const { cluster, flags, dry, applied, report } = pruning
  const labelSelector = flags.selector.join(',')
  const propagationPolicy = readCascade(flags.cascade, false, cluster.warn)
  const grace = flags['grace-period']
  for (const object of cluster.list(kind, namespace, labelSelector === '' ? {} : { labelSelector })) {
    const { name, uid = '', annotations } = object.metadata
    if (annotations?.[lastApplied] === undefined || applied.uids.has(uid)) continue
    if (dry !== 'client')
      cluster.delete(
        { kind, name, ...(namespace !== undefined && { namespace }) },
        {
          propagationPolicy,
          ...(grace >= 0 && { gracePeriodSeconds: grace }),
          ...(dry === 'server' && { dryRun: true }),
        },
      )
    report({ kind, name }, 'pruned', object)
  }
}

/** The client's own log line. */
function warningAt(now: number): string {
  const [date = '', clock = ''] = formatMicroTime(now).replace('Z', '').split('T')
  return `W${date.slice(5).replace('-', '')} ${clock} 1000000 prune.go:71] Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.`
}
