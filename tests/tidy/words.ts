import ts from 'typescript'
import { parse, placeOf, walk } from './sources.ts'
import type { Finding, Source } from './sources.ts'

/** What a browser or Node lends to programs; below the page nobody borrows it. */
const lent: Record<string, string> = {
  structuredClone: 'build the new value; sim has copies of containers',
  setTimeout: 'schedule on the virtual clock',
  setInterval: 'schedule on the virtual clock',
  setImmediate: 'schedule on the virtual clock',
  queueMicrotask: 'schedule on the virtual clock',
  requestAnimationFrame: 'schedule on the virtual clock',
  console: 'put it in the trace, or in what the command prints',
  performance: 'read the clock',
  crypto: 'use a seeded stream',
  fetch: 'nothing leaves the tab',
  document: 'this floor runs anywhere',
  window: 'this floor runs anywhere',
  process: 'this floor runs anywhere',
  Buffer: 'this floor runs anywhere',
}

/** What would make a run depend on the machine or on the moment, with what to use instead. */
const impure: Record<string, string> = {
  ...lent,
  Date: 'read the clock; sim and api convert times',
  Intl: 'format by hand: languages differ between machines',
  Promise: 'schedule a timer: the engine answers at one virtual instant',
  globalThis: 'the engine runs anywhere',
  WeakRef: 'garbage collection is no event of ours',
  FinalizationRegistry: 'garbage collection is no event of ours',
}

const impureMembers: Record<string, string> = {
  'Math.random': 'use a seeded stream',
  localeCompare: 'compare with < and >: languages differ between machines',
  toLocaleString: 'format by hand: languages differ between machines',
  toLocaleLowerCase: 'use toLowerCase',
  toLocaleUpperCase: 'use toUpperCase',
}

/** Uses of the wall clock, chance, languages, promises and the like. Types are erased, so `T extends Date` is no use. */
export function impurityFindings(sources: Source[]): Finding[] {
  return findingsIn(sources, (node) => impureMember(node) ?? nameFrom(impure, node) ?? asynchronous(node))
}

/** Uses of what only a browser or Node has; the compiler cannot see them, because some packages' types bring Node's along. */
export function lentFindings(sources: Source[]): Finding[] {
  return findingsIn(sources, (node) => nameFrom(lent, node))
}

function nameFrom(table: Record<string, string>, node: ts.Node): string | undefined {
  if (!ts.isIdentifier(node) || !Object.hasOwn(table, node.text)) return undefined
  return isRead(node) && !isDeclared(node) ? `${node.text}: ${table[node.text]}` : undefined
}

function impureMember(node: ts.Node): string | undefined {
  if (!ts.isPropertyAccessExpression(node)) return undefined
  const words = [`${node.expression.getText()}.${node.name.text}`, node.name.text]
  const word = words.find((one) => Object.hasOwn(impureMembers, one))
  return word && `${word}: ${impureMembers[word]}`
}

function asynchronous(node: ts.Node): string | undefined {
  const isAsync = node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)
  return isAsync ? 'async and await: the engine answers at one virtual instant' : undefined
}

/** Whether a name reads a value, rather than naming a property, a parameter or a type. */
function isRead(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return firstOf(parent) === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isTypeNode(parent) || ts.isTypeElement(parent) || ts.isTypeParameterDeclaration(parent)) return false
  if (ts.isBindingElement(parent)) return parent.initializer === node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isClassElement(parent)) return false
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node
  return true
}

function firstOf(node: ts.PropertyAccessExpression | ts.QualifiedName): ts.Node {
  return ts.isQualifiedName(node) ? node.left : node.expression
}

/** A parameter or variable of that name in sight makes it an ordinary word (`const process = …`). */
function isDeclared(node: ts.Identifier): boolean {
  for (let scope: ts.Node = node.parent; !ts.isSourceFile(scope); scope = scope.parent) {
    if (declares(scope, node.text)) return true
  }
  return declares(node.getSourceFile(), node.text)
}

