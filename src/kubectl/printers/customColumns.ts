import { CommandError } from '../errors.ts'
import { goPrint } from './goSyntax.ts'
import { createJsonPath, relaxed, type JsonPath } from './jsonpath.ts'
import { alignTabs, wideTabs } from './tabWriter.ts'

interface Column {
  readonly header: string
  readonly path: JsonPath
}

/** Reads `NAME:.metadata.name,IMAGE:.spec.containers[*].image`. */
export function parseColumns(spec: string): readonly Column[] {
  if (spec === '') throw new CommandError('custom-columns format specified but no custom columns given')
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':')
    if (colon < 0) throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`)
    return { header: part.slice(0, colon), path: createJsonPath(relaxed(part.slice(colon + 1))) }
  })
}

/** Reads a template file: a line of headers above a line of paths. */
export function parseColumnsFile(text: string): readonly Column[] {
  const [headers = '', paths = ''] = text.split('\n')
  const words = (line: string): string[] => line.trim().split(/\s+/).filter(Boolean)
  const [names, expressions] = [words(headers), words(paths)]
  if (names.length !== expressions.length)
    throw new CommandError(
      `number of headers (${names.length}) and field specifications (${expressions.length}) don't match`,
    )
  return names.map((header, index) => ({ header, path: createJsonPath(relaxed(expressions[index]!)) }))
}

interface ColumnOptions {
  readonly hasHeaders: boolean
  /** takes the rows above one that cannot be printed */
  readonly whenBroken: (text: string) => void
}

/** Prints objects in columns of one's own. */
// upstream: kubectl/pkg/cmd/get/customcolumn.go PrintObj
export function formatColumns(
  columns: readonly Column[],
  objects: readonly unknown[],
  { hasHeaders, whenBroken }: ColumnOptions,
): string {
  const rows = hasHeaders ? [columns.map(({ header }) => header).join('\t')] : []
  const aligned = (): string => alignTabs(rows.map((row) => `${row}\n`).join(''), wideTabs)
  try {
    for (const object of objects) rows.push(columns.map(({ path }) => cellOf(path, object)).join('\t'))
  } catch (error) {
    whenBroken(aligned())
    throw error
  }
  return aligned()
}

function cellOf(path: JsonPath, object: unknown): string {
  const found = path.find(object)[0] ?? []
  return found.length === 0 ? '<none>' : found.map(goPrint).join(',')
}
