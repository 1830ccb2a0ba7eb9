import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'

/** A file of the repository: its path from the root, with forward slashes, and its text. */
export interface Source {
  path: string
  text: string
}

/** How one module asks for another. */
export interface Import {
  specifier: string
  /** Erased by the compiler: the other module is not loaded. */
  isType: boolean
  /** Loaded later, by `import()`. */
  isLazy: boolean
}

/** Something a rule dislikes: where, and what to do about it. */
export type Finding = string

const unread = new Set(['node_modules', 'dist', 'coverage', 'test-results', 'playwright-report', 'generated', '.git'])

/** All text files below a folder of the repository; nothing where the folder does not exist. */
export function readSources(root: string, folder: string, endings: RegExp): Source[] {
  return pathsBelow(root, folder)
    .filter((path) => endings.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

function pathsBelow(root: string, folder: string): string[] {
  const stats = statSync(join(root, folder), { throwIfNoEntry: false })
  if (!stats) return []
  if (!stats.isDirectory()) return [folder]
  const names = readdirSync(join(root, folder)).filter((name) => !unread.has(name))
  return names.sort().flatMap((name) => pathsBelow(root, posix.join(folder, name)))
}

const parsed = new WeakMap<Source, ts.SourceFile>()

/** The syntax tree of a TypeScript file, or of the scripts of a Svelte component. */
export function parse(source: Source): ts.SourceFile {
  const known = parsed.get(source)
  if (known) return known
  const text = source.path.endsWith('.svelte') ? scriptsOf(source.text) : source.text
  const tree = ts.createSourceFile(source.path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS)
  parsed.set(source, tree)
  return tree
}

function scriptsOf(component: string): string {
  return [...component.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n')
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node)
  ts.forEachChild(node, (child) => walk(child, visit))
}

/** Where a node stands, as `path:line`. */
export function placeOf(source: Source, node: ts.Node): string {
  const tree = parse(source)
  return `${source.path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`
}

/** Every module that a file asks for, in whatever way. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  walk(parse(source), (node) => {
    const one = importOf(node)
    if (one) found.push(one)
  })
  return found
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) return named(node.moduleSpecifier, isTypeImport(node.importClause))
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) return named(node.moduleSpecifier, isTypeExport(node))
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return named(node.argument.literal, true)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return named(node.arguments[0], false, true)
  }
  return undefined
}

function named(specifier: ts.Node | undefined, isType: boolean, isLazy = false): Import | undefined {
  return specifier && ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, isType, isLazy } : undefined
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false
  if (clause.isTypeOnly) return true
  const { name, namedBindings } = clause
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly)
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true
  if (!exportClause || !ts.isNamedExports(exportClause)) return false
  return exportClause.elements.length > 0 && exportClause.elements.every((element) => element.isTypeOnly)
}

/** The file that a relative or `#` specifier names, from the root; undefined for packages and Node's own modules. */
export function resolveImport(from: string, specifier: string, doors: Record<string, string>): string | undefined {
  const bare = specifier.replace(/\?.*$/, '')
  if (bare.startsWith('.')) return posix.join(posix.dirname(from), bare)
  const door = doors[bare]
  return door && posix.normalize(door)
}
