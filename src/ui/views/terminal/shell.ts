import { decorate, drawLine, inColumns, sharedStart } from './drawing.ts'
import { keysOf } from './keys.ts'
import type { Input } from './keys.ts'
import { createReader } from './reader.ts'
import { emptyLine, insert, press, remembered, replaceBack } from './lineEditor.ts'
import type { Ask, Line } from './lineEditor.ts'
import { helpText, unfinishedPart } from './shellText.ts'

/** What a shell needs of the screen it is on and of the cluster behind it. */
export interface ShellHost {
  write(text: string): void
  /** removes all but the row of the prompt */
  clear(): void
  size(): { readonly columns: number; readonly rows: number }
  /** runs a whole command; its output comes by `print`, its end by `end` */
  run(text: string): void
  interrupt(): void
  /** types for the command that runs; `isEnd`: Ctrl-D */
  feed(text: string, isEnd: boolean): void
  complete(text: string, cursor: number): Promise<{ readonly from: number; readonly options: readonly string[] }>
  history(): readonly string[]
  remember(history: readonly string[]): void
  /** `exit`, or Ctrl-D on an empty line */
  close(): void
  /** whether a command runs, and which */
  onBusy(command: string | undefined): void
}

/** One shell: a prompt, a line that is edited, and a command that runs. */
export interface Shell {
  /** takes what the keyboard or the clipboard sent */
  take(data: string): void
  /** types a whole command, as other parts of the page do */
  type(command: string): void
  /** output of the running command */
  print(text: string): void
  /** whether the running command waits for what is typed */
  read(isReading: boolean): void
  /** the running command has ended */
  end(): void
  /** another scene was opened: a prompt, and nothing of what was */
  restart(): void
  /** the screen's size changed, or it was cleared from outside */
  redraw(): void
  readonly isBusy: () => boolean
  /** a search through the history is under way */
  readonly isSearching: () => boolean
}

/** How long a command may take to end after Ctrl-C before the shell stops waiting for it. */
const patienceMs = 600

