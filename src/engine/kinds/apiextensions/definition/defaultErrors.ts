import { invalidValue, type FieldError } from '../../../api/index.ts'
import { itemsOf, sortedKeys, type Schema } from '../schema.ts'
import { prune } from '../values/prune.ts'
import { ruleResults } from '../values/rules.ts'
import { validateValue } from '../values/validate.ts'

/** Defaults that their own schema would refuse. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go
export function defaultErrors(schema: Schema, path: string): readonly FieldError[] {
  const errors: FieldError[] = []
  if (schema.default !== undefined && schema.default !== null) {
    const at = `${path}.default`
    const unknown: string[] = []
    prune(schema.default, schema, schema['x-kubernetes-embedded-resource'] === true, unknown)
    if (unknown.length > 0) errors.push(invalidValue(at, schema.default, 'must not have unknown fields'))
    const wrong = validateValue(schema, schema.default, at)
    errors.push(...wrong)
    if (wrong.length === 0) errors.push(...ruleResults(schema, schema.default, undefined, at))
  }
  const items = itemsOf(schema)
  if (items !== undefined) errors.push(...defaultErrors(items, `${path}.items`))
  const { properties = {} } = schema
  for (const name of sortedKeys(properties))
    errors.push(...defaultErrors(properties[name]!, `${path}.properties[${name}]`))
  return errors
}
