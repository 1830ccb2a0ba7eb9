import { invalidValue, required, unsupported, type FieldError } from '../../../api/index.ts'
import { typeOfSchema } from '../../../cel/index.ts'
import { compileRule, compileMessage } from '../rulePrograms.ts'
import type { Schema, ValidationRule } from '../schema.ts'
import { schemaAt } from './fieldPath.ts'
import { ruleForm } from './goForm.ts'
import { unusableWord } from './unusable.ts'

// upstream: apiextensions/validation/validation.go, in ValidateCustomResourceDefinitionOpenAPISchema

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const hasBreak = (text: string): boolean => /[\r\n]/.test(text)

/** What is wrong with the form of a node's rules, before anyone reads their CEL. */
export function ruleFormErrors(schema: Schema, path: string): readonly FieldError[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) =>
    formErrors(schema, rule, `${path}.x-kubernetes-validations[${index}]`),
  )
}

function formErrors(schema: Schema, rule: ValidationRule, path: string): readonly FieldError[] {
  const { message = '', messageExpression, reason, fieldPath } = rule
  const errors: FieldError[] = []
  const [text, words] = [(rule.rule ?? '').trim(), message.trim()]
  if (text === '') errors.push(required(`${path}.rule`, 'rule is not specified'))
  else if (message !== '' && words === '')
    errors.push(invalidValue(`${path}.message`, message, 'must be non-empty if specified'))
  else if (hasBreak(words)) errors.push(invalidValue(`${path}.message`, message, 'must not contain line breaks'))
  else if (hasBreak(text) && words === '')
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'))
  if (messageExpression && messageExpression.trim() === '')
    errors.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'))
  if (reason !== undefined && !reasons.includes(reason)) errors.push(unsupported(`${path}.reason`, reason, reasons))
  if (!fieldPath) return errors
  const say = (detail: string): void => void errors.push(invalidValue(`${path}.fieldPath`, fieldPath, detail))
  if (fieldPath.trim() === '') say('must be non-empty if specified')
  if (hasBreak(fieldPath)) say('must not contain line breaks')
  if (typeof schemaAt(schema, fieldPath) === 'string' && unusableWord(schema) === undefined) say('must be a valid path')
  return errors
}

/** What is wrong with a node's rules in CEL. */
export function ruleErrors(
  schema: Schema,
  path: string,
  isRoot: boolean,
  loosePath: string | undefined,
): readonly FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? []
  if (rules.length > 0 && typeOfSchema(schema as Parameters<typeof typeOfSchema>[0], isRoot) === undefined)
    return [internal(`${path}.x-kubernetes-validations`, typeless)]
  return rules.flatMap((rule, index) =>
    oneRule(schema, rule, `${path}.x-kubernetes-validations[${index}]`, isRoot, loosePath),
  )
}

const typeless =
  'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations'

const internal = (field: string, detail: string): FieldError => ({ type: 'InternalError', field, value: null, detail })

function oneRule(
  schema: Schema,
  rule: ValidationRule,
  path: string,
  isRoot: boolean,
  loosePath: string | undefined,
): readonly FieldError[] {
  const { optionalOldSelf } = rule
  const errors: FieldError[] = []
  const program = compileRule(schema, rule, isRoot)
  const isBool = program.error === undefined && program.type.kind === 'bool'
  if (isBool) errors.push(...messageErrors(schema, rule, path, isRoot))
  else
    errors.push(invalidValue(`${path}.rule`, ruleForm(rule), program.error ?? 'cel expression must evaluate to a bool'))
  if (isBool && program.mentions('oldSelf')) {
    const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${loosePath}`
    if (loosePath !== undefined) errors.push(invalidValue(`${path}.rule`, rule.rule, text))
  } else if (optionalOldSelf !== undefined)
    errors.push(
      invalidValue(`${path}.optionalOldSelf`, optionalOldSelf, 'may not be set if oldSelf is not used in rule'),
    )
  return errors
}

function messageErrors(schema: Schema, rule: ValidationRule, path: string, isRoot: boolean): readonly FieldError[] {
  if (!rule.messageExpression?.trim()) return []
  const { error, type } = compileMessage(schema, rule, isRoot)
  const say = (text: string): FieldError => invalidValue(`${path}.messageExpression`, ruleForm(rule), text)
  if (error !== undefined) return [say(`messageExpression ${error}`)]
  return type.kind === 'string' ? [] : [say('messageExpression must evaluate to a string')]
}
