import { CommandError } from '../errors.ts'
import type { Io } from '../context.ts'
import { nameOf, type Target } from '../cluster.ts'
import type { KubeObject } from '../engine.ts'
import { createJsonPath } from './jsonpath.ts'
import { formatColumns, parseColumns, parseColumnsFile } from './customColumns.ts'
import { goSyntax } from './goSyntax.ts'
import { goJson, sortKeys } from './json.ts'
import { formatKyaml } from './kyaml.ts'
import { formatYaml } from './yaml.ts'
import { createTemplatePrinter } from './goTemplate/goTemplate.ts'

/** What `-o` and its companions say. */
export interface OutputFlags {
  readonly output: string
  readonly template?: string
  readonly 'allow-missing-template-keys'?: boolean
  readonly 'show-managed-fields'?: boolean
  readonly 'no-headers'?: boolean
}

/** Prints whole objects in the format that `-o` asked for; keeps count of them, as YAML puts `---` in between. */
export type ObjectPrinter = (object: unknown) => void

const common =
  'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml'
const ofGet =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml'

/** Makes the printer of a format; undefined for formats that are not about whole objects (none, name, wide). */
export function createPrinter(flags: OutputFlags, io: Io, isGet = false): ObjectPrinter | undefined {
  const [format, argument] = splitFormat(flags)
  if (format === '' || format === 'name' || (format === 'wide' && isGet)) return undefined
  const render = rendererOf(format, argument, flags, io, isGet)
  let count = 0
  return (object) => {
    const shown = flags['show-managed-fields'] || !hiding.has(format) ? object : withoutManagedFields(object)
    io.out((format === 'yaml' && count++ > 0 ? '---\n' : '') + render(shown))
  }
}

/** The formats that leave managedFields out; templates and columns see all there is. */
const hiding: ReadonlySet<string> = new Set(['json', 'yaml', 'kyaml'])

/** Whether a format shows managedFields where they are named, so that the server has to be asked for them. */
export function seesManagedFields({ output = '', template = '' }: Partial<OutputFlags>): boolean {
  const [format] = splitFormat({ output, template })
  return !['', 'name', 'wide'].includes(format) && !hiding.has(format)
}

/** `['jsonpath', '{.kind}']` of `-o jsonpath='{.kind}'`; a bare --template is a go-template. */
function splitFormat({ output, template = '' }: OutputFlags): readonly [format: string, argument: string] {
  if (output === '' && template !== '') return ['go-template', template]
  const equals = output.indexOf('=')
  return equals < 0 ? [output, template] : [output.slice(0, equals), output.slice(equals + 1)]
}

function rendererOf(
  format: string,
  argument: string,
  flags: OutputFlags,
  io: Io,
  isGet: boolean,
): (object: unknown) => string {
  if (format === 'json') return (object) => `${goJson(ordered(object), '    ')}\n`
  if (format === 'yaml') return formatYaml
  if (format === 'kyaml') return (object) => formatKyaml(ordered(object))
  const mayMiss = flags['allow-missing-template-keys'] ?? true
  if (format === 'jsonpath' || format === 'jsonpath-file')
    return jsonPathRenderer(textOf(format, argument, io), mayMiss)
  if (format === 'jsonpath-as-json') return asJsonRenderer(textOf(format, argument, io), mayMiss)
  if (['go-template', 'template', 'go-template-file', 'templatefile'].includes(format))
    return templateRenderer(textOf(format, argument, io), mayMiss, io)
  if (isGet && format === 'custom-columns') return columnsRenderer(parseColumns(argument), flags, io)
  if (isGet && format === 'custom-columns-file')
    return columnsRenderer(parseColumnsFile(textOf(format, argument, io)), flags, io)
  throw new CommandError(
    `unable to match a printer suitable for the output format "${format}", allowed formats are: ${isGet ? ofGet : common}`,
  )
}

