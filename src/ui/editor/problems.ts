import { LineCounter, parseAllDocuments } from 'yaml'
import type { Problem } from '../protocol.ts'

/** What a parser finds wrong, for editors without a language worker. */
export function syntaxProblems(text: string): readonly Problem[] {
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false })
  if (!Array.isArray(documents)) return []
  return documents.flatMap(({ errors, warnings }) => [
    ...errors.map(({ pos, message }) => problemAt(lineCounter, pos, 'error', message)),
    ...warnings.map(({ pos, message }) => problemAt(lineCounter, pos, 'warning', message)),
  ])
}

function problemAt(
  lines: LineCounter,
  [from, to]: [number, number],
  severity: Problem['severity'],
  message: string,
): Problem {
  const start = lines.linePos(from)
  const end = lines.linePos(to)
  const line = Math.max(1, start.line)
  const column = Math.max(1, start.col)
  return {
    line,
    column,
    endColumn: end.line === start.line ? Math.max(column + 1, end.col) : column + 1,
    severity,
    message,
    isSyntax: true,
  }
}

/** as many as can be read without a choice */
const shownMax = 8

/** What is shown first of problems in the order of their lines, and what waits below: all that follows a place that is no YAML. */
export function foldProblems(problems: readonly Problem[]): {
  readonly shown: readonly Problem[]
  readonly more: readonly Problem[]
} {
  const broken = problems.findIndex(({ isSyntax, severity }) => isSyntax && severity === 'error')
  const count = broken >= 0 ? broken + 1 : problems.length > shownMax ? shownMax : problems.length
  return { shown: problems.slice(0, count), more: problems.slice(count) }
}

/** The footer's word: `Valid`, `Valid, 1 note`, `2 problems`. */
export function problemsWord(problems: readonly Problem[]): string {
  const count = problems.filter(({ severity }) => severity !== 'info').length
  if (count > 0) return count === 1 ? '1 problem' : `${count} problems`
  if (problems.length === 0) return 'Valid'
  return problems.length === 1 ? 'Valid, 1 note' : `Valid, ${problems.length} notes`
}

/** What waits below, counted as the footer counts: `and 7 more`, `and 2 more, 1 note`, `and 1 note`. */
export function moreWords(more: readonly Problem[]): string {
  const notes = more.filter(({ severity }) => severity === 'info').length
  const noted = notes === 0 ? [] : [notes === 1 ? '1 note' : `${notes} notes`]
  return `and ${[...(more.length > notes ? [`${more.length - notes} more`] : []), ...noted].join(', ')}`
}

/** Problems in the order of their lines, each once. */
export function mergeProblems(...lists: readonly (readonly Problem[])[]): readonly Problem[] {
  const seen = new Set<string>()
  return lists
    .flat()
    .filter(({ line, message }) => {
      const id = `${line} ${message}`
      return !seen.has(id) && seen.add(id)
    })
    .sort((a, b) => a.line - b.line || a.column - b.column)
}

const separator = /^---(\s|$)/

/** Whether the document that a line (from 1) belongs to holds nothing but comments. */
export function isBlankDocument(lines: readonly string[], line: number): boolean {
  let from = line - 1
  while (from > 0 && !separator.test(lines[from] ?? '')) from -= 1
  let to = Math.max(line, from + 1)
  while (to < lines.length && !separator.test(lines[to] ?? '')) to += 1
  return lines.slice(from, to).every((text) => /^\s*(#.*)?$/.test(text) || separator.test(text))
}
