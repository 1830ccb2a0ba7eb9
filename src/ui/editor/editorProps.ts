import type { Problem } from '../protocol.ts'
import type { SchemaFinder } from './schemas.ts'

/** What both editors are given. */
export interface EditorProps {
  /** the file that is shown */
  readonly id: string
  /** its text; where that is not what was typed, it takes the place of what is shown, and undo brings that back */
  readonly text: string
  readonly openIds: readonly string[]
  readonly serverProblems: readonly Problem[]
  /** what runs, to compare with; undefined: no comparison */
  readonly live: string | undefined
  readonly findSchema: SchemaFinder
  readonly ontext: (text: string) => void
  readonly onproblems: (problems: readonly Problem[]) => void
  readonly onapply: () => void
  readonly onready: (handle: EditorHandle) => void
}

/** What may be asked of an editor. */
export interface EditorHandle {
  goTo(line: number, column: number): void
  focus(): void
}
