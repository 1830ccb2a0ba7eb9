import { compile, dyn, optionalOf, typeOfSchema, type CelType, type Program } from '../../cel/index.ts'
import type { Schema, ValidationRule } from './schema.ts'

// A memo of frozen facts: programs by the rule they are made of.
const rules = new WeakMap<ValidationRule, Program>()
const messages = new WeakMap<ValidationRule, Program>()

/** A rule's program over `self` and `oldSelf`. `isRoot`: at the root of a resource. */
export function compileRule(schema: Schema, rule: ValidationRule, isRoot: boolean): Program {
  return memo(rules, rule, () => compile(rule.rule, scopeOf(schema, rule, isRoot)))
}

/** The program of a rule's message. */
export function compileMessage(schema: Schema, rule: ValidationRule, isRoot: boolean): Program {
  return memo(messages, rule, () => compile(rule.messageExpression ?? '', scopeOf(schema, rule, isRoot)))
}

function memo(table: WeakMap<ValidationRule, Program>, rule: ValidationRule, make: () => Program): Program {
  let program = table.get(rule)
  if (program === undefined) table.set(rule, (program = make()))
  return program
}

function scopeOf(schema: Schema, { optionalOldSelf }: ValidationRule, isRoot: boolean): ReadonlyMap<string, CelType> {
  const self = typeOfSchema(schema as Parameters<typeof typeOfSchema>[0], isRoot) ?? dyn
  return new Map([
    ['self', self],
    ['oldSelf', optionalOldSelf ? optionalOf(self) : self],
  ])
}
