import { bool, text } from '../args/flags.ts'
import { defineCommand } from '../defineCommand.ts'
import { CommandError } from '../errors.ts'
import { goJson } from '../printers/json.ts'
import { formatYaml } from '../printers/yaml.ts'

const build = { major: '1', minor: '36', gitVersion: 'v1.36.3', compiler: 'gc', platform: 'linux/amd64' }
const kustomizeVersion = 'v5.8.1'

/** Print the client and server version information. */
export const version = defineCommand({
  name: 'version',
  usage: 'version [flags]',
  summary: 'Print the client and server version information',
  completes: 'none',
  flags: { client: bool('Only that of the client'), output: text('yaml or json', '', { short: 'o' }) },
  run({ io, flags }) {
    const versions = { clientVersion: build, kustomizeVersion, ...(!flags.client && { serverVersion: build }) }
    if (flags.output === 'json') io.out(`${goJson(versions, '  ')}\n`)
    else if (flags.output === 'yaml') io.out(`${formatYaml(versions)}\n`)
    else if (flags.output !== '') throw new CommandError(`--output must be 'yaml' or 'json'`)
    else {
      io.out(`Client Version: ${build.gitVersion}\nKustomize Version: ${kustomizeVersion}\n`)
      if (!flags.client) io.out(`Server Version: ${build.gitVersion}\n`)
    }
    return 0
  },
})
