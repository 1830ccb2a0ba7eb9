import { bool, int } from '../args/flags.ts'
import { infosOf, type Selection } from '../args/resources.ts'
import { allNamespaces, files, selector } from '../args/shared.ts'
import { defineCommand, type Call } from '../defineCommand.ts'
import { createSheet } from '../describers/defineDescriber.ts'
import { describeGeneric } from '../describers/generic.ts'
import { describers } from '../describers/index.ts'
import { CommandError, throwAll } from '../errors.ts'
import { ApiError, type Event } from '../engine.ts'
import type { Info } from '../manifests/objects.ts'
import { alignTabs, narrowTabs } from '../printers/tabWriter.ts'

const flags = {
  ...files,
  ...selector,
  ...allNamespaces,
  'chunk-size': int('Objects asked for at a time', 500),
  'show-events': bool('Show the events about the object', true),
}

type DescribeCall = Call<typeof flags>

/** Show details of a specific resource or group of resources. */
export const describe = defineCommand({
  name: 'describe',
  usage: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  summary: 'Show details of a specific resource or group of resources',
  examples: ['kubectl describe pod web', 'kubectl describe nodes'],
  completes: 'resources',
  flags,
  run(call) {
    const { cluster, io, args, flags } = call
    if (args.length === 0 && flags.filename.length === 0 && flags.kustomize === '')
      throw new CommandError(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      )
    const selection: Selection = {
      ...flags,
      cluster,
      io,
      args,
      allNamespaces: flags['all-namespaces'],
      isKindEnough: true,
      isValidated: false,
    }
    const { infos, errors } = infosOf(selection)
    if (infos.length === 0 && errors.length === 1 && args.length === 2 && isNotFound(errors[0]!))
      return describeMatching(call, selection, errors[0]!)
    const withEvents = flags['show-events'] && (infos.length <= 1 || call.given.has('show-events'))
    infos.forEach((info, index) => io.out(`${index === 0 ? '' : '\n\n'}${sheetOf(call, info, withEvents)}`))
    if (infos.length === 0 && errors.length === 0)
      io.err(
        flags['all-namespaces'] ? 'No resources found\n' : `No resources found in ${cluster.namespace} namespace.\n`,
      )
    throwAll(errors)
    return 0
  },
})

const isNotFound = (error: Error): boolean => error instanceof ApiError && error.code === 404

function isClusterWide({ cluster, args }: DescribeCall): boolean {
  const kind = cluster.api.findKind(args[0]?.split(/[,/]/)[0] ?? '')
  return kind !== undefined && !kind.namespaced
}

/** What a name that nobody has may be the beginning of. */
function describeMatching(call: DescribeCall, selection: Selection, refusal: Error): number {
  const [type = '', prefix = ''] = call.args
  const found = infosOf({ ...selection, args: [type] }).infos.filter(({ name }) => name.startsWith(prefix))
  if (found.length === 0) {
    const { cluster } = call
    if (!isClusterWide(call)) cluster.get({ kind: cluster.kind('namespaces'), name: cluster.namespace })
    throw refusal
  }
  for (const info of found) call.io.out(`${sheetOf(call, info, false)}\n`)
  return 0
}

function sheetOf(call: DescribeCall, info: Info, withEvents: boolean): string {
  const sheet = createSheet()
  const { kind, object } = info
  const describer = describers.find((one) => one.kind === kind.kind && one.group === kind.group)
  const events = () => (withEvents ? eventsOf(call, info) : undefined)
  const subject = { info, object, sheet, cluster: call.cluster, now: call.now(), events }
  if (describer === undefined) describeGeneric(subject)
  else describer.describe(subject)
  return alignTabs(sheet.text(), narrowTabs)
}

function eventsOf({ cluster }: DescribeCall, { kind, name, namespace, object }: Info): readonly Event[] {
  const events = cluster.api.findKind('events')
  if (events === undefined) return []
  // Events about a node name it as their uid, as the kubelet writes them.
  const uid = kind.kind === 'Node' ? '' : `,involvedObject.uid=${object.metadata.uid}`
  const place = namespace === undefined ? '' : `,involvedObject.namespace=${namespace}`
  return cluster.list<Event>(events, namespace, {
    fieldSelector: `involvedObject.name=${name},involvedObject.kind=${kind.kind}${place}${uid}`,
  })
}
