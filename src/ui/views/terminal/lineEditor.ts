/** A line being typed, with what is needed to edit it. Plain data: every key makes a new one. */
export interface Line {
  readonly text: string
  /** index into `text` */
  readonly cursor: number
  /** what was typed before, oldest first */
  readonly history: readonly string[]
  /** which entry is shown; `history.length` for the line of one's own */
  readonly at: number
  /** one's own line, while an entry is shown */
  readonly draft: string
  /** what was cut last */
  readonly cut: string
  readonly search?: Search
}

/** A search back through the history, as Ctrl-R starts it. */
export interface Search {
  readonly query: string
  /** the entry found; -1 where none is */
  readonly found: number
}

/** What a key asks of the terminal, beyond the line itself. */
export type Ask = 'submit' | 'interrupt' | 'clear' | 'complete' | 'close'

export interface Pressed {
  readonly line: Line
  readonly ask?: Ask
}

/** An empty line with a history. */
export function emptyLine(history: readonly string[] = [], cut = ''): Line {
  return { text: '', cursor: 0, history, at: history.length, draft: '', cut }
}

const historyKept = 300

/** The history with one more entry: no blanks, nothing twice in a row. */
export function remembered(history: readonly string[], text: string): readonly string[] {
  const entry = text.trimEnd()
  if (entry === '' || entry === history.at(-1)) return history
  return [...history, entry].slice(-historyKept)
}

/** Puts text in at the cursor. */
export function insert(line: Line, text: string): Line {
  return place(line, line.text.slice(0, line.cursor) + text + line.text.slice(line.cursor), line.cursor + text.length)
}

/** Replaces what stands between `from` and the cursor. */
export function replaceBack(line: Line, from: number, text: string): Line {
  return place(line, line.text.slice(0, from) + text + line.text.slice(line.cursor), from + text.length)
}

/** What one key does. Keys are named as terminals send them, by `keysOf`. */
export function press(line: Line, key: string): Pressed {
  if (line.search) return pressSearching(line, line.search, key)
  const edit = edits[key]
  if (edit) return { line: edit(line) }
  const ask = asks[key]
  if (ask) return ask === 'close' && line.text !== '' ? { line: erase(line, 0, 1) } : { line, ask }
  return isControl(key) ? { line } : { line: insert(line, key) }
}

const asks: Record<string, Ask> = {
  '\r': 'submit',
  '\n': 'submit',
  '\t': 'complete',
  '\x03': 'interrupt',
  '\x0c': 'clear',
  '\x04': 'close',
}

const edits: Record<string, (line: Line) => Line> = {
  '\x7f': (line) => erase(line, -1, 0),
  '\b': (line) => erase(line, -1, 0),
  '\x1b[3~': (line) => erase(line, 0, 1),
  '\x1b[D': (line) => move(line, line.cursor - widthBack(line)),
  '\x02': (line) => move(line, line.cursor - widthBack(line)),
  '\x1b[C': (line) => move(line, line.cursor + widthOn(line)),
  '\x06': (line) => move(line, line.cursor + widthOn(line)),
  '\x1b[H': (line) => move(line, 0),
  '\x1bOH': (line) => move(line, 0),
  '\x1b[1~': (line) => move(line, 0),
  '\x01': (line) => move(line, 0),
  '\x1b[F': (line) => move(line, line.text.length),
  '\x1bOF': (line) => move(line, line.text.length),
  '\x1b[4~': (line) => move(line, line.text.length),
  '\x05': (line) => move(line, line.text.length),
  '\x1b[1;5D': (line) => move(line, wordBack(line)),
  '\x1b[1;3D': (line) => move(line, wordBack(line)),
  '\x1bb': (line) => move(line, wordBack(line)),
  '\x1b[1;5C': (line) => move(line, wordOn(line)),
  '\x1b[1;3C': (line) => move(line, wordOn(line)),
  '\x1bf': (line) => move(line, wordOn(line)),
  '\x15': (line) => cutBetween(line, 0, line.cursor),
  '\x0b': (line) => cutBetween(line, line.cursor, line.text.length),
  '\x17': (line) => cutBetween(line, blankBack(line), line.cursor),
  '\x1b\x7f': (line) => cutBetween(line, wordBack(line), line.cursor),
  '\x1bd': (line) => cutBetween(line, line.cursor, wordOn(line)),
  '\x19': (line) => insert(line, line.cut),
  '\x14': swap,
  '\x1b[A': (line) => recall(line, line.at - 1),
  '\x1bOA': (line) => recall(line, line.at - 1),
  '\x10': (line) => recall(line, line.at - 1),
  '\x1b[B': (line) => recall(line, line.at + 1),
  '\x1bOB': (line) => recall(line, line.at + 1),
  '\x0e': (line) => recall(line, line.at + 1),
  '\x12': (line) => ({ ...line, search: { query: '', found: -1 } }),
}

