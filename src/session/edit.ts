import { editedFiles } from '#kubectl'
import { viewOf, type FileView } from './files.ts'
import type { Output, Session } from './session.ts'

/** An object that waits in an editor, opened by `kubectl edit` and the like. */
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

type Mode = 'edit' | 'create' | 'edit-last-applied'

const header = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`
const lastAppliedHeader = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`

/** How the objects that are to be edited are shown: what is asked for them, and flags that only the edit knows. */
const views: Readonly<Record<Mode, { readonly argv: readonly string[]; readonly own: RegExp }>> = {
  edit: {
    argv: ['get'],
    own: /^--(output-patch|field-manager|record|validate|save-config|windows-line-endings)(=|$)/,
  },
  create: {
    argv: ['create', '--dry-run=client'],
    own: /^--(edit|dry-run|record|save-config|windows-line-endings)(=|$)/,
  },
  'edit-last-applied': {
    argv: ['apply', 'view-last-applied'],
    own: /^--(field-manager|record|validate|windows-line-endings)(=|$)/,
  },
}

/** flags of `get` that `edit` does not know: they would leave a watch behind */
const notOwn = /^(-w|--(watch|watch-only|raw)(=.*)?)$/

/** What of a kubectl line (the words after it) opens an editor, and its other words; undefined where nothing does. */
function modeOf(argv: readonly string[]): { readonly mode: Mode; readonly words: readonly string[] } | undefined {
  let at = 0
  while (argv[at]?.startsWith('-')) at += argv[at] === '-n' || argv[at] === '--namespace' ? 2 : 1
  const others = (count: number): readonly string[] => [...argv.slice(0, at), ...argv.slice(at + count)]
  const [command, subcommand] = argv.slice(at)
  if (command === 'edit') return { mode: 'edit', words: others(1) }
  if (command === 'apply' && subcommand === 'edit-last-applied') return { mode: 'edit-last-applied', words: others(2) }
  const isEdited = command === 'create' && argv.some((word) => /^--edit(=true)?$/.test(word))
  return isEdited ? { mode: 'create', words: others(1) } : undefined
}

/** Whether a kubectl line (the words after it) opens an editor. */
export const opensEditor = (argv: readonly string[]): boolean => modeOf(argv) !== undefined

/**
 * Fetches what a line that opens an editor is to show: `kubectl edit`, `create --edit`, `apply edit-last-applied`. Undefined
 * where there is nothing to edit, which was said to `output`.
 */
export function openEdit(session: Session, argv: readonly string[], files: FileView, output: Output): Edit | undefined {
  const { mode, words } = modeOf(argv)!
  const strange = mode === 'edit' ? words.find((word) => notOwn.test(word)) : undefined
  if (strange !== undefined) {
    const [name = ''] = strange.split('=')
    const flaw = strange.startsWith('--') ? `unknown flag: ${name}` : `unknown shorthand flag: 'w' in ${strange}`
    output.err(`error: ${flaw}\nSee 'kubectl edit --help' for usage.\n`)
    return undefined
  }
  const view = views[mode]
  const asked = words.filter((word) => !view.own.test(word))
  const isFormatted = asked.some((word) => /^(-o|--output)/.test(word))
  const refusal = isFormatted && mode === 'edit' ? session.look({ argv, files }).stderr : ''
  if (refusal.includes('unable to match a printer')) {
    output.err(refusal)
    return undefined
  }
  const line = [...view.argv, ...asked, ...(isFormatted ? [] : ['-o', 'yaml'])]
  const { stdout, stderr, code } = session.look({ argv: line, files })
  if (code !== 0 || stdout.trim() === '') {
    // the command says itself what is missing, where its view does not
    const words = stderr || session.look({ argv, files }).stderr
    output.err(words || 'error: edit cancelled, no objects found\n')
    return undefined
  }
  const original = mode === 'edit-last-applied' ? parted(stdout) : stdout
  const named = words.filter((word) => !word.startsWith('-')).join('-')
  return {
    argv,
    name: `edit-${named.replaceAll(/[^\w.-]/g, '-')}.yaml`,
    original,
    text: headerOf(argv, original) + original,
    isReopened: false,
  }
}

/** Notes that were shown one after the other are documents of their own. differs: upstream makes one List of them */
const parted = (text: string): string => text.split(/^(?=apiVersion: )/m).join('---\n')

/** JSON takes no comments. */
function headerOf(argv: readonly string[], text: string): string {
  if (text.startsWith('{')) return ''
  return modeOf(argv)?.mode === 'edit-last-applied' ? lastAppliedHeader : header
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
  return {
    ...edit,
    text: `${headerOf(edit.argv, saved)}${comments.join('\n')}\n${withoutComments(saved)}`,
    isReopened: true,
  }
}

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
}
