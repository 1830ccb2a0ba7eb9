import { invalidValue, type FieldError } from '../../../api/index.ts'
import { itemsOf, sortedKeys, type Schema } from '../schema.ts'
import { inOrder } from '../values/copyPlain.ts'
import { embeddedErrors } from '../values/lists.ts'
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
    if (unknown.length > 0) errors.push(invalidValue(at, inOrder(schema.default), 'must not have unknown fields'))
    errors.push(...valueErrors(schema, schema.default, at))
  }
  const items = itemsOf(schema)
  if (items !== undefined) errors.push(...defaultErrors(items, `${path}.items`))
  const { properties = {} } = schema
  for (const name of sortedKeys(properties))
    errors.push(...defaultErrors(properties[name]!, `${path}.properties[${name}]`))
  return errors
}

/** Its rules are asked as for an update that changes nothing, and then as for a creation. */
function valueErrors(schema: Schema, value: unknown, path: string): readonly FieldError[] {
  for (const errors of [embeddedErrors(schema, value, path), validateValue(schema, value, path)])
    if (errors.length > 0) return errors
  const kept = ruleResults(schema, value, value, path)
  return kept.length > 0 ? kept : ruleResults(schema, value, undefined, path)
}
