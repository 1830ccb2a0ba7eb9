import { duration, strings, text } from '../../args/flags.ts'
import { allNamespaces, output } from '../../args/shared.ts'
import { apiVersionOf, pathOf } from '../../cluster.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import type { KubeList, KubeObject, Pod } from '../../engine.ts'
import { createPrinter, typed } from '../../printers/output.ts'
import { allContainers, keyOf } from '../containers.ts'

const flags = {
  ...allNamespaces,
  ...output,
  namespaces: strings('Namespaces to dump'),
  'output-directory': text('Where to put the files'),
  'pod-running-timeout': duration('How long to wait for a running pod', 20_000),
}

type DumpCall = Call<typeof flags>

/** What is dumped of a namespace, in this order; pods come with the logs of their containers. */
const words = [
  'events',
  'replicationcontrollers',
  'services',
  'daemonsets.apps',
  'deployments.apps',
  'replicasets.apps',
  'pods',
] as const

/** Everything of a cluster in one text. */
// upstream: kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go
// differs: fields stand in the order in which they were written
export const clusterInfoDump = defineCommand({
  name: 'dump',
  usage: 'cluster-info dump [flags]',
  summary: 'Dump relevant information for debugging and diagnosis',
  completes: 'none',
  flags,
  run(call) {
    const { flags: given } = call
    if (given['output-directory'] !== '' && given['output-directory'] !== '-')
      throw new CommandError('cluster-info dump writes no folders in this terminal: leave --output-directory out')
    const print = createPrinter({ ...given, output: given.output === '' ? 'json' : given.output }, call.io)!
    dump(call, print, 'nodes', undefined)
    for (const namespace of namespacesOf(call)) {
      const [pods] = words.map((word) => dump(call, print, word, namespace)).slice(-1)
      for (const pod of pods as readonly Pod[])
        for (const container of allContainers(pod)) dumpLog(call, pod, container)
    }
    return 0
  },
})

function namespacesOf({ cluster, flags: given }: DumpCall): readonly string[] {
  if (given['all-namespaces'])
    return cluster.list(cluster.kind('namespaces'), undefined).map(({ metadata }) => metadata.name)
  return given.namespaces.length > 0 ? given.namespaces : ['kube-system', cluster.namespace]
}

/** Prints a list as typed clients read it: its items without their kind. */
function dump({ cluster }: DumpCall, print: (object: unknown) => void, word: string, namespace: string | undefined) {
  const kind = cluster.kind(word)
  const list = cluster.send<KubeList<KubeObject>>({ verb: 'list', ...pathOf(kind, namespace) })
  const items = list.items.map(({ apiVersion: _version, kind: _kind, ...rest }) => rest)
  print({ kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata: list.metadata, items, [typed]: true })
  return list.items
}

function dumpLog({ io, context }: DumpCall, pod: Pod, container: string): void {
  const { name, namespace } = pod.metadata
  const place = `logs for container ${container} of pod ${namespace}/${name} ====\n`
  io.out(`==== START ${place}`)
  const answer = pod.spec.nodeName ? context.nodes?.logs(keyOf(pod), container, { previous: false }) : undefined
  if (answer !== undefined)
    io.out(
      'error' in answer
        ? `Request log error: ${answer.error}\n`
        : answer.lines.map(({ text: line }) => `${line}\n`).join(''),
    )
  io.out(`==== END ${place}`)
}
