/** A text field: its text, and what is selected in it. */
export interface Field {
  readonly text: string
  readonly from: number
  readonly to: number
}

const indent = '  '

/** Tab (1) and Shift-Tab (-1): indents the selected lines, or goes on to the next even column. */
export function shift({ text, from, to }: Field, by: 1 | -1): Field {
  const start = text.lastIndexOf('\n', from - 1) + 1
  if (by > 0 && from === to) {
    const room = indent.length - ((from - start) % indent.length)
    return { text: text.slice(0, from) + ' '.repeat(room) + text.slice(to), from: from + room, to: from + room }
  }
  const ending = text.indexOf('\n', Math.max(from, to - 1))
  const end = ending < 0 ? text.length : ending
  const lines = text.slice(start, end).split('\n')
  const shifted = lines.map((line) => (by > 0 ? (line === '' ? line : indent + line) : line.replace(/^ {1,2}/, '')))
  const first = (shifted[0]?.length ?? 0) - (lines[0]?.length ?? 0)
  const all = shifted.join('\n').length - (end - start)
  return {
    text: text.slice(0, start) + shifted.join('\n') + text.slice(end),
    from: Math.max(start, from + first),
    to: Math.max(start, to + all),
  }
}

/** Enter: the next line begins where this one does, one step further in after a colon or a dash. */
export function breakLine({ text, from, to }: Field): Field {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const line = text.slice(start, from)
  const dashes = /^ *((?:- +)*)/.exec(line)?.[0].length ?? 0
  const lead = /^ */.exec(line)?.[0].length ?? 0
  const opens = /:\s*(?:[|>][+-]?)?\s*$/.test(line)
  const width = opens ? dashes + indent.length : line.trim() === '' ? lead : dashes
  const added = `\n${' '.repeat(width)}`
  return { text: text.slice(0, from) + added + text.slice(to), from: from + added.length, to: from + added.length }
}
