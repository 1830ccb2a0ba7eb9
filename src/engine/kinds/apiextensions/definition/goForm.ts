import { isObject, type Schema, type ValidationRule } from '../schema.ts'
import { isShared, type Version } from './types.ts'

// How Go prints the server's inner structs in a message: every field, in their order, with the names of the structs.

type Json = Readonly<Record<string, unknown>>

/** All versions of a definition. */
export function versionsForm(versions: readonly Version[]): readonly Json[] {
  const own = <T>(part: Parameters<typeof isShared>[1], value: T | undefined, form: (value: T) => unknown): unknown =>
    value === undefined || isShared(versions, part) ? null : form(value)
  return versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: own('schema', version.schema, ({ openAPIV3Schema }) => ({
      OpenAPIV3Schema: openAPIV3Schema === undefined ? null : schemaForm(openAPIV3Schema),
    })),
    Subresources: own('subresources', version.subresources, ({ status, scale }) => ({
      Status: status === undefined ? null : {},
      Scale:
        scale === undefined
          ? null
          : {
              SpecReplicasPath: scale.specReplicasPath,
              StatusReplicasPath: scale.statusReplicasPath,
              LabelSelectorPath: scale.labelSelectorPath ?? null,
            },
    })),
    AdditionalPrinterColumns: own('additionalPrinterColumns', version.additionalPrinterColumns, (columns) =>
      columns.map(({ name, type, format = '', description = '', priority = 0, jsonPath }) => ({
        Name: name,
        Type: type,
        Format: format,
        Description: description,
        Priority: priority,
        JSONPath: jsonPath,
      })),
    ),
    SelectableFields: own('selectableFields', version.selectableFields, (fields) =>
      fields.map(({ jsonPath }) => ({ JSONPath: jsonPath })),
    ),
  }))
}

/** A schema. */
export function schemaForm(schema: Schema): Json {
  const text = (key: string): unknown => schema[key] ?? ''
  const flag = (key: string): unknown => schema[key] ?? false
  const pointer = (key: string): unknown => schema[key] ?? null
  const nested = (key: string): unknown => (isObject(schema[key]) ? schemaForm(schema[key] as Schema) : null)
  const list = (key: string): unknown => (schema[key] as readonly Schema[] | undefined)?.map(schemaForm) ?? null
  return {
    ID: text('id'),
    Schema: text('$schema'),
    Ref: pointer('$ref'),
    Description: text('description'),
    Type: text('type'),
    Nullable: flag('nullable'),
    Format: text('format'),
    Title: text('title'),
    Default: pointer('default'),
    Maximum: pointer('maximum'),
    ExclusiveMaximum: flag('exclusiveMaximum'),
    Minimum: pointer('minimum'),
    ExclusiveMinimum: flag('exclusiveMinimum'),
    MaxLength: pointer('maxLength'),
    MinLength: pointer('minLength'),
    Pattern: text('pattern'),
    MaxItems: pointer('maxItems'),
    MinItems: pointer('minItems'),
    UniqueItems: flag('uniqueItems'),
    MultipleOf: pointer('multipleOf'),
    Enum: pointer('enum'),
    MaxProperties: pointer('maxProperties'),
    MinProperties: pointer('minProperties'),
    Required: pointer('required'),
    Items: itemsForm(schema['items']),
    AllOf: list('allOf'),
    OneOf: list('oneOf'),
    AnyOf: list('anyOf'),
    Not: nested('not'),
    Properties: mapForm(schema['properties']),
    AdditionalProperties: orBool(schema['additionalProperties']),
    PatternProperties: mapForm(schema['patternProperties']),
    Dependencies: pointer('dependencies'),
    AdditionalItems: orBool(schema['additionalItems']),
    Definitions: mapForm(schema['definitions']),
    ExternalDocs: pointer('externalDocs'),
    Example: pointer('example'),
    XPreserveUnknownFields: pointer('x-kubernetes-preserve-unknown-fields'),
    XEmbeddedResource: flag('x-kubernetes-embedded-resource'),
    XIntOrString: flag('x-kubernetes-int-or-string'),
    XListMapKeys: pointer('x-kubernetes-list-map-keys'),
    XListType: pointer('x-kubernetes-list-type'),
    XMapType: pointer('x-kubernetes-map-type'),
    XValidations: schema['x-kubernetes-validations']?.map(ruleForm) ?? null,
  }
}

/** One rule in CEL. */
export function ruleForm(rule: ValidationRule): Json {
  return {
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  }
}

function itemsForm(items: unknown): unknown {
  if (items === undefined || items === null) return null
  return Array.isArray(items)
    ? { Schema: null, JSONSchemas: items.map((one) => schemaForm(one as Schema)) }
    : { Schema: schemaForm(items as Schema), JSONSchemas: null }
}

function orBool(value: unknown): unknown {
  if (value === undefined || value === null) return null
  return typeof value === 'boolean'
    ? { Allows: value, Schema: null }
    : { Allows: true, Schema: schemaForm(value as Schema) }
}

function mapForm(value: unknown): unknown {
  if (!isObject(value)) return null
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, schemaForm(value[key] as Schema)]))
}