function place(line: Line, text: string, cursor: number): Line {
  return { ...line, text, cursor }
}

function move(line: Line, cursor: number): Line {
  return { ...line, cursor: Math.max(0, Math.min(line.text.length, cursor)) }
}

/** Erases one character back (-1) or on (1). */
function erase(line: Line, back: number, on: number): Line {
  const from = line.cursor + (back ? -widthBack(line) : 0)
  const to = line.cursor + (on ? widthOn(line) : 0)
  return place(line, line.text.slice(0, from) + line.text.slice(to), from)
}

function cutBetween(line: Line, from: number, to: number): Line {
  if (from === to) return line
  return { ...place(line, line.text.slice(0, from) + line.text.slice(to), from), cut: line.text.slice(from, to) }
}

function swap(line: Line): Line {
  const at = Math.min(line.cursor, line.text.length - 1)
  if (at < 1) return line
  const [before, after] = [line.text[at - 1] ?? '', line.text[at] ?? '']
  return place(line, line.text.slice(0, at - 1) + after + before + line.text.slice(at + 1), at + 1)
}

function recall(line: Line, at: number): Line {
  if (at < 0 || at > line.history.length || at === line.at) return line
  const draft = line.at === line.history.length ? line.text : line.draft
  const text = at === line.history.length ? draft : (line.history[at] ?? '')
  return { ...line, text, cursor: text.length, at, draft }
}

function pressSearching(line: Line, search: Search, key: string): Pressed {
  if (key === '\x12')
    return { line: { ...line, search: { ...search, found: findBack(line, search.query, search.found) } } }
  if (key === '\x7f' || key === '\b') return { line: look(line, search.query.slice(0, -1)) }
  if (!isControl(key)) return { line: look(line, search.query + key) }
  const { search: _, ...plain } = line
  if (key === '\x07' || key === '\x1b' || key === '\x03') return { line: plain }
  const found = line.history[search.found]
  const taken = found === undefined ? plain : { ...plain, text: found, cursor: found.length, at: search.found }
  return press(taken, key)
}

function look(line: Line, query: string): Line {
  return { ...line, search: { query, found: query === '' ? -1 : findBack(line, query, line.history.length) } }
}

/** The nearest older entry with the query in it; where none is older, what was found stays. */
function findBack(line: Line, query: string, before: number): number {
  const start = before < 0 ? line.history.length : before
  for (let at = start - 1; at >= 0; at -= 1) if (line.history[at]?.includes(query)) return at
  return before < line.history.length ? before : -1
}

/** A character outside the basic plane is two units wide in a string. */
function widthBack({ text, cursor }: Line): number {
  return cursor > 1 && (text.codePointAt(cursor - 2) ?? 0) > 0xffff ? 2 : Math.min(1, cursor)
}

function widthOn({ text, cursor }: Line): number {
  if (cursor >= text.length) return 0
  return (text.codePointAt(cursor) ?? 0) > 0xffff ? 2 : 1
}

function wordBack({ text, cursor }: Line): number {
  return /[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u.exec(text.slice(0, cursor))?.index ?? 0
}

function wordOn({ text, cursor }: Line): number {
  return cursor + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(cursor))?.[0].length ?? 0)
}

function blankBack({ text, cursor }: Line): number {
  return /\S*\s*$/.exec(text.slice(0, cursor))?.index ?? 0
}

function isControl(key: string): boolean {
  const code = key.charCodeAt(0)
  return (code < 32 && key !== '\n') || code === 127
}
