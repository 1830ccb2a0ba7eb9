import { invalidValue, notAllowed, required, type FieldError } from '../../../api/index.ts'
import {
  CelError,
  fromJson,
  kindOf,
  optional,
  typeOfSchema,
  type Budget,
  type Frame,
  type Program,
} from '../../../cel/index.ts'
import { fieldAt } from '../definition/fieldPath.ts'
import { compileMessage, compileRule } from '../rulePrograms.ts'
import { isObject, itemsOf, propertyOf, sortedKeys, valuesOf, type Schema, type ValidationRule } from '../schema.ts'
import { isUnchanged, itemsBefore, memberBefore } from './correlate.ts'
import { nowhere } from './validate.ts'

/** How many steps all rules of one object may take together. upstream: celconfig.RuntimeCELCostBudget, in a cost of its own */
const stepsMax = 2_000_000

/** What the rules in CEL say of a value, given what it was before. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go
export function ruleResults(schema: Schema, value: unknown, old: unknown, path: string): readonly FieldError[] {
  if (!hasRules(schema)) return none
  const walk: Walk = { budget: { steps: stepsMax }, errors: [], ratchets: path === '' && old !== undefined }
  visit(walk, schema, value, old, path, path === '', false)
  return walk.errors
}

const none: readonly FieldError[] = Object.freeze([])

// A memo of frozen facts: whether there is a rule anywhere below.
const ruled = new WeakMap<Schema, boolean>()

function hasRules(schema: Schema): boolean {
  const known = ruled.get(schema)
  if (known !== undefined) return known
  const inner = [itemsOf(schema), valuesOf(schema), ...Object.values(schema.properties ?? {})]
  const found =
    (schema['x-kubernetes-validations']?.length ?? 0) > 0 || inner.some((one) => one !== undefined && hasRules(one))
  ruled.set(schema, found)
  return found
}

interface Walk {
  readonly budget: Budget
  readonly errors: FieldError[]
  /** whether this is an update: what was wrong before and has not changed is let through */
  readonly ratchets: boolean
}

/** `isKept`: the nearest object or list above that can be told apart has not changed. */
function visit(
  walk: Walk,
  schema: Schema,
  value: unknown,
  old: unknown,
  path: string,
  isRoot: boolean,
  isKept: boolean,
): void {
  if (value === null || value === undefined || !hasRules(schema)) return
  const isSame = walk.ratchets && (old === undefined ? isKept : isUnchanged(schema, value, old))
  for (const rule of schema['x-kubernetes-validations'] ?? [])
    apply(walk, schema, rule, value, old ?? undefined, path, isRoot, isSame)
  if (Array.isArray(value)) visitItems(walk, schema, value, old, path, isSame)
  else if (isObject(value)) {
    const others = valuesOf(schema)
    for (const key of sortedKeys(value)) {
      const property = propertyOf(schema, key)
      const inner = property ?? others
      if (inner === undefined) continue
      const at = property === undefined ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
      visit(walk, inner, value[key], memberBefore(old, key), at, false, isSame)
    }
  }
}

function visitItems(
  walk: Walk,
  schema: Schema,
  value: readonly unknown[],
  old: unknown,
  path: string,
  isKept: boolean,
): void {
  const items = itemsOf(schema)
  if (items === undefined) return
  const itemBefore = itemsBefore(schema, old)
  value.forEach((item, index) => visit(walk, items, item, itemBefore(item), `${path}[${index}]`, false, isKept))
}

function apply(
  { budget, errors }: Walk,
  schema: Schema,
  rule: ValidationRule,
  value: unknown,
  old: unknown,
  path: string,
  isRoot: boolean,
  isSame: boolean,
): void {
  const program = compileRule(schema, rule, isRoot)
  const place = path === '' ? nowhere : path
  const type = schema.type ?? ''
  if (rule.rule.trim() === '') return
  const why = program.error ?? (program.type.kind === 'bool' ? undefined : 'cel expression must evaluate to a bool')
  if (why !== undefined) return void errors.push(invalidValue(place, type, `rule compile error: ${why}`))
  const usesOld = program.mentions('oldSelf')
  if (usesOld && old === undefined && !rule.optionalOldSelf) return
  const frame = frameOf(schema, rule, value, old, isRoot)
  try {
    if (program.run(frame, budget) === true) return
    if (!usesOld && isSame) return // differs: upstream tells it as a warning
    const detail = messageOf(schema, rule, frame, budget, isRoot)
    const shown = type === 'object' || type === 'array' ? undefined : value
    errors.push(errorFor(rule, pathOf(place, schema, rule), shown, detail))
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    errors.push(failure(place, type, error.message, rule))
  }
}

function frameOf(schema: Schema, rule: ValidationRule, value: unknown, old: unknown, isRoot: boolean): Frame {
  const type = typeOfSchema(schema as Parameters<typeof typeOfSchema>[0], isRoot)
  const self = fromJson(value, type)
  const before = old === undefined ? undefined : fromJson(old, type)
  const oldSelf = rule.optionalOldSelf ? optional(before) : before
  return { find: (name) => (name === 'self' ? self : name === 'oldSelf' ? oldSelf : undefined) }
}

const words = ({ message = '', rule }: ValidationRule): string => (message === '' ? rule : message).trim()
const plainMessage = (rule: ValidationRule): string =>
  rule.message ? rule.message.trim() : `failed rule: ${words(rule)}`

function messageOf(schema: Schema, rule: ValidationRule, frame: Frame, budget: Budget, isRoot: boolean): string {
  if (!rule.messageExpression) return plainMessage(rule)
  const text = shownBy(compileMessage(schema, rule, isRoot), frame, budget)
  return text === '' || text.includes('\n') || text.length > 5120 ? plainMessage(rule) : text
}

function shownBy(program: Program, frame: Frame, budget: Budget): string {
  if (program.error !== undefined) return ''
  try {
    const value = program.run(frame, budget)
    return kindOf(value) === 'string' ? (value as string).trim() : ''
  } catch (error) {
    if (error instanceof CelError) return ''
    throw error
  }
}

/** Where a rule says that its fault is: `.spec['a-b']` below the place of its own. */
function pathOf(place: string, schema: Schema, { fieldPath }: ValidationRule): string {
  const found = fieldPath ? fieldAt(schema, fieldPath) : undefined
  if (found === undefined || typeof found === 'string') return place
  return place === nowhere ? found.field : `${place}.${found.field}`
}

function errorFor({ reason }: ValidationRule, field: string, value: unknown, detail: string): FieldError {
  if (reason === 'FieldValueForbidden') return notAllowed(field, detail)
  if (reason === 'FieldValueRequired') return required(field, detail)
  const type = reason === 'FieldValueDuplicate' ? reason : 'FieldValueInvalid'
  const text = type === 'FieldValueDuplicate' ? '' : detail
  return value === undefined ? { type, field, detail: text, omitsValue: true } : { type, field, value, detail: text }
}

function failure(field: string, type: string, text: string, rule: ValidationRule): FieldError {
  const detail = text.startsWith('no such overload')
    ? `'${text}': call arguments did not match a supported operator, function or macro signature for rule: ${words(rule)}`
    : text.startsWith('operation cancelled')
      ? `'${text}': no further validation rules will be run due to call cost exceeds limit for rule: ${words(rule)}`
      : `${text} evaluating rule: ${words(rule)}`
  return { type: 'FieldValueInvalid', field, value: type, detail }
}
