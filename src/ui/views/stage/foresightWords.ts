import { clock, shortWait } from '../../format.ts'
import type { Prediction, Replay } from '../../foresight.svelte.ts'
import type { GhostView } from '../../protocol.ts'

/** As much of what is foreseen as words need. */
export interface Foreseen {
  readonly isRunning: boolean
  readonly ghost: GhostView | undefined
  /** virtual ms of the state that the ghost was run from */
  readonly ghostAt: number
  readonly isOld: boolean
  readonly prediction: Prediction | undefined
  readonly replay: Replay | undefined
}

/** What is foreseen, in words. */
export interface ForesightWords {
  readonly title: string
  /** beside the title */
  readonly aside: string
  readonly lines: readonly string[]
  /** what keeps it from being true any more */
  readonly warning: string
}

const linesMost = 5

/** What the stage shows and is not so, in words; undefined where it shows nothing of the kind. */
export function foresightWords({
  isRunning,
  ghost,
  ghostAt,
  isOld,
  prediction,
  replay,
}: Foreseen): ForesightWords | undefined {
  if (isRunning) return words('Running a ghost of the cluster ahead…')
  if (ghost) return ghostWords(ghost, ghostAt, isOld)
  if (prediction) return predictionWords(prediction)
  const stage = replay?.stages[replay.at]
  if (!replay || !stage) return undefined
  return words(stage.title, stage.sentence, `${replay.at + 1} of ${replay.stages.length}, ${nameOf(replay.pod)}`)
}

function ghostWords(ghost: GhostView, at: number, isOld: boolean): ForesightWords {
  const all = ghost.isOk ? ghost.sentences : [...ghost.sentences, ...ghost.lines]
  const more = all.length > linesMost ? [`and ${all.length - linesMost} more`] : []
  return {
    title: `Ghost: ${ghost.title}`,
    aside: ghost.isOk ? `from ${clock(at)}, after ${shortWait(ghost.afterMs)}` : `at ${clock(at)}`,
    lines: [...all.slice(0, linesMost), ...more],
    warning: isOld ? `The cluster has changed since ${clock(at)}: this was of an older state.` : '',
  }
}

function predictionWords({ stage, pod, choice, answer, sentence }: Prediction): ForesightWords {
  if (stage === 'armed') return words('Predict', 'Time runs until a Pod waits for the scheduler, and stops there.')
  if (stage === 'choosing') return words(`Where will ${nameOf(pod)} go?`, 'Press a node, or drag the Pod onto it.')
  if (stage === 'locked') return words(`You say ${choice}.`, 'Choose another node, or let the scheduler decide.')
  return words(answerWords(choice, answer), sentence)
}

function answerWords(choice: string, answer: string): string {
  if (answer === '') return 'No node was good enough.'
  if (answer === choice) return `${answer}, as you said.`
  return choice === '' ? `It went to ${answer}.` : `You said ${choice}; it went to ${answer}.`
}

function words(title: string, line = '', aside = ''): ForesightWords {
  return { title, aside, lines: line === '' ? [] : [line], warning: '' }
}

const nameOf = (key: string): string => key.split('/')[1] ?? key