/** Makes a shell on a screen. What is printed before `end` is first called belongs to an earlier life of it. */
export function createShell(host: ShellHost): Shell {
  let line: Line = emptyLine(host.history())
  /** the lines of an unfinished command that were entered already */
  let entered = ''
  let row = 0
  let isBusy = false
  let isAtLineStart = true
  let patience: ReturnType<typeof setTimeout> | undefined
  const reader = createReader(host)
  /** what was typed while a command ran that does not read it */
  let waiting: Input[] = []

  function draw(): void {
    const { columns, rows } = host.size()
    const drawn = drawLine(line, entered !== '', row, columns, rows)
    row = drawn.row
    host.write(drawn.output)
  }

  function prompt(): void {
    line = emptyLine(host.history(), line.cut)
    row = 0
    if (!isAtLineStart) host.write('\r\n')
    isAtLineStart = true
    draw()
  }

  /** Leaves the line as it stands on the screen. */
  function leaveLine(mark = ''): void {
    if (line.search) {
      const { search: _, ...plain } = line
      line = plain
    }
    line = { ...line, cursor: line.text.length }
    draw()
    host.write(`${mark}\r\n`)
    row = 0
  }

  function submit(): void {
    leaveLine()
    const text = entered === '' ? line.text : `${entered}\n${line.text}`
    if (unfinishedPart(text)) {
      entered = text
      prompt()
      return
    }
    entered = ''
    begin(text)
  }

  function begin(text: string): void {
    const command = text.trim()
    host.remember(remembered(host.history(), text))
    if (command === '') prompt()
    else if (command === 'clear') {
      prompt()
      host.clear()
    } else if (command === 'exit' || command === 'logout') {
      prompt()
      host.close()
    } else if (command === 'help') {
      host.write(helpText)
      prompt()
    } else if (command === 'history') {
      host.write(
        host
          .history()
          .map((entry, index) => `${String(index + 1).padStart(5)}  ${entry}\n`)
          .join(''),
      )
      prompt()
    } else {
      isBusy = true
      isAtLineStart = true
      reader.restart()
      host.onBusy(command)
      host.run(text)
    }
  }

  function interrupt(): void {
    waiting = []
    if (isBusy) {
      host.interrupt()
      clearTimeout(patience)
      // A command that was lost, by a rewind for instance, never says that it ended.
      patience = setTimeout(end, patienceMs)
      return
    }
    leaveLine('^C')
    entered = ''
    prompt()
  }

  async function complete(): Promise<void> {
    const before = entered === '' ? '' : `${entered}\n`
    const asked = line
    const { from, options } = await host.complete(before + line.text, before.length + line.cursor)
    if (line !== asked || isBusy || options.length === 0) return
    const start = Math.max(0, from - before.length)
    const typed = line.text.slice(start, line.cursor)
    const shared = sharedStart(options)
    const only = options.length === 1
    if (only || shared.length > typed.length) {
      line = replaceBack(line, start, only && !/[/=]$/.test(shared) ? `${shared} ` : shared)
      draw()
      return
    }
    const kept = line
    leaveLine()
    host.write(inColumns(options, host.size().columns))
    line = kept
    draw()
  }

  const asks: Record<Ask, () => void> = {
    submit,
    interrupt,
    complete: () => void complete(),
    clear: () => {
      host.clear()
      row = 0
      draw()
    },
    close: () => host.close(),
  }

  function takeKey(key: string): void {
    const pressed = press(line, key)
    line = pressed.line
    if (pressed.ask) asks[pressed.ask]()
    else draw()
  }

  /** A text of several lines is entered line by line; its last one waits for Enter. */
  function takePaste(text: string): void {
    const [first = '', ...rest] = text.split('\n')
    line = insert(line, first)
    if (rest.length === 0) {
      draw()
      return
    }
    submit()
    takeAll([{ pasted: rest.join('\n') }])
  }

  function takeAll(inputs: readonly Input[]): void {
    for (const [index, input] of inputs.entries()) {
      if (isBusy && reader.isReading()) {
        if ('key' in input) reader.press(input.key)
        else reader.insert(input.pasted)
        continue
      }
      if (isBusy) {
        waiting.push(...inputs.slice(index))
        return
      }
      if ('key' in input) takeKey(input.key)
      else takePaste(input.pasted)
    }
  }

  function end(): void {
    clearTimeout(patience)
    if (!isBusy) return
    isBusy = false
    reader.restart()
    host.onBusy(undefined)
    prompt()
    takeAll(waiting.splice(0))
  }

  return {
    take(data) {
      const inputs = keysOf(data)
      // Ctrl-C is for what runs now, whatever else was typed before it.
      const stop = inputs.findLastIndex((input) => 'key' in input && input.key === '\x03')
      if (isBusy && !reader.isReading() && stop >= 0) {
        interrupt()
        takeAll(inputs.slice(stop + 1))
      } else takeAll(inputs)
    },
    type(command) {
      if (line.text !== '' || entered !== '') interrupt()
      line = insert(line, command)
      submit()
    },
    print(text) {
      if (text === '') return
      if (isBusy && reader.isReading()) reader.print(text)
      else if (isBusy) {
        host.write(decorate(text, isAtLineStart))
        reader.note(text)
      } else {
        // Something else speaks on this terminal: above the line that is being typed.
        host.write(`${row > 0 ? `\x1b[${row}A` : ''}\r\x1b[J${decorate(text, true)}`)
        if (!text.endsWith('\n')) host.write('\r\n')
        row = 0
        draw()
      }
      isAtLineStart = text.endsWith('\n')
    },
    read(isReading) {
      if (!isBusy) return
      reader.set(isReading)
      if (isReading) takeAll(waiting.splice(0))
    },
    end,
    restart() {
      clearTimeout(patience)
      reader.restart()
      isBusy = false
      host.onBusy(undefined)
      waiting = []
      entered = ''
      isAtLineStart = true
      prompt()
    },
    redraw: () => {
      row = 0
      if (!isBusy) draw()
      else reader.redraw()
    },
    isBusy: () => isBusy,
    isSearching: () => line.search !== undefined,
  }
}