function textOf(format: string, argument: string, io: Io): string {
  if (argument === '') throw new CommandError(`template format specified but no template given`)
  if (!format.endsWith('file')) return argument
  const text = io.readFile(argument)
  if (text === undefined)
    throw new CommandError(`error reading --template ${argument}, open ${argument}: no such file or directory`)
  return text
}

function jsonPathRenderer(template: string, mayMiss: boolean): (object: unknown) => string {
  const path = parsePath(template, mayMiss)
  return (object) => run(template, object, () => path.print(object))
}

function asJsonRenderer(template: string, mayMiss: boolean): (object: unknown) => string {
  const path = parsePath(template, mayMiss)
  return (object) =>
    run(template, object, () =>
      path
        .find(object)
        .map((found) => `${goJson(sortKeys(found), '    ')}\n`)
        .join(''),
    )
}

function parsePath(template: string, mayMiss: boolean) {
  try {
    return createJsonPath(template, mayMiss)
  } catch (error) {
    throw new CommandError(`error parsing jsonpath ${template}, ${(error as Error).message}`)
  }
}

// upstream: cli-runtime/pkg/printers/jsonpath.go
function run(template: string, object: unknown, print: () => string): string {
  try {
    return print()
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const dump = `\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n\n`
    throw new CommandError(
      `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${error.message}. Printing more information for debugging the template:\n${dump}`,
    )
  }
}

// What a failing template wrote, and what helps to mend it, is printed before the failure is told.
function templateRenderer(template: string, mayMiss: boolean, io: Io): (object: unknown) => string {
  const print = createTemplatePrinter(template, mayMiss, io.out)
  return (object) => {
    print(object, goJson(ordered(object)))
    return ''
  }
}

function columnsRenderer(
  columns: ReturnType<typeof parseColumns>,
  flags: OutputFlags,
  io: Io,
): (object: unknown) => string {
  return (object) => formatColumns(columns, itemsOf(object), { hasHeaders: !flags['no-headers'], whenBroken: io.out })
}

/** The items of a List, or the object alone. */
export function itemsOf(object: unknown): readonly unknown[] {
  const { items } = object as { items?: readonly unknown[] }
  return items ?? [object]
}

/** Marks an object that kubectl made itself: its JSON keeps the order of Go's structs. */
export const typed = Symbol('typed')

// Objects from the server are maps to kubectl, and maps are printed in order of their keys.
function ordered(object: unknown): unknown {
  return (object as { [typed]?: true })[typed] ? object : sortKeys(object)
}

function withoutManagedFields(object: unknown): unknown {
  const { metadata, items } = object as { metadata?: { managedFields?: unknown }; items?: readonly unknown[] }
  if (Array.isArray(items)) return { ...(object as object), items: items.map(withoutManagedFields) }
  if (metadata?.managedFields === undefined) return object
  return { ...(object as object), metadata: { ...metadata, managedFields: undefined } }
}

/** How far a change goes: not at all, to the server and no further, or for real. */
export type DryRun = 'none' | 'client' | 'server'

/** Prints what became of objects: `pod/web created (dry run)`, their names, or the objects whole. */
export function createReporter(flags: OutputFlags, io: Io, dryRun: DryRun = 'none', isEachAlone = false) {
  const printer = isEachAlone ? createPrinter(flags, io) && printAlone : createPrinter(flags, io)
  // Some commands make a printer for each object, and so none that counts them.
  function printAlone(object: unknown): void {
    createPrinter(flags, io)!(object)
  }
  const suffix = dryRun === 'client' ? ' (dry run)' : dryRun === 'server' ? ' (server dry run)' : ''
  return (target: Pick<Target, 'kind' | 'name'>, done: string, object: KubeObject | object): void => {
    if (printer !== undefined) printer(object)
    else io.out(flags.output === 'name' ? `${nameOf(target)}\n` : `${nameOf(target)} ${done}${suffix}\n`)
  }
}

/** Reads `--dry-run`. */
export function readDryRun(value: string): DryRun {
  if (value === 'none' || value === 'client' || value === 'server') return value
  throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
}
