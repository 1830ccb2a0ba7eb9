import { globalFlags } from '../args/shared.ts'
import { defineCommand } from '../defineCommand.ts'
import { optionsHelp } from '../help.ts'

/** Print the list of flags inherited by all commands. */
export const options = defineCommand({
  name: 'options',
  usage: 'options',
  summary: 'Print the list of flags inherited by all commands',
  completes: 'none',
  run({ io }) {
    const { help: _, ...flags } = globalFlags
    io.out(optionsHelp(flags))
    return 0
  },
})
