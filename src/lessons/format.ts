import { frontMatterOf, type Place } from './frontMatter.ts'
import { LessonError, lessonLimits, type Lesson, type Step } from './lesson.ts'
import { fenced, isFence, partsOf } from './markdown.ts'
import { parseStep } from './stepFormat.ts'
import { checkLine } from './stepFormat.ts'

/** Reads a lesson from its Markdown file. Throws a LessonError that says which line is wrong and why. */
export function parseLesson(text: string, place: Place): Lesson {
  if (text.length > lessonLimits.chars)
    throw new LessonError(1, `a lesson has at most ${lessonLimits.chars} characters`)
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---')
  if (lines[0]?.trimEnd() !== '---' || end < 0)
    throw new LessonError(1, 'a lesson begins with its front matter, between two lines of ---')

  const sections = sectionsOf(lines, end + 1)
  const [intro, ...rest] = sections
  const files = filesOf(lines, end + 1)
  const front = frontMatterOf(lines.slice(1, end).join('\n'), 2, files, place)
  front.start.forEach((line) => checkLine(line, front.startLine))
  if (rest.length === 0) throw new LessonError(lines.length, 'a lesson has at least one step: a line ## Title {#id}')
  if (rest.length > lessonLimits.steps)
    throw new LessonError(rest[lessonLimits.steps]!.line, `at most ${lessonLimits.steps} steps`)
  const steps = rest.map(parseStep)
  forbidDoubles(
    steps,
    rest.map(({ line }) => line),
  )
  const { startLine: _, ...scene } = front
  return Object.freeze({ ...scene, files, intro: proseOf(intro!.body, intro!.line), steps })
}

/** A step's text as Markdown, for whoever turns it into HTML; the first step carries the lesson's opening words. */
export function renderable(lesson: Lesson, step: Step): string {
  return step === lesson.steps[0] && lesson.intro !== '' ? `${lesson.intro}\n\n${step.text}` : step.text
}

/** A `##` heading with what stands below it; the first section has none. */
export interface Section {
  readonly heading: string
  readonly body: string
  /** of the heading, from 1; of the first line of the body where there is none */
  readonly line: number
}

function sectionsOf(lines: readonly string[], from: number): readonly Section[] {
  const starts = headingsOf(lines, from)
  const bodies = [from - 1, ...starts]
  return bodies.map((start, index) => ({
    heading: index === 0 ? '' : lines[start]!.slice(3).trim(),
    body: lines.slice(start + 1, bodies[index + 1] ?? lines.length).join('\n'),
    line: index === 0 ? from + 1 : start + 1,
  }))
}

/** Indexes of `## ` lines that are not inside a fenced block. */
function headingsOf(lines: readonly string[], from: number): readonly number[] {
  const found: number[] = []
  let bar = ''
  for (let index = from; index < lines.length; index++) {
    const fence = /^(`{3,}|~{3,})/.exec(lines[index]!)?.[1]
    if (bar === '' && fence !== undefined) bar = fence
    else if (bar !== '' && lines[index]!.trimEnd() === bar) bar = ''
    else if (bar === '' && lines[index]!.startsWith('## ')) found.push(index)
  }
  return found
}

/** All ```yaml file=NAME blocks of a lesson. */
function filesOf(lines: readonly string[], from: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const part of partsOf(lines.slice(from).join('\n'), from + 1)) {
    const name = isFence(part) ? /(?:^|\s)file=(\S+)/.exec(part.words)?.[1] : undefined
    if (name === undefined || !isFence(part)) continue
    if (!/^[\w.-]+(\/[\w.-]+)*$/.test(name)) throw new LessonError(part.line, `${name} is no plain file name`)
    if (Object.hasOwn(files, name)) throw new LessonError(part.line, `there are two files ${name}`)
    files[name] = `${part.body}\n`
  }
  if (Object.keys(files).length > lessonLimits.files) throw new LessonError(from, `at most ${lessonLimits.files} files`)
  return files
}

function proseOf(body: string, line: number): string {
  return partsOf(body, line)
    .map((part) => (isFence(part) ? (part.words.includes('hidden') ? '' : fenced(part)) : part.prose))
    .join('\n')
    .trim()
}

function forbidDoubles(steps: readonly Step[], lines: readonly number[]): void {
  const seen = new Set<string>()
  steps.forEach(({ id }, index) => {
    if (seen.has(id)) throw new LessonError(lines[index]!, `two steps are called #${id}`)
    seen.add(id)
  })
}
