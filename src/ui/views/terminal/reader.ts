import { drawTyped } from './drawing.ts'
import { emptyLine, insert, press, remembered } from './lineEditor.ts'
import type { Line } from './lineEditor.ts'

/** What a reader needs of its screen, and of the command that reads. */
export interface ReaderHost {
  write(text: string): void
  size(): { readonly columns: number }
  /** gives the command something to read; `isEnd`: Ctrl-D */
  feed(text: string, isEnd: boolean): void
  interrupt(): void
}

/** The line that is typed for a command which reads it: `cat`, `kubectl apply -f -`, the shell behind `kubectl exec -it`. */
export interface Reader {
  readonly isReading: () => boolean
  /** The command began to wait for what is typed, or does not any more. */
  set(isReading: boolean): void
  /** The command has written, and what it wrote is on the screen. */
  note(text: string): void
  /** Writes what the command says around the line that is being typed. */
  print(text: string): void
  press(key: string): void
  /** Types a text; whole lines of it are entered. */
  insert(text: string): void
  /** Another command begins. */
  restart(): void
  redraw(): void
}

const search = '\x12'

export function createReader(host: ReaderHost): Reader {
  let isReading = false
  let history: readonly string[] = []
  let line: Line = emptyLine()
  /** what the command wrote of the row that is being typed */
  let prompt = ''
  let row = 0

  function draw(): void {
    const drawn = drawTyped(line, prompt, row, host.size().columns)
    row = drawn.row
    host.write(drawn.output)
  }

  function note(text: string): void {
    prompt = (prompt + text).slice((prompt + text).lastIndexOf('\n') + 1)
  }

  /** Leaves the line as it stands on the screen. */
  function leave(mark = ''): void {
    line = { ...line, cursor: line.text.length }
    draw()
    host.write(`${mark}\r\n`)
    row = 0
    prompt = ''
    line = emptyLine(history)
  }

  function enter(): void {
    const { text } = line
    history = remembered(history, text)
    leave()
    host.feed(`${text}\n`, false)
  }

  return {
    isReading: () => isReading,
    set(now) {
      if (now === isReading) return
      isReading = now
      if (!now) return
      line = emptyLine(history)
      row = 0
      draw()
    },
    note,
    print(text) {
      host.write(`${row > 0 ? `\x1b[${row}A` : ''}\r\x1b[J${prompt}${text}`)
      note(text)
      row = 0
      draw()
    },
    press(key) {
      if (key === search) return
      const pressed = press(line, key)
      line = pressed.line
      if (pressed.ask === 'submit') enter()
      else if (pressed.ask === 'interrupt') {
        leave('^C')
        host.interrupt()
      } else if (pressed.ask === 'close') {
        host.feed('', true)
      } else if (pressed.ask === undefined) draw()
    },
    insert(text) {
      const [first = '', ...rest] = text.split('\n')
      line = insert(line, first)
      for (const next of rest) {
        enter()
        line = insert(line, next)
      }
      draw()
    },
    restart() {
      isReading = false
      history = []
      prompt = ''
      row = 0
    },
    redraw() {
      row = 0
      if (isReading) draw()
    },
  }
}
