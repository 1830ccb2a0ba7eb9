import type { Action, Input } from './history.ts'
import { SceneError } from './sceneError.ts'
import { machinesOf, partsOf, sceneMachinesMax, ShapeError, type ClusterShape } from './shape/index.ts'

export { SceneError }

/** What a share link and a saved run carry: everything that makes a run happen again. */
export interface Scene extends ClusterShape {
  readonly version: 1
  /** manifests open in the editor, by file name */
  readonly files: Readonly<Record<string, string>>
  readonly inputs: readonly Input[]
  /** virtual ms at which the sender stood */
  readonly at: number
  /** a lesson of the catalogue by its id, or a whole lesson as Markdown */
  readonly lesson?: { readonly id: string; readonly step: number } | { readonly text: string; readonly step: number }
  /** what the page showed: names of views, never code */
  readonly view?: Readonly<Record<string, string | number | boolean>>
}

/** Bounds of what a stranger may send. */
export const sceneLimits = Object.freeze({
  jsonChars: 2_000_000,
  nodes: sceneMachinesMax,
  inputs: 2_000,
  files: 50,
  fileChars: 500_000,
  wordChars: 500_000,
  words: 500,
  virtualMs: 7 * 24 * 3_600_000,
})

/** Reads a scene somebody sent. Checks every field and bound; throws a SceneError that says which part is wrong. */
export function parseScene(text: string): Scene {
  if (text.length > sceneLimits.jsonChars)
    throw new SceneError(`The scene is too large: it may have ${sceneLimits.jsonChars / 1_000_000} million characters.`)
  const data = recordOf(parseJson(text), 'The scene')
  if (data['version'] !== 1)
    throw new SceneError(
      `The scene has format ${JSON.stringify(data['version'])}; this page reads format 1. A newer page may open it.`,
    )
  const at = timeOf(data['at'] ?? 0, 'its moment')
  const inputs = listOf(data['inputs'] ?? [], sceneLimits.inputs, 'its actions').map(inputOf)
  return Object.freeze({
    version: 1,
    seed: integerOf(data['seed'], -(2 ** 31), 2 ** 32, 'its seed'),
    ...shapeOf(data),
    files: textsOf(data['files'] ?? {}, 'its manifests'),
    inputs: [...inputs].sort((a, b) => a.at - b.at),
    at,
    ...lessonOf(data['lesson']),
    ...viewOf(data['view']),
  })
}

/** The JSON text of a scene, smallest first: defaults are left out. */
export function formatScene(scene: Scene): string {
  return JSON.stringify(scene)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SceneError('The scene is damaged: it is not valid JSON.')
  }
}

function recordOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new SceneError(`${what} is damaged.`)
}

function listOf(value: unknown, max: number, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new SceneError(`The scene is damaged: ${what} are not a list.`)
  if (value.length > max) throw new SceneError(`The scene is too large: ${what} are more than ${max}.`)
  return value
}

function integerOf(value: unknown, min: number, max: number, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new SceneError(`The scene is damaged: ${what} must be a whole number from ${min} to ${max}.`)
}

function timeOf(value: unknown, what: string): number {
  if (typeof value === 'number' && value >= 0 && value <= sceneLimits.virtualMs) return value
  throw new SceneError(`The scene is damaged: ${what} must lie within seven days.`)
}

function wordOf(value: unknown, what: string): string {
  if (typeof value === 'string' && value.length <= sceneLimits.wordChars) return value
  if (typeof value !== 'string') throw new SceneError(`The scene is damaged: ${what} must be a text.`)
  throw new SceneError(
    `The scene is too large: ${what} may have ${sceneLimits.wordChars / 1000} thousand characters each.`,
  )
}

function textsOf(value: unknown, what: string): Readonly<Record<string, string>> {
  const entries = Object.entries(recordOf(value, `A part of the scene (${what})`))
  if (entries.length > sceneLimits.files)
    throw new SceneError(`The scene is too large: ${what} are more than ${sceneLimits.files}.`)
  return Object.fromEntries(entries.map(([name, text]) => [name.slice(0, 200), wordOf(text, what)]))
}

