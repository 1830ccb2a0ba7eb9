import { defineCommand } from '../defineCommand.ts'
import { files, output } from '../args/shared.ts'
import { CommandError } from '../errors.ts'

/** Edit a resource on the server. */
// differs: there is no editor to open in a terminal of the page; the page has its own
export const edit = defineCommand({
  name: 'edit',
  usage: 'edit (RESOURCE/NAME | -f FILENAME)',
  summary: 'Edit a resource on the server',
  completes: 'resources',
  flags: { ...files, ...output },
  run({ args, flags }) {
    if (args.length === 0 && flags.filename.length === 0) throw new CommandError('must specify one of -f and -k')
    throw new CommandError(
      `unable to launch the editor "vi": there is none in this terminal; use the page's editor, kubectl patch, or kubectl get ${args.join(' ')} -o yaml and kubectl apply -f`,
    )
  },
})
