import { bool, strings, text } from '../args/flags.ts'
import { apiVersionOf, resourceName } from '../cluster.ts'
import { defineCommand } from '../defineCommand.ts'
import { CommandError, UsageError } from '../errors.ts'
import type { KindInfo } from '../engine.ts'
import { createPrinter, typed } from '../printers/output.ts'
import { alignTable } from '../printers/table.ts'

/** Print the supported API resources on the server. */
export const apiResources = defineCommand({
  name: 'api-resources',
  usage: 'api-resources',
  summary: 'Print the supported API resources on the server',
  completes: 'none',
  flags: {
    'api-group': text('Only those of this group'),
    cached: bool('As they were the last time'),
    categories: strings('Only those in these categories'),
    namespaced: bool('Only those that have a namespace, or (false) that have none', true),
    'no-headers': bool('Leave the headers out'),
    output: text('wide, name, json, yaml or kyaml', '', { short: 'o' }),
    'sort-by': text('name or kind'),
    verbs: strings('Only those with these verbs'),
  },
  run({ cluster, io, args, flags, given }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`)
    if (!['', 'wide', 'name', 'json', 'yaml', 'kyaml'].includes(flags.output))
      throw new CommandError(
        `unable to match a printer suitable for the output format ${JSON.stringify(flags.output)}, allowed formats are: json,kyaml,name,wide,yaml`,
      )
    if (!['', 'name', 'kind'].includes(flags['sort-by'])) throw new CommandError('--sort-by accepts only name or kind')
    const isShown = (kind: KindInfo): boolean =>
      kind.isPreferred !== false &&
      (!given.has('api-group') || kind.group === flags['api-group']) &&
      (!given.has('namespaced') || kind.namespaced === flags.namespaced) &&
      flags.verbs.every((verb) => kind.verbs.includes(verb)) &&
      flags.categories.every((category) => kind.categories.includes(category))
    const kinds = sorted(cluster.api.kinds().filter(isShown), flags['sort-by'])
    const printer = createPrinter(flags, io, true)
    if (flags.output === 'name') for (const kind of kinds) io.out(`${resourceName(kind)}\n`)
    else if (printer !== undefined) printer(resourceList(kinds))
    else
      io.out(
        alignTable([
          ...(flags['no-headers'] ? [] : [headers(flags.output)]),
          ...kinds.map((kind) => rowOf(kind, flags.output)),
        ]),
      )
    return 0
  },
})

/** The kinds as one list of the API, in the order of its Go struct. */
function resourceList(kinds: readonly KindInfo[]): object {
  const resources = kinds.map(
    ({ plural, singular, namespaced, group, version, kind, verbs, shortNames, categories }) => ({
      name: plural,
      singularName: singular,
      namespaced,
      ...(group !== '' && { group }),
      version,
      kind,
      verbs: [...verbs].sort(),
      ...(shortNames.length > 0 && { shortNames }),
      ...(categories.length > 0 && { categories }),
    }),
  )
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: '',
    resources: resources.length === 0 ? null : resources,
    [typed]: true,
  }
}

function sorted(kinds: readonly KindInfo[], by: string): readonly KindInfo[] {
  const keyOf =
    by === 'kind' ? ({ kind }: KindInfo) => kind : by === 'name' ? ({ plural }: KindInfo) => plural : groupKey
  return kinds
    .map((kind, index) => ({ kind, index, key: keyOf(kind) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index))
    .map(({ kind }) => kind)
}

const groupKey = ({ group, plural }: KindInfo): string => `${group} ${plural}`

const headers = (output: string): string =>
  [
    'NAME',
    'SHORTNAMES',
    'APIVERSION',
    'NAMESPACED',
    'KIND',
    ...(output === 'wide' ? ['VERBS', 'CATEGORIES'] : []),
  ].join('\t')

function rowOf(kind: KindInfo, output: string): string {
  const cells = [kind.plural, kind.shortNames.join(','), apiVersionOf(kind), String(kind.namespaced), kind.kind]
  return [...cells, ...(output === 'wide' ? [[...kind.verbs].sort().join(','), kind.categories.join(',')] : [])].join(
    '\t',
  )
}

/** Print the supported API versions on the server, in the form of "group/version". */
export const apiVersions = defineCommand({
  name: 'api-versions',
  usage: 'api-versions',
  summary: 'Print the supported API versions on the server, in the form of "group/version"',
  completes: 'none',
  run({ cluster, io, args }) {
    if (args.length > 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`)
    for (const version of [...new Set(cluster.api.kinds().map(apiVersionOf))].sort()) io.out(`${version}\n`)
    return 0
  },
})
