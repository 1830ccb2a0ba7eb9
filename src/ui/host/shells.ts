import {
  createTerminal,
  openEdit,
  opensEditor,
  saveEdit,
  wordsOf,
  type Edit,
  type Output,
  type Terminal,
} from '#session'
import { complete } from '#kubectl'
import type { EditView, TerminalChunk } from '../protocol.ts'
import { mainTerminal } from '../terminals.ts'
import type { Run } from './run.ts'

/** The terminals of the page: one shell each, whose words wait here for the next frame. */
export interface Shells {
  readonly type: (id: string, line: string) => void
  readonly interrupt: (id: string) => void
  /** Types for the command that runs. */
  readonly feed: (id: string, text: string, isEnd: boolean) => void
  /** Saves what `kubectl edit` waits for; without a text it is left as it was. */
  readonly saveEdit: (id: string, text?: string) => void
  /** What is open in the editor lies in every shell's home folder. */
  readonly keep: (documents: Readonly<Record<string, string>>) => void
  /** Somebody else speaks on the main terminal. */
  readonly say: (text: string) => void
  /** Notices commands that have ended. */
  readonly poll: () => void
  /** what was written since the last call */
  readonly take: () => readonly TerminalChunk[]
  /** manifests that commands have written since the last call */
  readonly takeWritten: () => Readonly<Record<string, string>>
  /** what is being edited, where that has changed since the last call */
  readonly takeEdits: () => readonly EditView[] | undefined
  /** Another scene is open: commands end, screens are cleared. */
  readonly reset: () => void
}

interface Shell {
  readonly terminal: Terminal
  running: ReturnType<Terminal['run']> | undefined
  isReading: boolean
  edit?: Edit | undefined
}

/** Makes a place for shells; each is opened when something is typed into it. */
export function createShells(run: Run): Shells {
  const shells = new Map<string, Shell>()
  let chunks: TerminalChunk[] = []
  let documents: Readonly<Record<string, string>> = {}
  let written: Record<string, string> = {}
  let isEditNews = false

  function shellOf(id: string): Shell {
    let shell = shells.get(id)
    if (shell === undefined) {
      shell = {
        terminal: createTerminal(run.session, run.scene.files, { isAdvising: true }),
        running: undefined,
        isReading: false,
      }
      shell.terminal.keep(documents)
      shells.set(id, shell)
    }
    return shell
  }

  function poll(): void {
    for (const [id, shell] of shells) {
      if (shell.running === undefined) continue
      const isReading = !shell.running.isDone() && shell.running.reads() !== false
      if (isReading !== shell.isReading) chunks.push({ terminal: id, text: '', isReading })
      shell.isReading = isReading
      if (!shell.running.isDone()) continue
      shell.running = undefined
      chunks.push({ terminal: id, text: '', isDone: true })
      Object.assign(written, shell.terminal.takeWritten())
    }
  }

  const outputOf = (id: string): Output => {
    const say = (text: string): void => void chunks.push({ terminal: id, text })
    return { out: say, err: say }
  }

  function setEdit(shell: Shell, edit: Edit | undefined): void {
    isEditNews ||= shell.edit !== edit
    shell.edit = edit
  }

  /** The page's editor takes the place of the one that kubectl would start. */
  function edit(id: string, shell: Shell, argv: readonly string[]): void {
    const { terminal } = shell
    const files = { readFile: terminal.readFile, listFiles: () => undefined }
    setEdit(shell, openEdit(run.session, argv, files, outputOf(id)))
    const isDone = (): boolean => shell.edit === undefined
    shell.running = { isDone, code: () => 0, stop: () => save(id), reads: () => false, type: () => {} }
  }

  function save(id: string, text?: string): void {
    const shell = shells.get(id)
    if (shell?.edit) setEdit(shell, saveEdit(run.session, shell.edit, text ?? shell.edit.text, outputOf(id)))
    poll()
  }

  return {
    type(id, line) {
      const shell = shellOf(id)
      const argv = editWords(line)
      if (argv) edit(id, shell, argv)
      else shell.running = shell.terminal.run(line, outputOf(id))
    },
    feed(id, text, isEnd) {
      shells.get(id)?.running?.type(text, isEnd)
      poll()
    },
    saveEdit: save,
    interrupt(id) {
      shells.get(id)?.running?.stop()
      poll()
    },
    keep(files) {
      documents = files
      for (const { terminal } of shells.values()) terminal.keep(files)
    },
    say(text) {
      if (text !== '') chunks.push({ terminal: mainTerminal, text })
    },
    poll,
    take() {
      const told = chunks
      chunks = []
      return told
    },
    takeWritten() {
      const told = written
      written = {}
      return told
    },
    takeEdits() {
      if (!isEditNews) return undefined
      isEditNews = false
      return [...shells].flatMap(([terminal, { edit }]) =>
        edit ? [{ terminal, name: edit.name, text: edit.text }] : [],
      )
    },
    reset() {
      for (const [id, shell] of shells) {
        const { running } = shell
        setEdit(shell, undefined)
        if (running === undefined) continue
        running.stop()
        chunks.push({ terminal: id, text: '', isDone: true })
      }
      shells.clear()
      written = {}
      chunks.push({ terminal: mainTerminal, text: '', isReset: true })
    },
  }
}

/** The words after `kubectl` of a line that opens an editor and does nothing else. */
export function editWords(line: string): readonly string[] | undefined {
  if (!/^\s*k(ubectl)?\s.*edit/.test(line) || /[|;&<>$`\n]/.test(line)) return undefined
  try {
    const argv = wordsOf(line).slice(1)
    const isAsking = argv.some((word) => /^(-h|--help)$/.test(word))
    return isAsking || argv.length < 2 || !opensEditor(argv) ? undefined : argv
  } catch {
    return undefined // the shell says what is wrong with its quotes
  }
}

/** What a command line may go on with, where the cursor is. */
export function candidatesAt(
  { session }: Run,
  line: string,
  cursor: number,
): { readonly from: number; readonly options: readonly string[] } {
  const before = line.slice(0, cursor)
  const command = /(?:^|[|;&]\s*)(k(?:ubectl)?\s.*)$/.exec(before)?.[1] ?? before
  const options = complete(command, command.length, session.cluster().api).map(({ value }) => value)
  return { from: before.lastIndexOf(' ') + 1, options }
}
