import { int } from '../../args/flags.ts'
import { output } from '../../args/shared.ts'
import { kindPath, nameOf } from '../../cluster.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { createSheet } from '../../describers/defineDescriber.ts'
import { templateLines, type TemplateView } from '../../describers/podTemplate.ts'
import { CommandError, gather, throwAll } from '../../errors.ts'
import type { Info } from '../../manifests/objects.ts'
import { createPrinter } from '../../printers/output.ts'
import { alignTabs, narrowTabs } from '../../printers/tabWriter.ts'
import { changeCause, refusal, revisionsOf, rolloutFlags, rolloutInfos, type Revision } from './objects.ts'

const flags = { ...rolloutFlags, ...output, revision: int('Show this revision in full', 0) }

// upstream: kubectl/pkg/polymorphichelpers/history.go HistoryViewerFor
const noHistory = refusal(
  'history',
  (group, kind) => `no history viewer has been implemented for ${JSON.stringify(kindPath({ group, kind }))}`,
)

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
      const revisions = revisionsOf(call.cluster, info, noHistory)
      if (printer !== undefined) for (const { object } of chosen(revisions, call.flags.revision)) printer(object)
      else if (revisions.length === 0) call.io.out(`${nameOf(info)} \nNo rollout history found.\n`)
      else if (call.flags.revision > 0) showOne(call, info, revisions)
      else showAll(call, info, revisions)
    })
    throwAll([...errors, ...failures])
    return 0
  },
})

function chosen(revisions: readonly Revision[], number: number): readonly Revision[] {
  if (number === 0) return revisions
  const found = revisions.filter((revision) => revision.number === number)
  if (found.length === 0) throw new CommandError('unable to find the specified revision')
  return found
}

function showAll({ io }: Call, info: Info, revisions: readonly Revision[]): void {
  const rows = revisions.map(({ number, cause }) => `${number}\t${cause || '<none>'}`)
  io.out(
    `${nameOf(info)} \n${alignTabs(['REVISION\tCHANGE-CAUSE', ...rows].map((row) => `${row}\n`).join(''), narrowTabs)}\n`,
  )
}

function showOne({ io, flags: given }: Call<typeof flags>, info: Info, revisions: readonly Revision[]): void {
  const [revision] = chosen(revisions, given.revision) as [Revision]
  io.out(`${nameOf(info)} with revision #${given.revision}\n${templateText(shownTemplate(info, revision))}\n`)
}

/** Of a deployment, the reason for the change is shown as if the template carried it. */
function shownTemplate({ kind }: Info, { template, cause }: Revision): TemplateView {
  if (kind.kind !== 'Deployment' || !cause) return template
  const annotations = { ...template.metadata?.annotations, [changeCause]: cause }
  return { ...template, metadata: { ...template.metadata, annotations } }
}

/** A template as rollout shows it: its tabs are left as they are. */
export function templateText(template: TemplateView): string {
  const sheet = createSheet()
  templateLines(sheet, template)
  return sheet.text().replace(/^ +\t/gm, '\t')
}
