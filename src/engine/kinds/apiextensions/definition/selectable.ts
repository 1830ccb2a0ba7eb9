import { duplicate, invalidValue, required, tooMany, type FieldError } from '../../../api/index.ts'
import type { Schema } from '../schema.ts'
import { schemaAt } from './fieldPath.ts'
import type { Version } from './types.ts'

const most = 8
const types = ['string', 'boolean', 'integer']

/** What is wrong with the fields that objects of a version can be selected by. `missing`: what is said without a schema. */
// upstream: apiextensions/validation/validation.go ValidateCustomResourceSelectableFields
export function selectableErrors(
  { selectableFields: fields = [] }: Version,
  schema: Schema | undefined,
  path: string,
  missing: string,
): readonly FieldError[] {
  const at = `${path}.selectableFields`
  if (fields.length === 0) return []
  if (schema === undefined) return [invalidValue(at, '', missing)]
  const errors: FieldError[] = []
  const known = new Set<string>()
  fields.forEach(({ jsonPath }, index) => {
    const place = `${at}[${index}].jsonPath`
    if (!jsonPath) return void errors.push(required(place))
    const found = schemaAt(schema, jsonPath, false)
    if (typeof found === 'string')
      return void errors.push(invalidValue(place, jsonPath, `is an invalid path: ${found}`))
    if (/^\.metadata(\.|$)/.test(jsonPath))
      errors.push(invalidValue(place, jsonPath, 'must not point to fields in metadata'))
    if (!types.includes(found.type ?? ''))
      errors.push(
        invalidValue(
          place,
          jsonPath,
          'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
        ),
      )
    if (known.has(jsonPath)) errors.push(duplicate(place, jsonPath))
    known.add(jsonPath)
  })
  return known.size > most ? [...errors, tooMany(at, known.size, most)] : errors
}
