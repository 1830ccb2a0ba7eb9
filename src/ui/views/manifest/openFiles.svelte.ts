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
  files: Files = $state.raw(filesOf([]))
  readonly front = $derived(frontOf(this.files))
  readonly #session: Session
  /** told when the text in front was not changed by typing */
  readonly #onText: (text: string) => void
  #keptAs: string | undefined
  /** the scene's own files are there */
  #isMet = $state.raw(false)

  /** `scene` names what is open; `onScene` is told when that is another one. */
  constructor(session: Session, scene: () => string, tell: { text: (text: string) => void; scene: () => void }) {
    this.#session = session
    this.#onText = tell.text
    $effect(() => {
      const name = scene()
      if (session.isOpen) untrack(() => this.#meet(name) && tell.scene())
    })
    // After the scene's own files, so that what was written stays among them.
    $effect(() => {
      const { written, edits } = session
      if (this.#isMet) untrack(() => this.#takeIn(written, edits))
    })
    // The terminal sees the same files; it is told when typing pauses for a moment.
    $effect(() => {
      const open = Object.fromEntries(withoutEdits(this.files).files.map(({ name, text }) => [name, text]))
      if (!session.isOpen) return
      const timer = setTimeout(() => session.door.keepFiles(open), terminalPauseMs)
      return () => clearTimeout(timer)
    })
  }

  change(next: Files): void {
    this.files = next
    if (this.#keptAs) keep(this.#keptAs, withoutEdits(next))
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
  #meet(name: string): boolean {
    if (this.#keptAs === name) return false
    this.#keptAs = name
    const kept = readKept<unknown>(name, null)
    this.#isMet = isFiles(kept)
    if (isFiles(kept)) this.files = kept
    else void this.#begin(name).finally(() => (this.#isMet ||= this.#keptAs === name))
    return true
  }

  async #begin(name: string): Promise<void> {
    const { door } = this.#session
    this.files = filesOf([{ name: 'web.yaml', text: templates[0]?.text('web') ?? '' }])
    const given = Object.entries(await door.files().catch(() => ({})))
      .filter(([file]) => /\.(ya?ml|json)$/.test(file))
      .map(([file, text]) => ({ name: file, text }))
    if (this.#keptAs === name && given.length > 0) {
      this.files = filesOf(given)
      return
    }
    const brought = await door.manifests().catch(() => '')
    if (this.#keptAs === name && brought.trim() !== '') {
      this.files = filesOf([{ name: 'scene.yaml', text: brought }])
      this.#onText(brought)
    }
  }

  #takeIn(written: Session['written'], edits: Session['edits']): void {
    const before = this.front
    let next = this.files
    for (const [name, text] of Object.entries(written)) next = withWritten(next, name, text)
    for (const terminal of drafts.keys()) if (!edits.some((edit) => edit.terminal === terminal)) drafts.delete(terminal)
    next = withEdits(next, edits, drafts)
    if (next !== this.files) this.change(next)
    if (Object.keys(written).length > 0) this.#session.written = {}
    const { front } = this
    if (front && front.id === before?.id && front.text !== before.text) this.#onText(front.text)
  }
}
