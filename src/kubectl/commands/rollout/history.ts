import { int } from '../../args/flags.ts'
import { output } from '../../args/shared.ts'
import { nameOf } from '../../cluster.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { createSheet } from '../../describers/defineDescriber.ts'
import { templateLines, type TemplateView } from '../../describers/podTemplate.ts'
import { CommandError, gather, throwAll } from '../../errors.ts'
import type { Deployment } from '../../engine.ts'
import type { Info } from '../../manifests/objects.ts'
import { createPrinter } from '../../printers/output.ts'
import { alignTabs, narrowTabs } from '../../printers/tabWriter.ts'
import { revisionsOf, rolloutFlags, rolloutInfos, type Revision } from './objects.ts'

const flags = { ...rolloutFlags, ...output, revision: int('Show this revision in full', 0) }
const changeCause = 'kubernetes.io/change-cause'

/** View rollout history. */
export const rolloutHistory = defineCommand({
  name: 'history',
  usage: 'rollout history (TYPE NAME | TYPE/NAME) [flags]',
  summary: 'View rollout history',
  completes: 'resources',
  flags,
  run(call) {
    if (call.flags.revision < 0) throw new CommandError(`revision must be a positive integer: ${call.flags.revision}`)
    const { infos, errors } = rolloutInfos(call)
    const printer = createPrinter(call.flags, call.io)
    const failures = gather(infos, (info) => {
      const revisions = revisionsFor(call, info)
      if (printer !== undefined)
        for (const { replicaSet } of chosen(revisions, call.flags.revision)) printer(replicaSet)
      else if (call.flags.revision > 0) showOne(call, info, revisions)
      else showAll(call, info, revisions)
    })
    throwAll([...errors, ...failures])
    return 0
  },
})

function revisionsFor({ cluster }: Call, { kind, object }: Info): readonly Revision[] {
  if (kind.kind !== 'Deployment')
    throw new CommandError(
      `no history viewer has been implemented for {${JSON.stringify(kind.group)} ${JSON.stringify(kind.kind)}}`,
    )
  return revisionsOf(cluster, object as Deployment)
}

function chosen(revisions: readonly Revision[], number: number): readonly Revision[] {
  if (number === 0) return revisions
  const found = revisions.filter((revision) => revision.number === number)
  if (found.length === 0) throw new CommandError('unable to find the specified revision')
  return found
}

function showAll({ io }: Call, info: Info, revisions: readonly Revision[]): void {
  const rows = revisions.map(
    ({ number, replicaSet }) => `${number}\t${replicaSet.metadata.annotations?.[changeCause] ?? '<none>'}`,
  )
  io.out(
    `${nameOf(info)} \n${alignTabs(['REVISION\tCHANGE-CAUSE', ...rows].map((row) => `${row}\n`).join(''), narrowTabs)}\n`,
  )
}

function showOne({ io, flags: given }: Call<typeof flags>, info: Info, revisions: readonly Revision[]): void {
  const [{ replicaSet }] = chosen(revisions, given.revision) as [Revision]
  const { [changeCause]: cause } = replicaSet.metadata.annotations ?? {}
  const template = replicaSet.spec.template as TemplateView
  const annotations =
    cause === undefined ? template.metadata?.annotations : { ...template.metadata?.annotations, [changeCause]: cause }
  io.out(
    `${nameOf(info)} with revision #${given.revision}\n${templateText({ ...template, metadata: { ...template.metadata, ...(annotations && { annotations }) } })}\n`,
  )
}

/** A template as rollout shows it: its tabs are left as they are. */
export function templateText(template: TemplateView): string {
  const sheet = createSheet()
  templateLines(sheet, template)
  return sheet.text().replace(/^ +\t/gm, '\t')
}
