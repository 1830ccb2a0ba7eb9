/* eslint svelte/prefer-svelte-reactivity: off -- drafts are bookkeeping: nobody draws them */
import { untrack } from 'svelte'
import { templates } from '../../editor/templates.ts'
import { keep, readKept } from '../../keep.ts'
import type { Session } from '../../session.svelte.ts'
import { filesOf, frontOf, isFiles, withEdits, withoutEdits, withText, withWritten } from './files.ts'
import type { Files } from './files.ts'

const terminalPauseMs = 100
/** what was typed into an edit, by terminal: the phone takes the editor away when another pane is shown */
const drafts = new Map<string, string>()

/** The open manifests: kept for each scene, and the same as the files of the terminals. Made while a component is made. */
export class OpenFiles {
  /** the name of the scene that the files are of; undefined before there are any */
  scene: string | undefined = $state.raw()
  files: Files = $state.raw(filesOf([]))
  readonly front = $derived(frontOf(this.files))
  readonly #session: Session
  readonly #onScene: () => void

  /** `onScene` is told when the files of another scene are there. */
  constructor(session: Session, onScene: () => void) {
    this.#session = session
    this.#onScene = onScene
    $effect(() => {
      const { scene } = session
      if (scene !== undefined) untrack(() => this.#meet(scene))
    })
    // After the scene's own files, so that what was written stays among them.
    $effect(() => {
      const { written, edits } = session
      if (this.scene !== undefined) untrack(() => this.#takeIn(written, edits))
    })
    // The terminal sees the same files; it is told when typing pauses for a moment.
    $effect(() => {
      const open = Object.fromEntries(withoutEdits(this.files).files.map(({ name, text }) => [name, text]))
      if (this.scene === undefined) return
      const timer = setTimeout(() => session.door.keepFiles(open), terminalPauseMs)
      return () => clearTimeout(timer)
    })
  }

  change(next: Files): void {
    this.files = next
    if (this.scene !== undefined) keep(this.scene, withoutEdits(next))
  }

  /** Another text of the file in front; answers whether it is another. */
  type(text: string): boolean {
    const { front } = this
    if (!front || text === front.text) return false
    if (front.edit) drafts.set(front.edit.terminal, text)
    this.change(withText(this.files, front.id, text))
    return true
  }

  /** Each scene has its own files. Those of a scene met for the first time are what it brought with it. */
  #meet(name: string): void {
    if (this.scene === name) return
    const kept = readKept<unknown>(name, null)
    if (isFiles(kept)) this.#enter(name, kept)
    // As long as they are asked for, what is typed belongs to the scene before.
    else
      void broughtBy(this.#session).then((files) => {
        if (this.#session.scene === name && this.scene !== name) this.#enter(name, files)
      })
  }

  /** The name and the files change together: no text is ever kept under the name of another scene. */
  #enter(name: string, files: Files): void {
    this.scene = name
    // Kept though nobody has typed yet: a reload finds these again, and not what the cluster has become.
    this.change(files)
    this.#onScene()
  }

  #takeIn(written: Session['written'], edits: Session['edits']): void {
    let next = this.files
    for (const [name, text] of Object.entries(written)) next = withWritten(next, name, text)
    for (const terminal of drafts.keys()) if (!edits.some((edit) => edit.terminal === terminal)) drafts.delete(terminal)
    next = withEdits(next, edits, drafts)
    if (next !== this.files) this.change(next)
    if (Object.keys(written).length > 0) this.#session.written = {}
  }
}

/** The files that a scene came with; else what runs in it; else something to begin with. */
async function broughtBy({ door }: Session): Promise<Files> {
  const given = Object.entries(await door.files().catch(() => ({})))
    .filter(([file]) => /\.(ya?ml|json)$/.test(file))
    .map(([file, text]) => ({ name: file, text }))
  if (given.length > 0) return filesOf(given)
  const running = await door.manifests().catch(() => '')
  if (running.trim() !== '') return filesOf([{ name: 'scene.yaml', text: running }])
  return filesOf([{ name: 'web.yaml', text: templates[0]?.text('web') ?? '' }])
}
