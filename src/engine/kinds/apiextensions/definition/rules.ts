import { invalidValue, required, unsupported, type FieldError } from '../../../api/index.ts'
import { compileRule, compileMessage } from '../rulePrograms.ts'
import { itemsOf, valuesOf, type Schema, type ValidationRule } from '../schema.ts'
import { ruleForm } from './goForm.ts'

const reasons = ['FieldValueRequired', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueDuplicate']

/** What is wrong with a node's rules in CEL. */
// upstream: apiextensions/validation/validation.go, in ValidateCustomResourceDefinitionOpenAPISchema
export function ruleErrors(
  schema: Schema,
  path: string,
  isRoot: boolean,
  loosePath: string | undefined,
): readonly FieldError[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) =>
    oneRule(schema, rule, `${path}.x-kubernetes-validations[${index}]`, isRoot, loosePath),
  )
}

function oneRule(
  schema: Schema,
  rule: ValidationRule,
  path: string,
  isRoot: boolean,
  loosePath: string | undefined,
): readonly FieldError[] {
  const text = rule.rule.trim()
  if (text === '') return [required(`${path}.rule`, 'rule is not specified'), ...wordErrors(rule, path)]
  const errors = [...wordErrors(rule, path), ...pathErrors(schema, rule, path)]
  const program = compileRule(schema, rule, isRoot)
  if (program.error !== undefined) errors.push(invalidValue(`${path}.rule`, ruleForm(rule), program.error))
  else if (program.type.kind !== 'bool' && program.type.kind !== 'dyn')
    errors.push(invalidValue(`${path}.rule`, ruleForm(rule), 'cel expression must evaluate to a bool'))
  else if (program.mentions('oldSelf') && loosePath !== undefined)
    errors.push(
      invalidValue(
        `${path}.rule`,
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${loosePath}`,
      ),
    )
  else if (rule.optionalOldSelf !== undefined && !program.mentions('oldSelf'))
    errors.push(
      invalidValue(`${path}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'),
    )
  return [...errors, ...messageErrors(schema, rule, path, isRoot)]
}

const hasBreak = (text: string): boolean => /[\r\n]/.test(text)

function wordErrors({ rule, message = '', messageExpression, reason }: ValidationRule, path: string): FieldError[] {
  const errors: FieldError[] = []
  const [text, words] = [rule.trim(), message.trim()]
  if (message !== '' && words === '')
    errors.push(invalidValue(`${path}.message`, message, 'message must be non-empty if specified'))
  else if (hasBreak(words))
    errors.push(invalidValue(`${path}.message`, message, 'message must not contain line breaks'))
  else if (hasBreak(text) && words === '')
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'))
  if (messageExpression && messageExpression.trim() === '')
    errors.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'))
  if (reason !== undefined && !reasons.includes(reason))
    errors.push(unsupported(`${path}.reason`, reason, reasons.toSorted()))
  return errors
}

function messageErrors(schema: Schema, rule: ValidationRule, path: string, isRoot: boolean): readonly FieldError[] {
  if (!rule.messageExpression?.trim()) return []
  const { error, type } = compileMessage(schema, rule, isRoot)
  const say = (text: string): FieldError => invalidValue(`${path}.messageExpression`, ruleForm(rule), text)
  if (error !== undefined) return [say(`messageExpression ${error}`)]
  return type.kind === 'string' || type.kind === 'dyn' ? [] : [say('messageExpression must evaluate to a string')]
}

// upstream: apiserver/schema/cel/validation.go ValidFieldPath
function pathErrors(schema: Schema, { fieldPath }: ValidationRule, path: string): readonly FieldError[] {
  if (!fieldPath) return []
  if (fieldPath.trim() === '')
    return [invalidValue(`${path}.fieldPath`, fieldPath, 'fieldPath must be non-empty if specified')]
  if (hasBreak(fieldPath))
    return [invalidValue(`${path}.fieldPath`, fieldPath, 'fieldPath must not contain line breaks')]
  const problem = fieldPathProblem(schema, fieldPath)
  return problem === undefined ? [] : [invalidValue(`${path}.fieldPath`, fieldPath, `fieldPath ${problem}`)]
}

/** Why a path like `.spec.ports['a-b']` leads nowhere in a schema; undefined if it does. */
export function fieldPathProblem(schema: Schema, fieldPath: string): string | undefined {
  const found = schemaAt(schema, fieldPath)
  return typeof found === 'string' ? found : undefined
}

/** The schema that a simple path leads to, or why it leads nowhere. */
export function schemaAt(schema: Schema, fieldPath: string, allowsMaps = true): Schema | string {
  const steps = [...fieldPath.matchAll(/\.([A-Za-z_][\w-]*)|\['([^']*)'\]|(.)/g)]
  let at: Schema = schema
  for (const [whole, plain, quoted, junk] of steps) {
    if (junk !== undefined) return `must be a valid path: unexpected character ${junk}`
    const name = plain ?? quoted!
    if (quoted !== undefined && !allowsMaps) return `does not refer to a valid field: array notation is not allowed`
    const next = at.properties?.[name] ?? (quoted === undefined ? undefined : valuesOf(at))
    if (next === undefined)
      return itemsOf(at) === undefined ? `does not refer to a valid field` : `is an array: ${whole}`
    at = next
  }
  return at
}
