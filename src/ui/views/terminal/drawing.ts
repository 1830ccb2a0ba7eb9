import type { Line } from './lineEditor.ts'

/** Where the cursor stands after drawing, counted from the row of the prompt. */
export interface Drawn {
  /** what the screen is sent */
  readonly output: string
  /** rows between the prompt's row and the cursor's */
  readonly row: number
}

const promptWidth = 2
const accent = '\x1b[1;36m'
const plain = '\x1b[0m'

/** The prompt of a new command, or of a command's further lines. */
export function promptOf(isFurther: boolean): string {
  return `${accent}${isFurther ? '>' : '$'}${plain} `
}

/** Draws a line in place of what was drawn before it. `row` is where the cursor was left. */
export function drawLine(line: Line, isFurther: boolean, row: number, columns: number, rows: number): Drawn {
  const up = row > 0 ? `\x1b[${row}A` : ''
  const start = `${up}\r\x1b[J`
  if (line.search) {
    const shown =
      `(reverse-i-search)\`${line.search.query}': ${line.history[line.search.found] ?? ''}`.split('\n')[0] ?? ''
    const clipped = shown.slice(0, columns * rows - 1)
    return { output: start + clipped, row: rowsOf(clipped.length, columns) }
  }
  const { text, cursor, isClipped } = tail(line, columns, rows)
  const body = text.replaceAll('\n', `\r\n${promptOf(true)}`)
  const all = measure(text, columns)
  const here = measure(text.slice(0, cursor), columns)
  // A row that is just full leaves the cursor on it until something follows: step off it.
  const step = all.column === 0 && text !== '' && !text.endsWith('\n') ? '\r\n' : ''
  const back = all.row - here.row
  const place = `${back > 0 ? `\x1b[${back}A` : ''}\r${here.column > 0 ? `\x1b[${here.column}C` : ''}`
  return { output: start + promptOf(isFurther || isClipped) + body + step + place, row: here.row }
}

/** Draws what is typed for a command behind what that wrote of the row: its prompt. */
export function drawTyped({ text, cursor }: Line, prompt: string, row: number, columns: number): Drawn {
  const up = row > 0 ? `\x1b[${row}A` : ''
  const start = widthOf(prompt)
  const all = measure(text, columns, start)
  const here = measure(text.slice(0, cursor), columns, start)
  const step = all.column === 0 && text !== '' ? '\r\n' : ''
  const back = all.row - here.row
  const place = `${back > 0 ? `\x1b[${back}A` : ''}\r${here.column > 0 ? `\x1b[${here.column}C` : ''}`
  return { output: `${up}\r\x1b[J${prompt}${text}${step}${place}`, row: here.row }
}

/** Where a text ends when it is written behind a prompt, `before` cells wide: newlines begin rows with a prompt of their own. */
export function measure(text: string, columns: number, before = promptWidth): { row: number; column: number } {
  let row = 0
  let column = 0
  for (const [index, part] of text.split('\n').entries()) {
    if (index > 0) row += 1
    const width = before + widthOf(part)
    row += Math.floor(width / columns)
    column = width % columns
  }
  return { row, column }
}

/** A recalled text may be taller than the screen: then its end is shown, around the cursor as far as it goes. */
function tail({ text, cursor }: Line, columns: number, rows: number) {
  let [shown, at, isClipped] = [text, cursor, false]
  while (measure(shown, columns).row >= rows - 1) {
    const newline = shown.indexOf('\n')
    if (newline < 0 || newline >= at) break
    shown = shown.slice(newline + 1)
    at -= newline + 1
    isClipped = true
  }
  return { text: shown, cursor: at, isClipped }
}

function rowsOf(width: number, columns: number): number {
  return Math.floor(width / columns)
}

/** How many cells a text takes: most of East Asia's characters, and pictures, take two. */
export function widthOf(text: string): number {
  let width = 0
  for (const char of text) width += isWide(char.codePointAt(0) ?? 0) ? 2 : 1
  return width
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff)
  )
}

/** Words in columns, as a shell lists what could be meant. */
export function inColumns(words: readonly string[], columns: number): string {
  const width = Math.max(...words.map(widthOf)) + 2
  const across = Math.max(1, Math.floor(columns / width))
  const down = Math.ceil(words.length / across)
  const lines = Array.from({ length: down }, (_, row) =>
    Array.from({ length: across }, (_, column) => words[column * down + row] ?? '')
      .map((word) => word.padEnd(width))
      .join('')
      .trimEnd(),
  )
  return lines.join('\n') + '\n'
}

/** What all words begin with. */
export function sharedStart(words: readonly string[]): string {
  let shared = words[0] ?? ''
  for (const word of words) while (!word.startsWith(shared)) shared = shared.slice(0, -1)
  return shared
}

const dim = '\x1b[90m'
const fault = '\x1b[31m'

/** Output with its two decorations: headers of tables are dim, refusals have the colour of faults. */
export function decorate(text: string, isAtLineStart: boolean): string {
  return text
    .split('\n')
    .map((line, index) => (index > 0 || isAtLineStart ? decorateLine(line) : line))
    .join('\n')
}

function decorateLine(line: string): string {
  if (/^(error:|Error from server|Warning:|The \S+ "[^"]*" is invalid|Unable to connect)/.test(line))
    return fault + line + plain
  if (/^[A-Z][A-Z0-9()%/-]*(?:[ -][A-Z0-9()%/-]+)*(?: {2,}[A-Z][A-Z0-9()%/ -]*)+$/.test(line)) return dim + line + plain
  return line
}
