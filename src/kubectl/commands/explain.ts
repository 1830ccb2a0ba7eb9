import { bool, text } from '../args/flags.ts'
import { resourcePath } from '../cluster.ts'
import { defineCommand } from '../defineCommand.ts'
import { CommandError, Exit } from '../errors.ts'
import { builtInExplainRoot, customExplainRoot, explain as explanationOf, type KindInfo } from '../engine.ts'

const formats: ReadonlySet<string> = new Set(['plaintext', 'plaintext-openapiv2'])

/** Get documentation for a resource. */
export const explain = defineCommand({
  name: 'explain',
  usage:
    'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [--output=plaintext|plaintext-openapiv2]',
  summary: 'Get documentation for a resource',
  examples: ['kubectl explain pods', 'kubectl explain deploy.spec.strategy'],
  completes: 'resources',
  flags: {
    'api-version': text('The group and version: apps/v1'),
    output: text('plaintext or plaintext-openapiv2', 'plaintext', { short: 'o' }),
    recursive: bool('All fields below this one, without their texts'),
  },
  run({ cluster, io, args, flags, context }) {
    if (args.length === 0)
      throw new CommandError(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
      )
    if (args.length > 1) throw new CommandError('We accept only this format: explain RESOURCE')
    if (!formats.has(flags.output)) throw new CommandError(`unrecognized format: ${flags.output}`)
    const { info, path } = findKind(args[0]!, cluster.api.findKind)
    if (info === undefined) {
      io.err(`the server doesn't have a resource type "${args[0]!.split('.')[0]}"\n`)
      throw new Exit(1)
    }
    const kind = flags['api-version'] === '' ? info : ofVersion(cluster.api.kinds(), info, flags['api-version'])
    const descriptions = context.descriptions ?? (() => undefined)
    const root =
      kind.schema === undefined
        ? builtInExplainRoot(kind.group, kind.version, kind.kind, descriptions)
        : customExplainRoot(kind.schema, descriptions)
    if (root === undefined) throw new CommandError(`couldn't find resource for ${JSON.stringify(resourcePath(kind))}`)
    const { stdout, error } = explanationOf({ ...kind, path }, root, flags.recursive)
    io.out(stdout)
    if (error !== undefined) throw new CommandError(error)
    return 0
  },
})

interface Found {
  readonly info: KindInfo | undefined
  readonly path: readonly string[]
}

/** `deploy.spec`, and `deployments.apps.spec` or `deployments.v1.apps.spec` too: the longest beginning that is a kind. */
function findKind(word: string, find: (name: string) => KindInfo | undefined): Found {
  const parts = word.replace(/\.$/, '').split('.')
  const [first = ''] = parts
  const plain = find(first)
  for (let count = parts.length; count > 1; count--) {
    const info = find(parts.slice(0, count).join('.'))
    if (info !== undefined && info.group !== '') return { info, path: parts.slice(count) }
  }
  return { info: plain, path: parts.slice(1) }
}

function ofVersion(kinds: readonly KindInfo[], info: KindInfo, apiVersion: string): KindInfo {
  const slash = apiVersion.indexOf('/')
  const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
  const found = kinds.find((kind) => kind.plural === info.plural && kind.group === group && kind.version === version)
  if (found === undefined)
    throw new CommandError(`couldn't find resource for "${group}/${version}, Resource=${info.plural}"`)
  return found
}
