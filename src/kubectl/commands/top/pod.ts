import { bool } from '../../args/flags.ts'
import { allNamespaces, fieldSelector, selector } from '../../args/shared.ts'
import { defineCommand, type Call } from '../../defineCommand.ts'
import { goDuration } from '../../duration.ts'
import { CommandError, UsageError } from '../../errors.ts'
import { formatQuantity, parseQuantity, parseTime, type Pod, type PodMetrics } from '../../engine.ts'
import { checkOrder, cores, linesOf, mebibytes, metricsKind, sorted, topFlags, type Amounts } from './figures.ts'

const flags = {
  ...selector,
  ...fieldSelector,
  ...allNamespaces,
  ...topFlags,
  containers: bool('For each container'),
  sum: bool('Add the sum'),
}

type PodCall = Call<typeof flags>

/** how long metrics of a new pod may keep one waiting. upstream: metricsCreationDelay */
const delayMs = 120_000

/** Display resource (CPU/memory) usage of pods. */
// upstream: kubectl/pkg/cmd/top/top_pod.go, metricsutil/metrics_printer.go PrintPodMetrics
export const topPod = defineCommand({
  name: 'pod',
  aliases: ['pods', 'po'],
  usage: 'top pod [NAME | -l label]',
  summary: 'Display resource (CPU/memory) usage of pods',
  completes: 'pods',
  flags,
  run(call) {
    const { cluster, io, args, flags: given } = call
    if (args.length > 1) throw new UsageError('pod [NAME | -l label]')
    checkOrder(given['sort-by'])
    const [name] = args
    const options = { labelSelector: given.selector.join(','), fieldSelector: given['field-selector'] }
    if (name !== undefined && (options.labelSelector !== '' || options.fieldSelector !== ''))
      throw new CommandError('only one of NAME or selector can be provided')
    const kind = metricsKind(cluster, 'pods')
    const { namespace } = cluster
    const isEverywhere = given['all-namespaces']
    const metrics =
      name === undefined
        ? cluster.list<PodMetrics>(kind, isEverywhere ? undefined : namespace, options)
        : [cluster.get<PodMetrics>({ kind, namespace, name })]
    if (metrics.length > 0) io.out(tableOf(call, metrics))
    else {
      checkAges(call, cluster.list<Pod>(cluster.kind('pods'), namespace, options))
      io.err(isEverywhere ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`)
    }
    return 0
  },
})

/** Says why there are no metrics of pods that there are. */
// upstream: verifyEmptyMetrics, checkPodAge
function checkAges({ now }: PodCall, pods: readonly Pod[]): void {
  if (pods.length === 0) return
  for (const { metadata } of pods) {
    const ageMs = now() - parseTime(metadata.creationTimestamp)
    if (ageMs > delayMs)
      throw new CommandError(
        `Metrics not available for pod ${metadata.namespace}/${metadata.name}, age: ${goDuration(ageMs)}`,
      )
  }
  throw new CommandError('metrics not available yet')
}

function tableOf({ flags: given }: PodCall, metrics: readonly PodMetrics[]): string {
  const { containers: isFine, sum: hasSum, 'sort-by': by, 'all-namespaces': hasPlace } = given
  const swapHeader = given['show-swap'] ? ['SWAP(bytes)'] : []
  const ofPods = ['NAME', 'CPU(cores)', 'MEMORY(bytes)', ...swapHeader]
  const header = [...(hasPlace ? ['NAMESPACE'] : []), ...(isFine ? ['POD'] : []), ...ofPods]
  const swap = given['show-swap'] ? ['0Mi'] : []
  const figures = ({ cpu, memory }: Amounts): readonly string[] => [cores(cpu), mebibytes(memory), ...swap]
  const rows = sorted(metrics, by, usageOf, ({ metadata }) => [
    ...(hasPlace ? [metadata.namespace ?? ''] : []),
    metadata.name,
  ]).flatMap((one) => {
    const { namespace = '', name } = one.metadata
    const place = hasPlace ? [namespace] : []
    if (!isFine) return [[...place, name, ...figures(usageOf(one))]]
    const inOrder = sorted(
      one.containers,
      by,
      ({ usage }) => usage,
      (container) => [container.name],
    )
    return inOrder.map((container) => [...place, name, container.name, ...figures(container.usage)])
  })
  // without headers the sum stands where it would without the columns in front
  const width = given['no-headers'] ? ofPods.length : header.length
  const total = figures(sumOf(metrics.map(usageOf)))
  const sums = [
    [...blanks(width - 2), '________', '________'],
    [...blanks(width - 3), '', ...total],
  ]
  return linesOf([...(given['no-headers'] ? [] : [header]), ...rows, ...(hasSum ? sums : [])])
}

const blanks = (count: number): readonly string[] => Array.from({ length: count }, () => '')

/** What all containers of a pod use. */
function usageOf({ containers }: PodMetrics): Amounts {
  return sumOf(containers.map(({ usage }) => usage))
}

function sumOf(usages: readonly Amounts[]): Amounts {
  let [nanocores, bytes] = [0, 0]
  for (const { cpu = '0', memory = '0' } of usages) {
    nanocores += Math.round(parseQuantity(cpu) * 1e9)
    bytes += parseQuantity(memory)
  }
  return { cpu: formatQuantity(`${nanocores}n`, 'nano'), memory: String(bytes) }
}
