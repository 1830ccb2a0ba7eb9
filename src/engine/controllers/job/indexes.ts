import type { Job, Pod } from '../../api/index.ts'

export const indexAnnotation = 'batch.kubernetes.io/job-completion-index'
export const indexFailures = 'batch.kubernetes.io/job-index-failure-count'
export const indexIgnoredFailures = 'batch.kubernetes.io/job-index-ignored-failure-count'

/** Whether each of a Job's completions has a number of its own. */
export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed'
}

/** The number a pod works on; -1 where it has none that counts. */
export function indexOf({ spec }: Job, { metadata }: Pod): number {
  const text = metadata.annotations?.[indexAnnotation]
  const index = text !== undefined && /^\d+$/.test(text) ? Number(text) : -1
  return index < (spec.completions ?? 0) ? index : -1
}

/** Numbers written as `0-2,5`. upstream: parseIndexesFromString */
export function parseIndexes(text: string | undefined, total: number): Set<number> {
  const found = new Set<number>()
  for (const part of (text ?? '').split(',')) {
    if (part === '') continue
    const [first, last = first] = part.split('-').map(Number)
    for (let index = first!; index <= last! && index < total; index++) found.add(index)
  }
  return found
}

/** Two in a row are written one by one, three as a span. upstream: orderedIntervals.String */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b)
  const parts: string[] = []
  for (let at = 0; at < sorted.length;) {
    let end = at
    while (sorted[end + 1] === sorted[end]! + 1) end++
    const [first, last] = [sorted[at]!, sorted[end]!]
    parts.push(end === at ? `${first}` : end === at + 1 ? `${first},${last}` : `${first}-${last}`)
    at = end + 1
  }
  return parts.join(',')
}

/** Which rule of the success policy is met, as a message. upstream: matchSuccessPolicy */
export function metSuccessPolicy({ spec }: Job, succeeded: ReadonlySet<number>): string | undefined {
  const rules = spec.successPolicy?.rules ?? []
  const place = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeeded.size >= (succeededCount ?? Infinity)
    const wanted = parseIndexes(succeededIndexes, spec.completions ?? 0)
    const met = [...wanted].filter((index) => succeeded.has(index)).length
    return met >= (succeededCount ?? wanted.size)
  })
  return place < 0 ? undefined : `Matched rules at index ${place}`
}
