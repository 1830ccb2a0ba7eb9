import type { NodeSpec } from '#engine'
import { LineCounter, parseDocument } from 'yaml'
import { LessonError, lessonLimits, type ClusterParts, type Lesson, type Load } from './lesson.ts'

/** Where a lesson comes from: the catalogue's folder and file, or a stranger's text. */
export interface Place {
  readonly id: string
  readonly course: string
}

/** The scene and the names of a lesson, as its first lines tell them. */
export type FrontMatter = Omit<Lesson, 'files' | 'intro' | 'steps'> & { readonly startLine: number }

type Fields = Readonly<Record<string, unknown>>

const known = ['title', 'course', 'minutes', 'summary', 'requires', 'cluster', 'start', 'load']

/** Reads the YAML between the two lines of ---. `first` is the number of its first line. */
export function frontMatterOf(text: string, first: number, files: Lesson['files'], place: Place): FrontMatter {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter })
  const problem = document.errors[0]
  if (problem) throw new LessonError(first - 1 + counter.linePos(problem.pos[0]).line, problem.message.split('\n')[0]!)
  const data: unknown = document.toJS()
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw new LessonError(first, 'the front matter is not a list of fields')
  const fields = data as Fields
  const lineOf = (key: string): number => {
    const index = text.split('\n').findIndex((line) => line.startsWith(`${key}:`))
    return first + Math.max(index, 0)
  }
  const wrong = (key: string, message: string): LessonError => new LessonError(lineOf(key), message)

  const odd = Object.keys(fields).find((key) => !known.includes(key))
  if (odd !== undefined) throw wrong(odd, `there is no field ${odd}; there are ${known.join(', ')}`)
  const {
    title,
    course = place.course,
    minutes = 8,
    summary = '',
    requires = [],
    cluster = {},
    start = [],
    load,
  } = fields
  if (typeof title !== 'string' || title === '') throw new LessonError(first, 'a lesson needs a title')
  if (typeof course !== 'string') throw wrong('course', 'course is a text')
  if (typeof minutes !== 'number' || minutes <= 0) throw wrong('minutes', 'minutes is a number')
  if (typeof summary !== 'string') throw wrong('summary', 'summary is a text')
  if (!isTexts(requires)) throw wrong('requires', 'requires is a list of ids of lessons')
  if (!isTexts(start) || start.length > lessonLimits.lines)
    throw wrong('start', 'start is a list of file names and lines')
  const shape = clusterOf(cluster, (message) => wrong('cluster', message))
  return {
    ...place,
    course,
    title,
    minutes,
    summary,
    requires,
    ...shape,
    start: start.map((line) => startLine(line, files, wrong)),
    ...(load !== undefined && { load: loadOf(load, (message) => wrong('load', message)) }),
    startLine: lineOf('start'),
  }
}

/** A file's name stands for applying it; anything else is a line. */
function startLine(line: string, files: Lesson['files'], wrong: (key: string, message: string) => LessonError): string {
  if (Object.hasOwn(files, line)) return `kubectl apply -f ${line}`
  if (/^\S+\.(ya?ml|json)$/.test(line)) throw wrong('start', `there is no block \`\`\`yaml file=${line} in this lesson`)
  return line
}

type Complain = (message: string) => LessonError

const parts = ['etcdMembers', 'scheduler', 'autoscaler', 'descheduler', 'addOns']
/** what is no set of fields */
const plainParts = ['etcdMembers', 'addOns']

function clusterOf(value: unknown, wrong: Complain): Pick<Lesson, 'seed' | 'nodes'> & ClusterParts {
  if (!isFields(value)) throw wrong('cluster has fields: { nodes: 3, seed: 7 }')
  const { seed = 1, nodes = 3, ...rest } = value
  const odd = Object.keys(rest).find((key) => !parts.includes(key))
  if (odd !== undefined) throw wrong(`cluster has no field ${odd}; it has nodes, seed, ${parts.join(', ')}`)
  if (typeof seed !== 'number' || !Number.isInteger(seed)) throw wrong('seed is a whole number')
  for (const [key, part] of Object.entries(rest))
    if (!plainParts.includes(key) && !isFields(part)) throw wrong(`${key} has fields; docs/authoring.md names them`)
  return { seed, nodes: nodesOf(nodes, wrong), ...(rest as ClusterParts) }
}

function nodesOf(nodes: unknown, wrong: Complain): number | readonly NodeSpec[] {
  const count = Array.isArray(nodes) ? nodes.length : nodes
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > lessonLimits.nodes)
    throw wrong(`nodes is a number up to ${lessonLimits.nodes}, or a list of names or machines`)
  if (!Array.isArray(nodes)) return count
  return nodes.map((node: unknown) => {
    const spec = typeof node === 'string' ? { name: node } : node
    if (!isFields(spec) || typeof spec['name'] !== 'string') throw wrong('a machine has a name')
    return spec as unknown as NodeSpec
  })
}

function loadOf(value: unknown, wrong: Complain): Load {
  if (!isFields(value)) throw wrong('load has fields: { url: http://ui/, rps: 20 }')
  const { name = 'users', url, rps } = value
  if (typeof name !== 'string' || typeof url !== 'string' || typeof rps !== 'number')
    throw wrong('load needs url, a text, and rps, a number')
  return { name, url, rps }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