function declares(scope: ts.Node, name: string): boolean {
  if (ts.isFunctionLike(scope)) return scope.parameters.some((parameter) => binds(parameter.name, name))
  if (ts.isForOfStatement(scope) || ts.isForStatement(scope)) return bindsIn(scope.initializer, name)
  if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) return false
  return scope.statements.some(
    (statement) =>
      (ts.isVariableStatement(statement) && bindsIn(statement.declarationList, name)) ||
      (ts.isFunctionDeclaration(statement) && statement.name?.text === name) ||
      (ts.isImportDeclaration(statement) && importsName(statement.importClause, name)),
  )
}

function bindsIn(list: ts.Node | undefined, name: string): boolean {
  return (
    list !== undefined && ts.isVariableDeclarationList(list) && list.declarations.some((one) => binds(one.name, name))
  )
}

function binds(target: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(target)) return target.text === name
  return target.elements.some((element) => ts.isBindingElement(element) && binds(element.name, name))
}

function importsName(clause: ts.ImportClause | undefined, name: string): boolean {
  const bindings = clause?.namedBindings
  if (clause?.name?.text === name) return true
  return (
    bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.some((one) => one.name.text === name)
  )
}

const actorWords = new Set([
  'createActor',
  'interpret',
  'spawnChild',
  'fromPromise',
  'fromCallback',
  'fromObservable',
  'SimulatedClock',
])

/** XState's actors, which keep time and state to themselves; below the UI only its pure functions are used. */
export function actorFindings(sources: Source[]): Finding[] {
  return findingsIn(sources, (node) => {
    if (ts.isIdentifier(node) && actorWords.has(node.text)) return `${node.text}: charts run by runMachine only`
    if (ts.isCallExpression(node) && /(^|\.)spawn$/.test(node.expression.getText()))
      return 'spawn: charts run by runMachine only'
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'invoke')
      return 'invoke: charts run by runMachine only'
    return undefined
  })
}

function findingsIn(sources: Source[], complain: (node: ts.Node) => string | undefined): Finding[] {
  return sources.flatMap((source) => {
    const found: Finding[] = []
    walk(parse(source), (node) => {
      const complaint = complain(node)
      if (complaint) found.push(`${placeOf(source, node)}: ${complaint}`)
    })
    return found
  })
}

// Spelled in two halves, so that this file does not find itself.
const leftovers = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`)

/** Work that was put off in a remark. */
export function leftoverFindings(sources: Source[]): Finding[] {
  return lineFindings(sources, (line) => leftovers.exec(line)?.[0])
}

const registries = new RegExp(
  [
    'registry\\.' + 'npmjs',
    'registry\\.' + 'yarnpkg',
    'npm\\.pkg\\.' + 'github',
    '"resolved"' + ':',
    '_auth' + 'Token',
  ].join('|'),
)

// A checkout may lie there, but so do the files of any container that we simulate.
const ordinary = /^\/(app|data|etc|home|mnt|opt|root|run|srv|tmp|usr|var|workspace)?$/

/** Traces of the machine that the work was done on: the checkout's path, people's folders, a package registry. */
export function machineFindings(sources: Source[], root: string): Finding[] {
  const parent = root.replace(/\/[^/]*$/, '')
  const paths = [root, parent].filter((path) => !ordinary.test(path)).map((path) => `${path}/`)
  const people = /(\/Users\/|[A-Z]:\\Users\\)\w/
  return lineFindings(
    sources,
    (line) => paths.find((path) => line.includes(path)) ?? people.exec(line)?.[0] ?? registries.exec(line)?.[0],
  )
}

function lineFindings(sources: Source[], complain: (line: string) => string | undefined): Finding[] {
  return sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const word = complain(line)
      return word ? [`${path}:${index + 1}: ${word}`] : []
    }),
  )
}
