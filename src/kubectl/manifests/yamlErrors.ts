import type { LineCounter, YAMLError } from 'yaml'

/** A syntax error in go-yaml v2's words and with its line: its parser counts lines from 0, its scanner from 1. */
export function goError(error: YAMLError, text: string, lines: LineCounter): string {
  const [at] = error.pos
  const { line } = lines.linePos(at)
  const [message, shift] = wordsOf(error, text, at)
  const shown = line + shift
  return shown <= 0 ? `yaml: ${message}` : `yaml: line ${shown}: ${message}`
}

type Words = readonly [message: string, shift: number]

const parser = (message: string): Words => [message, -1]
const scanner = (message: string): Words => [message, 0]

function wordsOf(error: YAMLError, text: string, at: number): Words {
  const rest = text.slice(at)
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return /^[ \t]*\t/.test(lineAt(text, at)) && /^\s*\t/.test(lineAt(text, at).trimStart() === '' ? '' : '')
        ? scanner('found a tab character that violates indentation')
        : scanner('found character that cannot start any token')
    case 'BAD_SCALAR_START':
    case 'BAD_DIRECTIVE':
      return scanner('found character that cannot start any token')
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
      return scanner('mapping values are not allowed in this context')
    case 'MISSING_CHAR':
      return missing(error.message, rest)
    case 'MULTILINE_IMPLICIT_KEY':
      return [`could not find expected ':'`, 1]
    case 'BAD_ALIAS':
      return scanner('did not find expected alphabetic or numeric character')
    case 'BAD_DQ_ESCAPE':
      return scanner('found unknown escape character')
    default:
      return parser('did not find expected key')
  }
}

function missing(message: string, rest: string): Words {
  if (/quote/.test(message)) return [`found unexpected end of stream`, 0]
  if (/\]/.test(message) || /seq/.test(message)) return parser(`did not find expected ',' or ']'`)
  if (/\}/.test(message) || /map/.test(message)) return parser(`did not find expected ',' or '}'`)
  return rest.startsWith('-') ? parser(`did not find expected '-' indicator`) : parser('did not find expected key')
}

function lineAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  return text.slice(start, end < 0 ? undefined : end)
}
