import { titleOf } from '../../editor/kinds.ts'
import type { EditView } from '../../protocol.ts'

/** A manifest that is open. */
export interface ManifestFile {
  readonly id: string
  readonly name: string
  readonly text: string
  /** `kubectl edit` waits for it */
  readonly edit?: EditView
}

/** The open manifests of a scene. */
export interface Files {
  readonly files: readonly ManifestFile[]
  readonly front: string
}

/** Something to begin with. */
export function filesOf(given: readonly { readonly name: string; readonly text: string }[]): Files {
  const files = given.map(({ name, text }, index) => ({ id: `f${index + 1}`, name, text }))
  return { files, front: files[0]?.id ?? '' }
}

/** Whether something read from storage is what was put there. */
export function isFiles(value: unknown): value is Files {
  if (typeof value !== 'object' || value === null) return false
  const { files, front } = value as Partial<Record<keyof Files, unknown>>
  const isFile = (file: unknown) =>
    typeof file === 'object' &&
    file !== null &&
    ['id', 'name', 'text'].every((key) => typeof (file as Record<string, unknown>)[key] === 'string')
  return typeof front === 'string' && Array.isArray(files) && files.length > 0 && files.every(isFile)
}

/** The file in front. */
export function frontOf({ files, front }: Files): ManifestFile | undefined {
  return files.find(({ id }) => id === front) ?? files[0]
}

/** One more file, in front. */
export function withFile(state: Files, name: string, text: string): Files {
  let number = state.files.length + 1
  while (state.files.some(({ id }) => id === `f${number}`)) number += 1
  const file = { id: `f${number}`, name: freeName(state, name), text }
  return { files: [...state.files, file], front: file.id }
}

/** A file that was written elsewhere: another text of the tab of that name, or one more tab; in front. */
export function withWritten(state: Files, name: string, text: string): Files {
  const file = state.files.find((one) => one.name === name && !one.edit)
  return file ? shown(withText(state, file.id, text), file.id) : withFile(state, name, text)
}

/** The same files with a tab for each thing that is being edited, and none for what is no more. `drafts` are texts by terminal. */
export function withEdits(state: Files, edits: readonly EditView[], drafts: ReadonlyMap<string, string>): Files {
  const isOver = ({ edit }: ManifestFile) => edit && !edits.some(({ terminal }) => terminal === edit.terminal)
  const ended = state.files.filter(isOver).reduce((rest, { id }) => closed(rest, id), state)
  return edits.reduce((files, edit) => withEdit(files, edit, drafts.get(edit.terminal)), ended)
}

function withEdit(state: Files, edit: EditView, draft: string | undefined): Files {
  const known = state.files.find((file) => file.edit?.terminal === edit.terminal)
  if (known?.edit?.text === edit.text) return state
  const opened = known
    ? shown(withText(state, known.id, edit.text), known.id)
    : withFile(state, edit.name, draft ?? edit.text)
  return { ...opened, files: opened.files.map((file) => (file.id === opened.front ? { ...file, edit } : file)) }
}

/** What outlives the page: an edit does not. */
export function withoutEdits({ files, front }: Files): Files {
  const kept = files.filter(({ edit }) => !edit)
  return { files: kept, front: kept.some(({ id }) => id === front) ? front : (kept[0]?.id ?? '') }
}

/** Puts a file to the front. */
export function shown(state: Files, id: string): Files {
  return state.front === id ? state : { ...state, front: id }
}

/** The same files with another text in one of them. */
export function withText(state: Files, id: string, text: string): Files {
  return { ...state, files: state.files.map((file) => (file.id === id ? { ...file, text } : file)) }
}

/** Another name for a file; a name that is taken gets a number. */
export function renamed(state: Files, id: string, name: string): Files {
  const clean = cleanName(name)
  if (clean === '') return state
  const others = { ...state, files: state.files.filter((file) => file.id !== id) }
  return {
    ...state,
    files: state.files.map((file) => (file.id === id ? { ...file, name: freeName(others, clean) } : file)),
  }
}

/** Without a file; its neighbour comes to the front. The last one leaves an empty file behind. */
export function closed(state: Files, id: string): Files {
  const at = state.files.findIndex((file) => file.id === id)
  if (at < 0) return state
  const files = state.files.filter((file) => file.id !== id)
  if (files.length === 0) return withFile({ files: [], front: '' }, 'manifest.yaml', '')
  const front = state.front === id ? (files[Math.min(at, files.length - 1)]?.id ?? '') : state.front
  return { files, front }
}

/** `web.yaml`, `web-2.yaml`, … */
export function freeName({ files }: Files, name: string): string {
  const clean = cleanName(name) || 'manifest.yaml'
  const [, stem = clean, ending = ''] = /^(.*?)(\.[a-z]+)?$/i.exec(clean) ?? []
  const isTaken = (one: string) => files.some((file) => file.name === one)
  let shownName = clean
  for (let number = 2; isTaken(shownName); number += 1) shownName = `${stem}-${number}${ending}`
  return shownName
}

function cleanName(name: string): string {
  return name
    .replace(/[\\/:*?"<>|]/g, '-')
    .trim()
    .slice(0, 60)
}

/** A name for a text: `web-deployment.yaml`; the fallback where it does not say what it is. */
export function nameFor(text: string, fallback: string): string {
  const [kind, name] = titleOf(text)?.split(' ') ?? []
  return kind && name ? `${name}-${kind.toLowerCase()}.yaml` : fallback
}

/** What is open: a link or a lesson never overwrites the own cluster. */
export type Place =
  | { readonly kind: 'own' }
  | { readonly kind: 'link'; readonly payload: string }
  | { readonly kind: 'lesson'; readonly id: string }

/** Under which name a scene's files are kept: each lesson and each link has its own. */
export function sceneName(place: Place): string {
  if (place.kind === 'lesson') return `manifests.lesson.${place.id}`
  return place.kind === 'link' ? `manifests.link.${digest(place.payload)}` : 'manifests.own'
}

/** A short print of a long text. */
export function digest(text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return `${(value >>> 0).toString(36)}${text.length.toString(36)}`
}
