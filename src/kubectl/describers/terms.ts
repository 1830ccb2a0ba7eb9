import type { PersistentVolume } from '../engine.ts'
import type { Sheet } from './defineDescriber.ts'

type Term = NonNullable<NonNullable<PersistentVolume['spec']['nodeAffinity']>['required']>['nodeSelectorTerms'][number]

/** One term of a node selector, an expression a line. upstream: kubectl/pkg/describe/describe.go printNodeSelectorTermsMultilineWithIndent */
export function termLines(sheet: Sheet, level: number, title: string, { matchExpressions = [] }: Term): void {
  if (matchExpressions.length === 0) return sheet.line(level, title, '<none>')
  matchExpressions.forEach(({ key, operator, values = [] }, index) => {
    const list = values.length > 0 ? ` [${values.join(', ')}]` : ''
    sheet.line(level, index === 0 ? title : '', `${key} ${operator.toLowerCase()}${list}`)
  })
}
