import type { Problem } from '../protocol.ts'
import type { SchemaFinder } from './schemas.ts'

/** What both editors are given. */
export interface EditorProps {
  /** the file that is shown */
  readonly id: string
  /** its text when it is first shown; later changes go through the handle */
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
  /** replaces the text; undo brings the old one back */
  setText(text: string): void
  goTo(line: number, column: number): void
  focus(): void
}
