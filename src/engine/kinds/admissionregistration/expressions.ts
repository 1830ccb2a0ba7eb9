import { invalidValue, type FieldError } from '../../api/index.ts'
import {
  bool,
  compile,
  dyn,
  formatType,
  opaque,
  string,
  type CelType,
  type Program,
  type Scope,
} from '../../cel/index.ts'

/** What an expression may speak of, and what has to come out of it. */
export interface ExpressionUse {
  readonly returns: 'bool' | 'string' | 'any' | 'apply' | 'jsonPatch'
  readonly hasParams: boolean
  readonly hasAuthorizer: boolean
  /** names of `variables.…` that stand before it; undefined where there are no variables at all */
  readonly variables?: readonly string[]
}

const none: readonly FieldError[] = Object.freeze([])

// differs: upstream knows the type of each field of `request`; here it is taken as it comes
const always: readonly (readonly [string, CelType])[] = [
  ['object', dyn],
  ['oldObject', dyn],
  ['request', dyn],
  ['namespaceObject', dyn],
]

/** The names that an expression of a policy may use. */
export function policyScope({ hasParams, hasAuthorizer, variables }: ExpressionUse): Scope {
  const fields = new Map(variables?.map((name) => [name, dyn]))
  return new Map<string, CelType>([
    ...always,
    ...(hasParams ? [['params', dyn] as const] : []),
    ...(hasAuthorizer ? [['authorizer', opaque('kubernetes.authorization.Authorizer')] as const] : []),
    ...(variables === undefined
      ? []
      : [['variables', { kind: 'object', name: 'kubernetes.variables', fields: () => fields }] as const]),
  ])
}

/** What the compiler of expressions has against one; the one place to ask it. */
// upstream: pkg/apis/admissionregistration/validation/validation.go validateCELCondition
export function expressionErrors(
  path: string,
  expression: string,
  use: ExpressionUse,
  scope: Scope = policyScope(use),
): readonly FieldError[] {
  if (use.returns === 'apply' || use.returns === 'jsonPatch') return none // they build objects, which has a syntax of its own
  const program = compile(expression, scope)
  const problem = program.error ?? typeProblem(program, use)
  return problem === undefined ? none : [invalidValue(path, expression, problem)]
}

const wanted: Readonly<Partial<Record<ExpressionUse['returns'], CelType>>> = { bool, string }

function typeProblem({ type }: Program, { returns }: ExpressionUse): string | undefined {
  const { kind } = type
  const right = wanted[returns]
  if (right === undefined || kind === 'dyn' || kind === right.kind) return undefined
  if (returns === 'string' && kind === 'null') return undefined
  return `must evaluate to ${formatType(right)}`
}
