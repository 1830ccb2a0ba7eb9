import { bool, text } from '../args/flags.ts'
import { resourceName, resourcePath } from '../cluster.ts'
import { defineCommand } from '../defineCommand.ts'
import { CommandError, Exit } from '../errors.ts'
import { builtInExplainRoot, customExplainRoot, explain as explanationOf, type Api, type KindInfo } from '../engine.ts'
import { parseJsonPath, type Step } from '../printers/jsonpathParse.ts'

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
    if (flags.output === 'plaintext-openapiv2')
      throw new CommandError('--output=plaintext-openapiv2 is not simulated here; plaintext tells the same')
    if (args[0] === '') throw new CommandError('a resource must be present, got: /, Resource=')
    const { api } = cluster
    const find = (word: string) => (api.findKind(word) === undefined ? undefined : cluster.kind(word))
    const { info, path } = findKind(args[0]!, api.kinds(), find, flags['api-version'] !== '')
    if (info === undefined) {
      io.err(`the server doesn't have a resource type "${args[0]!.split('.')[0]}"\n`)
      throw new Exit(1)
    }
    const kind = flags['api-version'] === '' ? info : ofVersion(api.kinds(), info, flags['api-version'])
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

/** The kind and the path of `deploy.spec`, or, without --api-version, of `deployments.apps.spec`. */
// upstream: kubectl/pkg/explain/explain.go SplitAndParseResourceRequestWithMatchingPrefix: of several kinds of one name the first whose
// full name the word begins with, so that `events.events.k8s.io` is a path in the core group's Event
function findKind(word: string, kinds: readonly KindInfo[], find: Api['findKind'], isVersioned: boolean): Found {
  const [first = '', ...path] = fieldsOf(word)
  const info = find(first)
  if (info === undefined || isVersioned) return { info, path }
  for (const kind of kinds) {
    const isSame = kind.plural === first || kind.singular === first || kind.shortNames.includes(first)
    const rest = isSame ? afterPrefix(word, resourceName(kind)) : undefined
    if (rest !== undefined) return { info: kind, path: rest === '' ? [] : fieldsOf(rest) }
  }
  return { info, path }
}

function afterPrefix(word: string, name: string): string | undefined {
  const rest = word.slice(name.length)
  return word.startsWith(name) && (rest === '' || rest.startsWith('.')) ? rest.slice(1) : undefined
}

/** The fields of a path, which is read as JSONPath. */
function fieldsOf(word: string): readonly string[] {
  return parseJsonPath(`{.${word.replace(/\.$/, '')}}`)
    .flatMap((block) => (block.type === 'path' ? block.steps : []))
    .map(nameOf)
}

function nameOf(step: Step): string {
  if (step.type !== 'field') throw new CommandError('invalid jsonpath syntax, first node must be field node')
  return step.name
}

function ofVersion(kinds: readonly KindInfo[], info: KindInfo, apiVersion: string): KindInfo {
  const slash = apiVersion.indexOf('/')
  const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
  const found = kinds.find((kind) => kind.plural === info.plural && kind.group === group && kind.version === version)
  if (found === undefined)
    throw new CommandError(`couldn't find resource for "${group}/${version}, Resource=${info.plural}"`)
  return found
}
