import { propertyOf, valuesOf, type Schema } from '../schema.ts'

/** A path's signs: brackets and dots alone, texts in quotes whole, and what is between them. */
const sign = /'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]]+/g

/** The schema that a simple path like `.spec.ports['a-b']` leads to, or why it leads nowhere. */
// upstream: staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go ValidFieldPath
export function schemaAt(schema: Schema, path: string, allowsBrackets = true): Schema | string {
  const found = fieldAt(schema, path, allowsBrackets)
  return typeof found === 'string' ? found : found.schema
}

/** The same with the path as complaints write it: `spec.ports[a-b]`, the keys of maps in brackets. */
export function fieldAt(
  schema: Schema,
  path: string,
  allowsBrackets = true,
): { readonly schema: Schema; readonly field: string } | string {
  let field = ''
  const signs = path.match(sign) ?? []
  let at: Schema = schema
  for (let index = 0; index < signs.length;) {
    const opening = signs[index++]!
    if (opening !== '.' && opening !== '[') return `expected [ or . but got: ${opening}`
    if (opening === '[' && !allowsBrackets) return 'array notation is not allowed'
    let name = signs[index++]
    if (name === undefined) return 'unexpected end of JSON path'
    if (opening === '[') {
      if (name.length < 2 || !name.startsWith("'") || !name.endsWith("'"))
        return `expected single quoted string but got ${name}`
      name = name.slice(1, -1).replace(/\\(.)/g, '$1')
    }
    const next = at.properties === undefined ? valuesOf(at) : propertyOf(at, name)
    if (next === undefined) return 'does not refer to a valid field'
    field += at.properties === undefined ? `[${name}]` : field === '' ? name : `.${name}`
    at = next
    if (opening === '.') continue
    const closing = signs[index++]
    if (closing === undefined) return 'unexpected end of JSON path'
    if (closing !== ']') return `expected ] but got ${closing}`
  }
  return { schema: at, field }
}
