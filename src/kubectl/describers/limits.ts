import type { LimitRange, ResourceQuota } from '../engine.ts'
import { parseQuantity } from '../engine.ts'
import { defineDescriber, type Sheet } from './defineDescriber.ts'
import { formatUnits } from './podResources.ts'

const scopeTexts: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}

function scopeLines(sheet: Sheet, level: number, scopes: readonly string[] | undefined): void {
  const sorted = [...(scopes ?? [])].sort()
  if (sorted.length === 0) return
  sheet.line(level, 'Scopes:', sorted.join(', '))
  for (const scope of sorted) if (scopeTexts[scope]) sheet.line(0, `${level === 0 ? ' ' : '  '}* ${scopeTexts[scope]}`)
}

/** A used amount is shown in the notation of the limit where both are the same. */
function usageLines(sheet: Sheet, level: number, { status }: ResourceQuota): void {
  for (const name of Object.keys(status?.hard ?? {}).sort()) {
    const [used, hard] = [status.used?.[name] ?? '0', status.hard![name]!]
    const shown =
      level === 0 && isBinary(used) !== isBinary(hard)
        ? formatUnits(Math.ceil(parseQuantity(used)), !isBinary(hard))
        : plain(used)
    sheet.line(level, name, shown, plain(hard))
  }
}

const isBinary = (amount: string | number): boolean => String(amount).endsWith('i')

const plain = (amount: string | number): string => (parseQuantity(amount) === 0 ? '0' : String(amount))

/** One quota: how much of it is used. */
export const resourceQuotaDescriber = defineDescriber<ResourceQuota>({
  group: '',
  kind: 'ResourceQuota',
  describe({ object, sheet }) {
    sheet.line(0, 'Name:', object.metadata.name)
    sheet.line(0, 'Namespace:', object.metadata.namespace)
    scopeLines(sheet, 0, object.spec.scopes)
    sheet.line(0, 'Resource', 'Used', 'Hard')
    sheet.line(0, '--------', '----', '----')
    usageLines(sheet, 0, object)
  },
})

/** The quotas of a namespace, as its sheet shows them. */
export function quotaLines(sheet: Sheet, quotas: readonly ResourceQuota[]): void {
  if (quotas.length === 0) return sheet.line(0, 'No resource quota.')
  sheet.line(0, 'Resource Quotas')
  for (const quota of [...quotas].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    sheet.line(1, 'Name:', quota.metadata.name)
    scopeLines(sheet, 1, quota.spec.scopes)
    sheet.line(1, 'Resource', 'Used', 'Hard')
    sheet.line(1, '--------', '---', '---')
    usageLines(sheet, 1, quota)
  }
}

const heading = ['Type', 'Resource', 'Min', 'Max', 'Default Request', 'Default Limit', 'Max Limit/Request Ratio']

function limitRows({ spec }: LimitRange): readonly (readonly string[])[] {
  return spec.limits.flatMap((limit) => {
    const columns = [limit.min, limit.max, limit.defaultRequest, limit.default, limit.maxLimitRequestRatio]
    const names = new Set(columns.flatMap((column) => Object.keys(column ?? {})))
    return [...names]
      .sort()
      .map((name) => [limit.type, name, ...columns.map((column) => String(column?.[name] ?? '-'))])
  })
}

/** One limit range: a line each kind of thing and resource. */
export const limitRangeDescriber = defineDescriber<LimitRange>({
  group: '',
  kind: 'LimitRange',
  describe({ object, sheet }) {
    sheet.line(0, 'Name:', object.metadata.name)
    sheet.line(0, 'Namespace:', object.metadata.namespace)
    sheet.line(0, ...heading)
    sheet.line(0, ...heading.map((title) => '-'.repeat(title.length)))
    for (const row of limitRows(object)) sheet.line(0, ...row)
  },
})

/** The limit ranges of a namespace, as its sheet shows them. */
export function limitLines(sheet: Sheet, ranges: readonly LimitRange[]): void {
  if (ranges.length === 0) return sheet.line(0, 'No LimitRange resource.')
  sheet.line(0, 'Resource Limits')
  sheet.line(0, ...indented(heading))
  sheet.line(0, ...indented(heading.map((title) => '-'.repeat(title.length))))
  for (const range of ranges) for (const row of limitRows(range)) sheet.line(0, ...indented(row))
}

const indented = ([first = '', ...rest]: readonly string[]): readonly string[] => [` ${first}`, ...rest]
