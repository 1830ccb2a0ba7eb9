import { bool } from '../../args/flags.ts'
import { selector } from '../../args/shared.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError, UsageError } from '../../errors.ts'
import type { Node, NodeMetrics } from '../../engine.ts'
import { checkOrder, cores, linesOf, mebibytes, metricsKind, share, sorted, topFlags, type Amounts } from './figures.ts'

const header = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']
const swapHeader = ['SWAP(bytes)', 'SWAP(%)']
const unknown = '<unknown>'

/** Display resource (CPU/memory) usage of nodes. */
// upstream: kubectl/pkg/cmd/top/top_node.go, metricsutil/metrics_printer.go PrintNodeMetrics
export const topNode = defineCommand({
  name: 'node',
  aliases: ['nodes', 'no'],
  usage: 'top node [NAME | -l label]',
  summary: 'Display resource (CPU/memory) usage of nodes',
  completes: 'nodes',
  flags: {
    ...selector,
    ...topFlags,
    'show-capacity': bool('Of capacity instead of what is allocatable'),
  },
  run({ cluster, io, args, flags }) {
    if (args.length > 1) throw new UsageError('node [NAME | -l label]')
    checkOrder(flags['sort-by'])
    const [name] = args
    const labelSelector = flags.selector.join(',')
    if (name !== undefined && labelSelector !== '')
      throw new CommandError('only one of NAME or --selector can be provided')
    const kind = metricsKind(cluster, 'nodes')
    const options = { labelSelector }
    const metrics =
      name === undefined
        ? cluster.list<NodeMetrics>(kind, undefined, options)
        : [cluster.get<NodeMetrics>({ kind, name })]
    if (metrics.length === 0) throw new CommandError('metrics not available yet')
    const ofNodes = cluster.kind('nodes')
    const nodes =
      name === undefined
        ? cluster.list<Node>(ofNodes, undefined, options)
        : [cluster.get<Node>({ kind: ofNodes, name })]
    const hasSwap = flags['show-swap']
    const available = new Map<string, Amounts>(
      nodes.map(({ metadata, status }) => [
        metadata.name,
        (flags['show-capacity'] ? status?.capacity : status?.allocatable) ?? {},
      ]),
    )
    // nodes here have no swap, and say so
    const swap = hasSwap ? [unknown, unknown] : []
    const rows = sorted(
      metrics,
      flags['sort-by'],
      ({ usage }) => usage,
      ({ metadata }) => [metadata.name],
    ).map(({ metadata, usage }) => [...rowOf(metadata.name, usage, available.get(metadata.name)), ...swap])
    const silent = nodes
      .map(({ metadata }) => metadata.name)
      .filter((node) => !metrics.some((one) => one.metadata.name === node))
    io.out(
      linesOf([
        ...(flags['no-headers'] ? [] : [[...header, ...(hasSwap ? swapHeader : [])]]),
        ...rows,
        ...silent.sort().map((node) => [node, unknown, unknown, unknown, unknown, ...swap]),
      ]),
    )
    return 0
  },
})

/** Shares are of what the node has; of a node that is gone there are none. */
function rowOf(name: string, { cpu, memory }: Amounts, available: Amounts | undefined): readonly string[] {
  if (available === undefined) return [name, cores(cpu), mebibytes(memory)]
  return [name, cores(cpu), share(cpu, available['cpu']), mebibytes(memory), share(memory, available['memory'])]
}