function shapeOf(data: Readonly<Record<string, unknown>>): Omit<ClusterShape, 'seed'> {
  try {
    return { nodes: machinesOf(data['nodes'] ?? 3, sceneLimits.nodes), ...partsOf(data, sceneLimits.nodes) }
  } catch (error) {
    throw error instanceof ShapeError ? new SceneError(`The scene is damaged: ${error.message}.`) : error
  }
}

function inputOf(value: unknown): Input {
  const data = recordOf(value, 'An action of the scene')
  return { at: timeOf(data['at'], 'an action'), ...actionOf(data) }
}

function actionOf(data: Readonly<Record<string, unknown>>): Action {
  if (data['do'] === 'kubectl') {
    const argv = listOf(data['argv'], sceneLimits.words, 'the words of a command').map((word) =>
      wordOf(word, 'a command'),
    )
    const stdin = data['stdin'] === undefined ? {} : { stdin: wordOf(data['stdin'], 'an input text') }
    const isTyped = data['isTyped'] === true ? { isTyped: true } : {}
    return { do: 'kubectl', argv, ...stdin, ...isTyped, files: textsOf(data['files'] ?? {}, 'the files of a command') }
  }
  if (data['do'] === 'fault') return { do: 'fault', fault: faultOf(data['fault']) }
  if (data['do'] === 'interrupt')
    return { do: 'interrupt', input: integerOf(data['input'], 0, sceneLimits.inputs, 'an interrupted action') }
  if (data['do'] === 'type') {
    const input = integerOf(data['input'], 0, sceneLimits.inputs, 'an action that was typed for')
    return {
      do: 'type',
      input,
      text: wordOf(data['text'], 'a typed text'),
      ...(data['isEnd'] === true && { isEnd: true }),
    }
  }
  throw new SceneError(
    `The scene holds an action this page does not know: ${JSON.stringify(data['do'])?.slice(0, 40)}.`,
  )
}

const faultShapes: Readonly<Record<string, readonly string[]>> = {
  nodePower: ['node', 'on'],
  nodeNetwork: ['node', 'on'],
  component: ['name', 'on'],
  process: ['pod', 'do'],
  probe: ['pod', 'probe', 'ok'],
  load: ['name', 'url', 'rps'],
  registry: ['on'],
  machine: ['node', 'on'],
  etcdDisk: ['member', 'slowMs'],
  etcdMaintenance: ['do'],
  etcdRequest: ['do'],
}

function faultOf(value: unknown): unknown {
  const fault = recordOf(value, 'A fault of the scene')
  const needed = faultShapes[String(fault['kind'])]
  if (needed === undefined) throw new SceneError('The scene holds a fault this page does not know.')
  for (const field of needed)
    if (!['string', 'number', 'boolean'].includes(typeof fault[field]))
      throw new SceneError(`A fault of the scene lacks ${field}.`)
  return fault
}

function lessonOf(value: unknown): Pick<Scene, 'lesson'> {
  if (value === undefined) return {}
  const lesson = recordOf(value, "The scene's lesson")
  const step = integerOf(lesson['step'] ?? 0, 0, 100, "its lesson's step")
  if (lesson['text'] !== undefined) return { lesson: { text: wordOf(lesson['text'], 'its lesson'), step } }
  return { lesson: { id: wordOf(lesson['id'], 'its lesson'), step } }
}

function viewOf(value: unknown): Pick<Scene, 'view'> {
  if (value === undefined) return {}
  const entries = Object.entries(recordOf(value, "The scene's view")).slice(0, 50)
  const plain = entries.filter(([, word]) => ['string', 'number', 'boolean'].includes(typeof word))
  return { view: Object.fromEntries(plain) as Record<string, string | number | boolean> }
}
