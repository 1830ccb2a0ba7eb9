import { editedFiles } from '#kubectl'
import { viewOf, type FileView } from './files.ts'
import type { Output, Session } from './session.ts'

/** An object that waits in an editor, opened by `kubectl edit`. */
export interface Edit {
  /** the words after `kubectl` */
  readonly argv: readonly string[]
  /** a name for its tab */
  readonly name: string
  /** the objects as they were when it was opened */
  readonly original: string
  /** what the editor shows */
  readonly text: string
  /** it was saved before, and turned down */
  readonly isReopened: boolean
}

const header = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`

/** flags of `edit` that `get` does not know */
const own = /^--(output-patch|field-manager|record|validate|save-config|windows-line-endings)(=|$)/

/** flags of `get` that `edit` does not know: they would leave a watch behind */
const notOwn = /^(-w|--(watch|watch-only|raw)(=.*)?)$/

/** Fetches what `kubectl edit` is to show. Undefined where there is nothing to edit, which was said to `output`. */
export function openEdit(session: Session, argv: readonly string[], files: FileView, output: Output): Edit | undefined {
  const words = argv.slice(1).filter((word) => !own.test(word))
  const strange = words.find((word) => notOwn.test(word))
  if (strange !== undefined) {
    const [name = ''] = strange.split('=')
    const flaw = strange.startsWith('--') ? `unknown flag: ${name}` : `unknown shorthand flag: 'w' in ${strange}`
    output.err(`error: ${flaw}\nSee 'kubectl edit --help' for usage.\n`)
    return undefined
  }
  const isFormatted = words.some((word) => /^(-o|--output)/.test(word))
  const { stdout, stderr, code } = session.look({
    argv: ['get', ...words, ...(isFormatted ? [] : ['-o', 'yaml'])],
    files,
  })
  if (code !== 0 || stdout.trim() === '') {
    output.err(stderr || 'error: edit cancelled, no objects found\n')
    return undefined
  }
  const named = words.filter((word) => !word.startsWith('-')).join('-')
  return {
    argv,
    name: `edit-${named.replaceAll(/[^\w.-]/g, '-')}.yaml`,
    original: stdout,
    text: header + stdout,
    isReopened: false,
  }
}

/**
 * Does what was saved. Answers the edit anew where the server turned it down: it has to be shown again, with the reasons.
 * An edit that was left as it was opened is no part of the run.
 */
export function saveEdit(session: Session, edit: Edit, saved: string, output: Output): Edit | undefined {
  if (withoutComments(saved) === withoutComments(edit.text)) {
    output.err(
      edit.isReopened ? 'error: Edit cancelled, no valid changes were saved.\n' : 'Edit cancelled, no changes made.\n',
    )
    return undefined
  }
  let reasons = ''
  const files = viewOf({ [editedFiles.original]: edit.original, [editedFiles.saved]: saved })
  session.kubectl({ argv: edit.argv, files }, { out: output.out, err: (text) => (reasons += text) })
  const lines = reasons.split('\n')
  const complaints = lines.filter((line) => !line.startsWith('#')).join('\n')
  if (complaints !== '') output.err(complaints)
  const comments = lines.filter((line) => line.startsWith('#'))
  if (comments.length === 0) return undefined
  return { ...edit, text: `${header}${comments.join('\n')}\n${withoutComments(saved)}`, isReopened: true }
}

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
}
