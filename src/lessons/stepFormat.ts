import { parse } from 'yaml'
import { complaintAbout, parseClauses } from './clause.ts'
import type { Section } from './format.ts'
import { LessonError, lessonLimits, type Clause, type Prediction, type Step, type WrongAttempt } from './lesson.ts'
import { fenced, isFence, partsOf, type Fence } from './markdown.ts'
import { parseLine, parseTime } from './words.ts'

interface Draft {
  text: string[]
  predict?: Prediction
  goal: Clause[]
  holdMs: number
  hints: string[]
  solution: string[]
  wrong: WrongAttempt[]
  start: string[]
}

/** Reads one step: its heading, its prose, and the blocks that the machine reads. */
export function parseStep({ heading, body, line }: Section): Step {
  const [, title = heading, id] = /^(.*?)\s*\{#([a-z0-9][a-z0-9-]*)\}$/.exec(heading) ?? []
  if (id === undefined)
    throw new LessonError(line, `the step "${heading}" needs an id of small letters: ## ${heading} {#some-id}`)
  const draft: Draft = { text: [], goal: [], holdMs: defaultHoldMs, hints: [], solution: [], wrong: [], start: [] }
  for (const part of partsOf(body, line + 1)) {
    if (!isFence(part)) draft.text.push(part.prose)
    else if (Object.hasOwn(blocks, part.language)) blocks[part.language]!(part, draft)
    else if (!part.words.includes('hidden')) draft.text.push(fenced(part))
  }
  if (draft.goal.length > lessonLimits.clauses)
    throw new LessonError(line, `at most ${lessonLimits.clauses} clauses a step`)
  const { text, ...rest } = draft
  return Object.freeze({ id, title, text: text.join('\n').trim(), ...rest })
}

const defaultHoldMs = 5_000

/** Throws for a line of a solution or a start that misuses one of the playground's words. */
export function checkLine(line: string, number: number): void {
  try {
    parseLine(line)
  } catch (error) {
    throw new LessonError(number, error instanceof Error ? error.message : String(error))
  }
}

const blocks: Readonly<Record<string, (fence: Fence, draft: Draft) => void>> = {
  predict(fence, draft) {
    const { question, answers, right, why } = fieldsOf(fence, ['question', 'answers', 'right', 'why'])
    if (typeof question !== 'string') throw new LessonError(fence.line, 'predict needs a question')
    if (!Array.isArray(answers) || answers.length < 2 || answers.length > 6)
      throw new LessonError(fence.line, 'predict needs a list of two to six answers')
    if (typeof right !== 'number' || answers[right] === undefined)
      throw new LessonError(fence.line, 'predict needs right: the position of the right answer, from 0')
    draft.predict = { question, answers: answers.map(String), right, ...(typeof why === 'string' && { why }) }
  },

  goal(fence, draft) {
    draft.holdMs = holdOf(fence)
    linesOf(fence).forEach(([text, number]) => {
      for (const clause of parseClauses(text)) draft.goal.push(checked(clause, number))
    })
  },

  hint: (fence, draft) => void draft.hints.push(fence.body.trim()),

  solution: (fence, draft) => void draft.solution.push(...commandsOf(fence)),

  start: (fence, draft) => void draft.start.push(...commandsOf(fence)),

  load: (fence, draft) => void draft.start.push(...commandsOf(fence, 'load ')),

  wrong(fence, draft) {
    const { when, say } = fieldsOf(fence, ['when', 'say'])
    if (typeof when !== 'string' || typeof say !== 'string')
      throw new LessonError(fence.line, 'wrong needs when: an expression, and say: a text')
    checked({ text: when, kind: 'goal', expression: when }, fence.line)
    draft.wrong.push({ when, say })
  },
}

function checked(clause: Clause, line: number): Clause {
  if (clause.expression.length > lessonLimits.expressionChars)
    throw new LessonError(line, `a clause has at most ${lessonLimits.expressionChars} characters`)
  const complaint = complaintAbout(clause.expression)
  if (complaint !== undefined) throw new LessonError(line, `${clause.expression}: ${complaint}`)
  return clause
}

function holdOf({ words, line }: Fence): number {
  if (words === '') return defaultHoldMs
  const ms = parseTime(/^hold=(\S+)$/.exec(words)?.[1] ?? '')
  if (ms === undefined || ms > lessonLimits.holdMs)
    throw new LessonError(line, `goal ${words}: only hold=5s, and at most an hour`)
  return ms
}

/** Lines that are neither empty nor comments, with their numbers. */
function linesOf({ body, line }: Fence): readonly (readonly [text: string, line: number])[] {
  const numbered = body.split('\n').map((text, index) => [text.trim(), line + 1 + index] as const)
  return numbered.filter(([text]) => text !== '' && !text.startsWith('#') && !text.startsWith('//'))
}

function commandsOf(fence: Fence, prefix = ''): readonly string[] {
  const lines = linesOf(fence)
  if (lines.length > lessonLimits.lines) throw new LessonError(fence.line, `at most ${lessonLimits.lines} lines`)
  for (const [text, number] of lines) checkLine(prefix + text, number)
  return lines.map(([text]) => prefix + text)
}

function fieldsOf(fence: Fence, known: readonly string[]): Readonly<Record<string, unknown>> {
  const fields = yamlOf(fence)
  const odd = Object.keys(fields).find((key) => !known.includes(key))
  if (odd !== undefined)
    throw new LessonError(fence.line, `${fence.language} has no field ${odd}; it has ${known.join(', ')}`)
  return fields
}

function yamlOf({ body, line, language }: Fence): Readonly<Record<string, unknown>> {
  let data: unknown
  try {
    data = parse(body)
  } catch (error) {
    const { linePos, message } = error as { linePos?: readonly { readonly line: number }[]; message: string }
    throw new LessonError(line + (linePos?.[0]?.line ?? 0), message.split('\n')[0]!)
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>
  throw new LessonError(line, `${language} needs fields, one a line: name: value`)
}
