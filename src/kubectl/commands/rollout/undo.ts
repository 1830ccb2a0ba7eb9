import { int } from '../../args/flags.ts'
import { lastApplied, writeOptions } from '../../args/options.ts'
import { dryRun, output } from '../../args/shared.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { withoutHash } from '../../describers/workloads.ts'
import { kindPath } from '../../cluster.ts'
import { CommandError, gather, knownOrThrow, throwAll } from '../../errors.ts'
import { isEqual, type DaemonSet, type Deployment, type ReplicaSet } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { createReporter, readDryRun, type DryRun } from '../../printers/output.ts'
import { templateText } from './history.ts'
import { refusal, revisionsOf, rolloutFlags, rolloutInfos, type Revision } from './objects.ts'

const flags = {
  ...rolloutFlags,
  ...dryRun,
  ...output,
  'to-revision': int('The revision to go back to; 0: the one before', 0),
}

/** Undo a previous rollout. */
export const rolloutUndo = defineCommand({
  name: 'undo',
  usage: 'rollout undo (TYPE NAME | TYPE/NAME) [flags]',
  summary: 'Undo a previous rollout',
  completes: 'resources',
  flags,
  run(call) {
    const { io, flags } = call
    const dry = readDryRun(flags['dry-run'])
    const { infos, errors } = rolloutInfos(call)
    const report = createReporter(flags, io, dry)
    const failures = gather(infos, (info) => {
      if (info.object.metadata.annotations?.[lastApplied] !== undefined) io.err(appliedWarning(info))
      report(info, rollBack(call, info, dry), info.object)
    })
    throwAll([...errors, ...failures])
    return 0
  },
})

function appliedWarning({ kind, name }: Info): string {
  return `Warning: resource ${kind.plural}/${name} was previously managed with 'kubectl apply'. Rolling back will not update the ${lastApplied} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`
}

// upstream: kubectl/pkg/polymorphichelpers/rollback.go RollbackerFor
const noRollback = refusal(
  'rollbacker',
  (group, kind) => `no rollbacker has been implemented for ${JSON.stringify(kindPath({ group, kind }))}`,
)

/** Puts the template of an earlier revision back; what is said of it. */
function rollBack(call: Call<typeof flags>, info: Info, dry: DryRun): string {
  const revisions = revisionsOf(call.cluster, info, noRollback)
  const number = call.flags['to-revision']
  if (number < 0) throw noRevision(number)
  const target = targetOf(revisions, info, number)
  return info.kind.kind === 'Deployment'
    ? rollDeploymentBack(call, info, target, dry)
    : rollHistoryBack(call, info, target, dry)
}

const noRevision = (number: number): CommandError =>
  new CommandError(`unable to find specified revision ${number} in history`)

const skipped = (number: number): string => `skipped rollback (current template already matches revision ${number})`

// upstream: kubectl/pkg/polymorphichelpers/rollback.go DeploymentRollbacker
function rollDeploymentBack({ cluster, flags }: RollCall, info: Info, target: Revision, dry: DryRun): string {
  const deployment = info.object as Deployment
  const replicaSet = target.object as ReplicaSet
  if (dry === 'client') return templateText(target.template)
  if (deployment.spec.paused)
    throw new CommandError(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    )
  const template = withoutHash(replicaSet.spec.template)
  if (isEqual(template, withoutHash(deployment.spec.template))) return skipped(flags['to-revision'])
  const annotations = annotationsAfter(deployment.metadata.annotations, replicaSet.metadata.annotations)
  const patch = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ]
  restore(target, () => cluster.patch(info, patch, 'json', writeOptions(dry, 'kubectl')))
  return 'rolled back'
}

// upstream: kubectl/pkg/polymorphichelpers/rollback.go DaemonSetRollbacker, StatefulSetRollbacker
function rollHistoryBack({ cluster, flags }: RollCall, info: Info, target: Revision, dry: DryRun): string {
  if (dry === 'client') return `will roll back to ${templateText(target.template)}`
  if (isEqual(target.template, (info.object as DaemonSet).spec.template)) return skipped(flags['to-revision'])
  restore(target, () => cluster.patch(info, target.patch, 'strategic', writeOptions(dry, 'kubectl')))
  return 'rolled back'
}

type RollCall = Call<typeof flags>

function restore({ number }: Revision, patch: () => unknown): void {
  try {
    patch()
  } catch (error) {
    throw new CommandError(`failed restoring revision ${number}: ${knownOrThrow(error).message}`)
  }
}

function targetOf(revisions: readonly Revision[], { kind, name }: Info, number: number): Revision {
  const found = number > 0 ? revisions.find((revision) => revision.number === number) : revisions.at(-2)
  if (found !== undefined) return found
  if (number > 0) throw noRevision(number)
  throw new CommandError(
    kind.kind === 'Deployment'
      ? `no rollout history found for deployment "${name}"`
      : 'no last revision to roll back to',
  )
}

const kept: readonly string[] = [
  lastApplied,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]

type Annotations = Readonly<Record<string, string>>

// The deployment's own annotations stay; all others are those the revision was made with.
function annotationsAfter(own: Annotations = {}, revision: Annotations = {}): Annotations {
  const isKept = ([key]: [string, string]): boolean => kept.includes(key)
  return Object.fromEntries([
    ...Object.entries(own).filter(isKept),
    ...Object.entries(revision).filter((entry) => !isKept(entry)),
  ])
}
