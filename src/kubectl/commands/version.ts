import { bool, text } from '../args/flags.ts'
import { defineCommand } from '../defineCommand.ts'
import { CommandError } from '../errors.ts'
import { ApiError, type Status } from '../engine.ts'
import { goJson } from '../printers/json.ts'
import { formatYaml } from '../printers/yaml.ts'

const gitVersion = 'v1.36.3'

/** kubectl's own build: the facts of its release. */
const clientVersion = {
  major: '1',
  minor: '36',
  gitVersion,
  gitCommit: '0f29094e5b73085e3802ecc1298ecae13866bfe6',
  gitTreeState: 'clean',
  buildDate: '2026-07-22T18:10:35Z',
  goVersion: 'go1.26.5',
  compiler: 'gc',
  platform: 'linux/amd64',
}
const kustomizeVersion = 'v5.8.1'

/** Print the client and server version information. */
export const version = defineCommand({
  name: 'version',
  usage: 'version [flags]',
  summary: 'Print the client and server version information',
  completes: 'none',
  flags: { client: bool('Only that of the client'), output: text('yaml or json', '', { short: 'o' }) },
  run({ io, args, flags, context }) {
    if (args.length > 0) throw new CommandError(`extra arguments: [${args.join(' ')}]`)
    const answer = flags.client ? undefined : context.http?.({ method: 'GET', path: '/version' })
    const isKnown = answer !== undefined && answer.code < 400
    const versions = { clientVersion, kustomizeVersion, ...(isKnown && { serverVersion: answer.body }) }
    if (flags.output === 'json') io.out(`${goJson(versions, '  ')}\n`)
    else if (flags.output === 'yaml') io.out(`${formatYaml(versions)}\n`)
    else if (flags.output !== '') throw new CommandError(`--output must be 'yaml' or 'json'`)
    else {
      io.out(`Client Version: ${gitVersion}\nKustomize Version: ${kustomizeVersion}\n`)
      if (isKnown) io.out(`Server Version: ${(answer.body as { gitVersion: string }).gitVersion}\n`)
    }
    if (answer !== undefined && !isKnown) throw new ApiError(answer.body as Status)
    return 0
  },
})
