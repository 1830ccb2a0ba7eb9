import { bool, text } from '../../args/flags.ts'
import type { Cluster } from '../../cluster.ts'
import { CommandError } from '../../errors.ts'
import { cpuMilli, parseQuantity, type KindInfo } from '../../engine.ts'
import { alignTabs, wideTabs } from '../../printers/tabWriter.ts'

/** The flags that both commands take. */
export const topFlags = {
  'no-headers': bool('Leave the headers out'),
  'show-swap': bool('Show swap too'),
  'sort-by': text('cpu or memory'),
  'use-protocol-buffers': bool('How metrics are asked for', true),
}

/** Usage, or what there is to use, by resource. */
export type Amounts = Readonly<Record<string, string>>

/** The kind of the metrics API; throws what kubectl says where that is not served. */
// upstream: kubectl/pkg/cmd/top/top.go SupportedMetricsAPIVersionAvailable
export function metricsKind({ api }: Cluster, plural: 'nodes' | 'pods'): KindInfo {
  const kind = api.findKind(`${plural}.metrics.k8s.io`)
  if (kind === undefined) throw new CommandError('Metrics API not available')
  return kind
}

/** Throws what kubectl says of an order that it does not know. */
export function checkOrder(by: string): void {
  if (!['', 'cpu', 'memory'].includes(by)) throw new CommandError('--sort-by accepts only cpu or memory')
}

/** `250m`, as CPU is shown. */
export const cores = (cpu: string | undefined): string => `${cpuMilli(cpu)}m`

/** `64Mi`, cut off to whole ones, as memory is shown. */
export const mebibytes = (memory: string | undefined): string =>
  `${Math.trunc(Math.ceil(parseQuantity(memory ?? '0')) / 2 ** 20)}Mi`

/** `12%` of what there is, cut off. */
export function share(used: string | undefined, available: string | undefined): string {
  const whole = Math.ceil(parseQuantity(available ?? '0') * 1000)
  const part = Math.ceil(parseQuantity(used ?? '0') * 1000 - 1e-6)
  return `${whole === 0 ? 0 : Math.trunc((part / whole) * 100)}%`
}

/** Those that use most first, or all by their names. */
// upstream: kubectl/pkg/metricsutil/metrics_resource_adder.go, metrics_printer.go …Sorter
export function sorted<T>(
  items: readonly T[],
  by: string,
  usageOf: (item: T) => Amounts,
  nameOf: (item: T) => readonly string[],
): readonly T[] {
  if (by !== '') {
    const amount = (item: T): number => parseQuantity(usageOf(item)[by] ?? '0')
    return items.toSorted((a, b) => amount(b) - amount(a))
  }
  return items.toSorted((a, b) => compare(nameOf(a), nameOf(b)))
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((word, index) => word !== b[index])
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1
}

/** Rows whose every cell ends in a tab, so that lines end in spaces, as kubectl's do. */
export function linesOf(rows: readonly (readonly string[])[]): string {
  return alignTabs(rows.map((cells) => `${cells.map((cell) => `${cell}\t`).join('')}\n`).join(''), wideTabs)
}
