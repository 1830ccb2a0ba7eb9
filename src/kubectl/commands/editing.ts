import type { Cluster } from '../cluster.ts'
import { CommandError, knownOrThrow } from '../errors.ts'
import type { Io } from '../context.ts'
import { isEqual } from '../engine.ts'
import { readDocuments } from '../manifests/documents.ts'
import { objectsOf, type Info } from '../manifests/objects.ts'

/** Where whoever opens the editor leaves what it was given, and what was saved in it. */
export const editedFiles = { original: '/tmp/kubectl-edit-original.yaml', saved: '/tmp/kubectl-edit.yaml' } as const

/** The objects before and after they were edited. */
export interface Edited {
  readonly before: readonly Info[]
  readonly after: readonly Info[]
}

/**
 * What came of an editor, or the exit code where nothing is to be done: nothing was changed, or the text cannot be read, which
 * standard error says as lines that begin with # in the file that is opened anew. Throws where no editor was opened;
 * `instead` says what to do then.
 */
// upstream: kubectl/pkg/cmd/util/editor/editoptions.go
// differs: kubectl opens no editor itself. Its host shows the objects, waits, and runs it with both texts in `editedFiles`;
// several objects that are to be created are edited in one text.
export function editedIn(cluster: Cluster, io: Io, instead: string): Edited | number {
  const [original, saved] = [io.readFile(editedFiles.original), io.readFile(editedFiles.saved)]
  if (original === undefined || saved === undefined)
    throw new CommandError(`unable to launch the editor "vi": there is none here; ${instead}`)
  const before = infosIn(original, cluster, io)
  const after = infosIn(saved, cluster, io)
  if (before === undefined || after === undefined) return 1
  if (isEqual(before.map(objectOf), after.map(objectOf))) return cancelled(io, 'no changes made')
  if (after.length === 0) return cancelled(io, 'saved file was empty')
  return { before, after }
}

const objectOf = ({ object }: Info): unknown => object

function cancelled(io: Io, why: string): number {
  io.err(`Edit cancelled, ${why}.\n`)
  return 0
}

/** The objects of a text; undefined where it cannot be read, which the reopened file then says. */
function infosIn(text: string, cluster: Cluster, io: Io): readonly Info[] | undefined {
  const { documents, error } = readDocuments('edited-file', text)
  try {
    if (error) throw error
    return documents.flatMap((document) => objectsOf(document, { cluster, isValidated: false }).map((read) => read()))
  } catch (problem) {
    io.err(`# The edited file had a syntax error: ${knownOrThrow(problem).message.replaceAll('\n', '\n# ')}\n#\n`)
    return undefined
  }
}
