import { parse } from 'unbash'
import { remembered } from '../../remembered.ts'
import type { Code } from './code.ts'
import { compileStatements } from './compileStatements.ts'

/** A compiled script, or what is wrong with its text. `isOpen`: more lines might complete it. */
export type Compiled =
  | { readonly code: Code; readonly error?: undefined }
  | { readonly code?: undefined; readonly error: string; readonly isOpen: boolean }

/** Parses and compiles a script. Equal texts share one result, so a probe that runs each second is compiled once. */
export const compileScript = remembered(compile)

/** Whether a here-document begins in the text and does not end there. */
export function hasOpenHereDocument(source: string): boolean {
  return holdsOpen(parse(source))
}

function holdsOpen(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false
  if ((node as { type?: unknown }).type === 'HereDoc' && (node as { closing?: unknown }).closing === undefined)
    return true
  return Object.values(node).some(holdsOpen)
}

function compile(source: string): Compiled {
  const script = parse(source)
  const error = script.errors?.[0]
  if (error)
    return {
      error: error.message,
      isOpen: error.pos >= source.trimEnd().length || /untermin|expected '/.test(error.message),
    }
  return Object.freeze({ code: compileStatements(script, source) })
}
