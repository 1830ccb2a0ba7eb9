import { invalidValue, type FieldError, type KubeObject } from '../../api/index.ts'
import type { Scale } from '../../kinds/apiextensions/definition/types.ts'
import type { Schema } from '../../kinds/apiextensions/schema.ts'
import { embeddedErrors, listErrors } from '../../kinds/apiextensions/values/lists.ts'
import { ruleResults } from '../../kinds/apiextensions/values/rules.ts'
import { nowhere, validateValue } from '../../kinds/apiextensions/values/validate.ts'
import { valueAt } from './jsonPath.ts'

const none: readonly FieldError[] = Object.freeze([])

/** What is wrong with a custom resource by its schema, and by the rules in it. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/strategy.go Validate, ValidateUpdate
export function customErrors(
  schema: Schema,
  scale: Scale | undefined,
  object: KubeObject,
  old: KubeObject | undefined,
): readonly FieldError[] {
  const errors = valueErrors(schema, scale, object, old)
  if (!errors.some(isBlocking)) {
    const rules = ruleResults(schema, object, old, '')
    return rules.length === 0 ? errors : [...errors, ...rules]
  }
  return hasRules(schema) ? [...errors, unchecked] : errors
}

/** In an update, what was wrong in a part that has not changed is let through, and so are lists as soon as one was wrong. */
function valueErrors(
  schema: Schema,
  scale: Scale | undefined,
  object: KubeObject,
  old: KubeObject | undefined,
): readonly FieldError[] {
  const errors = validateValue(schema, object, '', old)
  const lists = listErrors(schema, object)
  const kept = lists.length > 0 && old !== undefined && listErrors(schema, old).length > 0
  const more = [...scaleErrors(scale, object), ...embeddedErrors(schema, object), ...(kept ? [] : lists)]
  return errors.length + more.length === 0 ? none : [...errors, ...more]
}

const blocking: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])
const isBlocking = ({ type }: FieldError): boolean => blocking.has(type)

const unchecked = invalidValue(
  nowhere,
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
)

function hasRules(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false
  return 'x-kubernetes-validations' in schema || Object.values(schema).some(hasRules)
}

function scaleErrors(scale: Scale | undefined, object: KubeObject): readonly FieldError[] {
  if (scale === undefined) return none
  const check = (path: string): readonly FieldError[] => {
    const replicas = valueAt(path, object)
    if (typeof replicas !== 'number') return none
    const field = path.replace(/^\./, '')
    if (replicas < 0) return [invalidValue(field, replicas, 'should be a non-negative integer')]
    return replicas > 2_147_483_647
      ? [invalidValue(field, replicas, 'should be less than or equal to 2147483647')]
      : none
  }
  return [...check(scale.specReplicasPath), ...check(scale.statusReplicasPath)]
}
