import { createTerminal, type Terminal } from '#session'
import { complete } from '#kubectl'
import type { TerminalChunk } from '../protocol.ts'
import { mainTerminal } from '../terminals.ts'
import type { Run } from './run.ts'

/** The terminals of the page: one shell each, whose words wait here for the next frame. */
export interface Shells {
  readonly type: (id: string, line: string) => void
  readonly interrupt: (id: string) => void
  /** What is open in the editor lies in every shell's home folder. */
  readonly keep: (documents: Readonly<Record<string, string>>) => void
  /** Notices commands that have ended. */
  readonly poll: () => void
  /** what was written since the last call */
  readonly take: () => readonly TerminalChunk[]
  /** Another scene is open: commands end, screens are cleared. */
  readonly reset: () => void
}

interface Shell {
  readonly terminal: Terminal
  running: ReturnType<Terminal['run']> | undefined
}

/** Makes a place for shells; each is opened when something is typed into it. */
export function createShells(run: Run): Shells {
  const shells = new Map<string, Shell>()
  let chunks: TerminalChunk[] = []
  let documents: Readonly<Record<string, string>> = {}

  function shellOf(id: string): Shell {
    let shell = shells.get(id)
    if (shell === undefined) {
      shell = { terminal: createTerminal(run.session, run.scene.files, { isAdvising: true }), running: undefined }
      shell.terminal.keep(documents)
      shells.set(id, shell)
    }
    return shell
  }

  function poll(): void {
    for (const [id, shell] of shells) {
      if (shell.running === undefined || !shell.running.isDone()) continue
      shell.running = undefined
      chunks.push({ terminal: id, text: '', isDone: true })
    }
  }

  return {
    type(id, line) {
      const shell = shellOf(id)
      const say = (text: string): void => void chunks.push({ terminal: id, text })
      shell.running = shell.terminal.run(line, { out: say, err: say })
    },
    interrupt(id) {
      shells.get(id)?.running?.stop()
      poll()
    },
    keep(files) {
      documents = files
      for (const { terminal } of shells.values()) terminal.keep(files)
    },
    poll,
    take() {
      const told = chunks
      chunks = []
      return told
    },
    reset() {
      for (const [id, { running }] of shells) {
        if (running === undefined) continue
        running.stop()
        chunks.push({ terminal: id, text: '', isDone: true })
      }
      shells.clear()
      chunks.push({ terminal: mainTerminal, text: '', isReset: true })
    },
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
