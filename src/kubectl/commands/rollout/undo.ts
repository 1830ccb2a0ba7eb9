import { int } from '../../args/flags.ts'
import { lastApplied, writeOptions } from '../../args/options.ts'
import { dryRun, output } from '../../args/shared.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { withoutHash } from '../../describers/workloads.ts'
import type { TemplateView } from '../../describers/podTemplate.ts'
import { CommandError, gather, throwAll } from '../../errors.ts'
import { isEqual, type Deployment } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { createReporter, readDryRun, type DryRun } from '../../printers/output.ts'
import { templateText } from './history.ts'
import { revisionsOf, rolloutFlags, rolloutInfos, type Revision } from './objects.ts'

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

/** Puts the template of an earlier revision back; what is said of it. */
// upstream: kubectl/pkg/polymorphichelpers/rollback.go DeploymentRollbacker
function rollBack({ cluster, flags: given }: Call<typeof flags>, info: Info, dry: DryRun): string {
  if (info.kind.kind !== 'Deployment')
    throw new CommandError(
      `no rollbacker has been implemented for {${JSON.stringify(info.kind.group)} ${JSON.stringify(info.kind.kind)}}`,
    )
  const deployment = info.object as Deployment
  const number = given['to-revision']
  if (number < 0) throw new CommandError(`unable to find specified revision ${number} in history`)
  const target = targetOf(revisionsOf(cluster, deployment), deployment.metadata.name, number)
  const template = withoutHash(target.replicaSet.spec.template)
  if (dry === 'client') return templateText(target.replicaSet.spec.template as TemplateView)
  if (deployment.spec.paused)
    throw new CommandError(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    )
  if (isEqual(template, withoutHash(deployment.spec.template)))
    return `skipped rollback (current template already matches revision ${number})`
  const annotations = annotationsAfter(deployment.metadata.annotations, target.replicaSet.metadata.annotations)
  const patch = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ]
  cluster.patch(info, patch, 'json', writeOptions(dry, 'kubectl-rollout'))
  return 'rolled back'
}

function targetOf(revisions: readonly Revision[], name: string, number: number): Revision {
  if (number > 0) {
    const found = revisions.find((revision) => revision.number === number)
    if (found === undefined) throw new CommandError(`unable to find specified revision ${number} in history`)
    return found
  }
  const previous = revisions.at(-2)
  if (previous === undefined) throw new CommandError(`no rollout history found for deployment "${name}"`)
  return previous
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
