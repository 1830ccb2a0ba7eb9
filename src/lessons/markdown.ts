import { LessonError } from './lesson.ts'

/** A fenced block. Lines count from 1; `line` is that of the opening fence. */
export interface Fence {
  readonly language: string
  /** what follows the language: `hold=5s` */
  readonly words: string
  readonly body: string
  readonly line: number
}

/** Prose as it stands, and fenced blocks. */
export type Part = { readonly prose: string; readonly line: number } | Fence

/** Whether a part is a fenced block. */
export function isFence(part: Part): part is Fence {
  return 'language' in part
}

/** Takes Markdown apart into prose and fenced blocks. `first` is the number of its first line. */
export function partsOf(text: string, first: number): readonly Part[] {
  const lines = text.split('\n')
  const parts: Part[] = []
  let prose: string[] = []
  let from = 0
  const flush = (next: number): void => {
    if (prose.length > 0) parts.push({ prose: prose.join('\n'), line: first + from })
    prose = []
    from = next
  }
  for (let index = 0; index < lines.length; index++) {
    const open = /^(`{3,}|~{3,})\s*([\w-]*)\s*(.*)$/.exec(lines[index]!)
    if (open === null) {
      prose.push(lines[index]!)
      continue
    }
    const end = lines.findIndex((line, position) => position > index && line.trimEnd() === open[1])
    if (end < 0) throw new LessonError(first + index, `this block is never closed: a line with ${open[1]} is missing`)
    flush(end + 1)
    const body = lines.slice(index + 1, end).join('\n')
    parts.push({ language: open[2]!, words: open[3]!.trim(), body, line: first + index })
    index = end
  }
  flush(lines.length)
  return parts
}

/** A block as Markdown again. */
export function fenced({ language, body }: Fence): string {
  const bar = body.includes('```') ? '````' : '```'
  return `${bar}${language}\n${body}\n${bar}`
}
