import { humanDuration } from '../duration.ts'
import { ApiError, cpuMilli, parseTime, wholeUnits, type Node, type Pod } from '../engine.ts'
import type { Cluster } from '../cluster.ts'
import type { Sheet } from './defineDescriber.ts'
import { formatAmount, podResources, totalResources, type Amounts } from './podResources.ts'

/** The pods of a node, and how much of it they take. */
// upstream: kubectl/pkg/describe/describe.go describeNodeResource
export function nodePodLines(sheet: Sheet, cluster: Cluster, node: Node, now: number): void {
  const pods = podsOf(cluster, node.metadata.name)
  if (pods === undefined) return sheet.line(0, 'Pods:', 'not authorized')
  const { allocatable = {}, capacity = {} } = node.status ?? {}
  const total = Object.keys(allocatable).length > 0 ? allocatable : capacity
  const share = (name: string, amounts: Amounts): string => shareText(name, amounts, total[name])
  sheet.line(0, 'Non-terminated Pods:', `(${pods.length} in total)`)
  sheet.line(1, 'Namespace', 'Name', '', 'CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age')
  sheet.line(1, '---------', '----', '', '------------', '----------', '---------------', '-------------', '---')
  for (const pod of pods) {
    const { requests, limits } = podResources(pod, true)
    const { namespace, name, creationTimestamp } = pod.metadata
    const shares = [share('cpu', requests), share('cpu', limits), share('memory', requests), share('memory', limits)]
    sheet.line(1, namespace, name, '', ...shares, humanDuration(now - parseTime(creationTimestamp)))
  }
  sheet.line(0, 'Allocated resources:')
  sheet.line(1, '(Total limits may be over 100 percent, i.e., overcommitted.)')
  sheet.line(1, 'Resource', 'Requests', 'Limits')
  sheet.line(1, '--------', '--------', '------')
  const { requests, limits } = totalResources(pods)
  const names = Object.keys(total).sort()
  for (const name of [...standard, ...names.filter(isHugePage)])
    sheet.line(1, name, share(name, requests), share(name, limits))
  for (const name of names)
    if (!standard.includes(name) && !isHugePage(name) && name !== 'pods')
      sheet.line(1, name, amountText(name, requests), amountText(name, limits))
}

const standard: readonly string[] = ['cpu', 'memory', 'ephemeral-storage']
const isHugePage = (name: string): boolean => name.startsWith('hugepages-')

function podsOf(cluster: Cluster, name: string): readonly Pod[] | undefined {
  const fieldSelector = `spec.nodeName=${name},status.phase!=Succeeded,status.phase!=Failed`
  try {
    return cluster.list<Pod>(cluster.kind('pods'), undefined, { fieldSelector })
  } catch (error) {
    if (error instanceof ApiError && error.code === 403) return undefined
    throw error
  }
}

const amountText = (name: string, { [name]: amount }: Amounts): string =>
  amount === undefined ? '0' : formatAmount(name, amount)

/** `250m (6%)`: whole percent, cut off. */
function shareText(name: string, amounts: Amounts, total: string | undefined): string {
  const whole = total === undefined ? 0 : name === 'cpu' ? cpuMilli(total) : wholeUnits(total)
  const value = amounts[name]?.value ?? 0
  return `${amountText(name, amounts)} (${whole === 0 ? 0 : Math.trunc((value / whole) * 100)}%)`
}
