import { keep, readKept } from '../../keep.ts'

/** What somebody predicted, kept so that a reload does not ask again. */
export interface Answer {
  readonly choice?: number
  readonly stage: 'choosing' | 'locked' | 'revealed' | 'skipped'
}

const answersKept = 200
const none: Answer = { stage: 'choosing' }

/** The answer given at a step; the step's key is `lesson/step`. */
export function readAnswer(key: string): Answer {
  return readKept<Record<string, Answer>>('answers', {})[key] ?? none
}

/** Keeps an answer; the oldest are forgotten. */
export function keepAnswer(key: string, answer: Answer): void {
  const { [key]: _, ...others } = readKept<Record<string, Answer>>('answers', {})
  keep('answers', Object.fromEntries([...Object.entries(others), [key, answer]].slice(-answersKept)))
}

/** How a choice looks: only after the reveal is one right, and the one that was chosen instead crossed. */
export function choiceLook(
  index: number,
  { choice, stage }: Answer,
  right: number | undefined,
): 'plain' | 'locked' | 'right' | 'wrong' {
  if (stage === 'revealed' && right !== undefined) {
    if (index === right) return 'right'
    return index === choice ? 'wrong' : 'plain'
  }
  return index === choice && stage !== 'choosing' ? 'locked' : 'plain'
}
