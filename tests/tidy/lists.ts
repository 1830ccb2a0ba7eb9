import { posix } from 'node:path'
import ts from 'typescript'
import { importsOf, parse, resolveImport, walk } from './sources.ts'
import type { Finding, Source } from './sources.ts'

/** The folders whose `index.ts` lists one species. */
export const speciesFolders = [
  'src/engine/kinds',
  'src/engine/kinds/admissionregistration',
  'src/engine/kinds/apiextensions',
  'src/engine/kinds/apiregistration',
  'src/engine/kinds/apps',
  'src/engine/kinds/authentication',
  'src/engine/kinds/authorization',
  'src/engine/kinds/autoscaling',
  'src/engine/kinds/batch',
  'src/engine/kinds/certificates',
  'src/engine/kinds/coordination',
  'src/engine/kinds/core',
  'src/engine/kinds/discovery',
  'src/engine/kinds/events',
  'src/engine/kinds/flowcontrol',
  'src/engine/kinds/networking',
  'src/engine/kinds/node',
  'src/engine/kinds/policy',
  'src/engine/kinds/rbac',
  'src/engine/kinds/resource',
  'src/engine/kinds/scheduling',
  'src/engine/kinds/storage',
  'src/engine/apiserver/admission',
  'src/engine/scheduler/plugins',
  'src/engine/controllers',
  'src/kubectl/commands',
  'src/kubectl/describers',
]

/** Plugins, controllers, kinds, commands, describers that the `index.ts` beside them does not import. */
export function unlistedFindings(sources: Source[], folder: string): Finding[] {
  const species = sources.filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith('.ts')).filter(definesOne)
  const index = sources.find(({ path }) => path === `${folder}/index.ts`)
  if (species.length > 0 && !index) return [`${folder}: has no index.ts to list its ${species.length} files`]
  const listed = new Set(
    index ? importsOf(index).map(({ specifier }) => neighbourOf(folder, index.path, specifier)) : [],
  )
  return species
    .filter(({ path }) => path !== index?.path && !listed.has(neighbourName(folder, path)))
    .map(({ path }) => `${path}: not listed in ${folder}/index.ts`)
}

function neighbourOf(folder: string, from: string, specifier: string): string {
  return neighbourName(folder, resolveImport(from, specifier, {}) ?? '')
}

/** What stands directly in the folder: a file, or the folder that a species grew into. */
function neighbourName(folder: string, path: string): string {
  return posix.relative(folder, path).split('/')[0] ?? ''
}

/** Whether a file exports something made by a `define…({ … })`; a file that only declares a `define…` does not. */
function definesOne(source: Source): boolean {
  return parse(source).statements.some((statement) => {
    if (!ts.isVariableStatement(statement)) return false
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    return (
      isExported === true && statement.declarationList.declarations.some(({ initializer }) => callsDefine(initializer))
    )
  })
}

function callsDefine(initializer: ts.Expression | undefined): boolean {
  if (!initializer || ts.isFunctionLike(initializer)) return false
  let isFound = false
  walk(initializer, (node) => {
    isFound ||=
      ts.isCallExpression(node) && ts.isIdentifier(node.expression) && /^define[A-Z]/.test(node.expression.text)
  })
  return isFound
}

/** Lessons that no `index.ts`, beside them or above, names. */
export function unlistedLessons(sources: Source[], folder: string): Finding[] {
  return sources
    .filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith('.md') && !path.endsWith('README.md'))
    .filter(({ path }) => !sources.some((index) => isIndexAbove(index.path, path, folder) && names(index, path)))
    .map(({ path }) => `${path}: not listed in an index.ts beside or above it`)
}

function isIndexAbove(index: string, path: string, folder: string): boolean {
  return index.endsWith('/index.ts') && index.startsWith(`${folder}/`) && path.startsWith(`${posix.dirname(index)}/`)
}

function names(index: Source, path: string): boolean {
  const name = posix.relative(posix.dirname(index.path), path).replace(/\.md$/, '')
  return index.text.includes(name)
}
