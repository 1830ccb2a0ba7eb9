/** A table with a frame, as etcdctl draws it: centred headings, numbers to the right. */
export function framed(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`
  const line = (cells: readonly string[], place: (text: string, width: number) => string): string =>
    `|${cells.map((cell, column) => ` ${place(cell, widths[column]!)} `).join('|')}|\n`
  const body = rows.map((row) =>
    line(row, (text, width) => (isNumber(text) ? text.padStart(width) : text.padEnd(width))),
  )
  return rule + line(headings, centred) + rule + body.join('') + rule
}

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?%?$/.test(text)

function centred(text: string, width: number): string {
  const before = Math.ceil((width - text.length) / 2)
  return text.padStart(text.length + before).padEnd(width)
}

/** Bytes as people say them: `25 kB`, `1.2 MB`. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit > 0 && value < 10 ? value.toFixed(1) : Math.floor(value)} ${units[unit]}`
}
