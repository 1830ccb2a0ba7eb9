import type { Bytes } from './bytes.ts'
import { quote } from './quote.ts'
import type { NumberForms } from './numbers.ts'

// upstream: Go's text/template/parse/node.go

interface Placed {
  /** in bytes of the template, from 0 */
  readonly pos: number
}

/** A number constant, as all that it can be. */
export interface NumberNode extends Placed, NumberForms {
  readonly type: 'number'
}

/** `$a.b`: the variable and its fields. */
export interface VariableNode extends Placed {
  readonly type: 'variable'
  readonly idents: readonly Bytes[]
}

/** `.a.b`. */
export interface FieldNode extends Placed {
  readonly type: 'field'
  readonly idents: readonly Bytes[]
}

/** `(…).a.b`. */
export interface ChainNode extends Placed {
  readonly type: 'chain'
  readonly node: Operand
  readonly fields: readonly Bytes[]
}

/** A function's name. */
export interface IdentifierNode extends Placed {
  readonly type: 'identifier'
  readonly ident: Bytes
}

/** Commands whose results are handed on by `|`, and the variables that get what comes of it. */
export interface PipeNode extends Placed {
  readonly type: 'pipe'
  readonly declared: readonly VariableNode[]
  /** `=`, not `:=` */
  readonly isAssign: boolean
  readonly commands: readonly CommandNode[]
}

/** One command of a pipeline: a function and its arguments, or a value. */
export interface CommandNode extends Placed {
  readonly type: 'command'
  readonly args: readonly Operand[]
}

/** A word of a command. */
export type Operand =
  | NumberNode
  | VariableNode
  | FieldNode
  | ChainNode
  | IdentifierNode
  | PipeNode
  | (Placed & { readonly type: 'bool'; readonly value: boolean })
  | (Placed & { readonly type: 'string'; readonly quoted: Bytes; readonly value: Bytes })
  | (Placed & { readonly type: 'dot' | 'nil' })

/** A piece that decides what becomes of the pieces inside it. */
export interface BranchNode extends Placed {
  readonly type: 'if' | 'range' | 'with'
  readonly pipe: PipeNode
  readonly body: readonly TemplateNode[]
  readonly otherwise: readonly TemplateNode[] | undefined
}

/** Carries out another template. */
export interface CallNode extends Placed {
  readonly type: 'template'
  readonly name: Bytes
  readonly pipe: PipeNode | undefined
}

/** A piece of a template. */
export type TemplateNode =
  | (Placed & { readonly type: 'text'; readonly text: Bytes })
  | (Placed & { readonly type: 'action'; readonly pipe: PipeNode })
  | (Placed & { readonly type: 'break' | 'continue' })
  | BranchNode
  | CallNode

/** Whatever an error can be at. */
export type AnyNode = TemplateNode | Operand | CommandNode

/** A node as it would be written. */
export function nodeText(node: AnyNode): Bytes {
  switch (node.type) {
    case 'text':
      return node.text
    case 'action':
      return `{{${nodeText(node.pipe)}}}`
    case 'break':
    case 'continue':
      return `{{${node.type}}}`
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === undefined ? '' : ` ${nodeText(node.pipe)}`}}}`
    case 'pipe':
      return pipeText(node)
    case 'command':
      return node.args.map((arg) => (arg.type === 'pipe' ? `(${nodeText(arg)})` : nodeText(arg))).join(' ')
    case 'if':
    case 'range':
    case 'with':
      return branchText(node)
    default:
      return operandText(node)
  }
}

function pipeText({ declared, isAssign, commands }: PipeNode): Bytes {
  const names = declared.map(nodeText).join(', ')
  return (names === '' ? '' : `${names} ${isAssign ? '=' : ':='} `) + commands.map(nodeText).join(' | ')
}

function branchText({ type, pipe, body, otherwise }: BranchNode): Bytes {
  const rest = otherwise === undefined ? '' : `{{else}}${otherwise.map(nodeText).join('')}`
  return `{{${type} ${nodeText(pipe)}}}${body.map(nodeText).join('')}${rest}{{end}}`
}

function operandText(node: Exclude<Operand, PipeNode>): Bytes {
  switch (node.type) {
    case 'variable':
      return node.idents.join('.')
    case 'field':
      return node.idents.map((ident) => `.${ident}`).join('')
    case 'chain':
      return [node.node.type === 'pipe' ? `(${nodeText(node.node)})` : nodeText(node.node), ...node.fields].join('.')
    case 'identifier':
      return node.ident
    case 'bool':
      return String(node.value)
    case 'string':
      return node.quoted
    case 'number':
      return node.text
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
  }
}
