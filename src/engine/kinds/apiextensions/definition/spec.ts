import {
  invalidValue,
  isLabel1035,
  isSubdomain,
  notAllowed,
  required,
  tooMany,
  unsupported,
  type CustomResourceDefinition,
  type FieldError,
} from '../../../api/index.ts'
import { defaultErrors } from './defaultErrors.ts'
import { schemaForm, versionsForm } from './goForm.ts'
import { openApiErrors } from './openApi.ts'
import { schemaAt } from './rules.ts'
import { structuralErrors } from './structural.ts'
import { isShared, versionsOf, type PrinterColumn, type Subresources, type Version } from './types.ts'

type Spec = CustomResourceDefinition['spec']

/** What is wrong with the spec of a definition. */
// upstream: apiextensions/validation/validation.go validateCustomResourceDefinitionSpec
export function specErrors(definition: CustomResourceDefinition): readonly FieldError[] {
  const { spec } = definition
  const versions = versionsOf(definition)
  const hasDefinitionSchema =
    versions.length > 0 && isShared(versions, 'schema') && schemaOf(versions[0]!) !== undefined
  return [
    ...groupErrors(spec.group),
    ...scopeErrors(spec.scope),
    ...preserveErrors(spec),
    ...(hasDefinitionSchema ? [] : versions.flatMap(missingSchema)),
    ...versions.flatMap((version, index) => versionErrors(version, index, versions)),
    ...versionListErrors(versions),
    ...requiredNames(spec),
    ...nameErrors(spec.names, 'spec.names'),
    ...sharedErrors(versions),
    ...conversionErrors(spec),
  ]
}

const schemaOf = ({ schema }: Version) => schema?.openAPIV3Schema

function groupErrors(group: string | undefined): readonly FieldError[] {
  if (!group) return [required('spec.group')]
  const problems = isSubdomain(group)
  if (problems.length > 0) return [invalidValue('spec.group', group, problems.join(','))]
  return group.includes('.') ? [] : [invalidValue('spec.group', group, 'should be a domain with at least one dot')]
}

function scopeErrors(scope: string | undefined): readonly FieldError[] {
  if (!scope) return [required('spec.scope')]
  const known = ['Cluster', 'Namespaced']
  return known.includes(scope) ? [] : [unsupported('spec.scope', scope, known)]
}

function preserveErrors({ preserveUnknownFields }: Spec): readonly FieldError[] {
  if (!preserveUnknownFields) return []
  return [
    invalidValue(
      'spec.preserveUnknownFields',
      true,
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
    ),
  ]
}

const missingSchema = (version: Version, index: number): readonly FieldError[] =>
  schemaOf(version) === undefined ? [required(`spec.versions[${index}].schema.openAPIV3Schema`)] : []

function versionErrors(version: Version, index: number, versions: readonly Version[]): readonly FieldError[] {
  const path = `spec.versions[${index}]`
  const errors: FieldError[] = []
  const problems = isLabel1035(version.name ?? '')
  if (problems.length > 0) errors.push(invalidValue(`${path}.name`, version.name, problems.join(',')))
  if (version.deprecationWarning !== undefined) errors.push(...deprecationErrors(version, path))
  if (!isShared(versions, 'schema')) errors.push(...schemaErrors(version, `${path}.schema`))
  if (!isShared(versions, 'subresources'))
    errors.push(...subresourceErrors(version.subresources, `${path}.subresources`))
  if (!isShared(versions, 'additionalPrinterColumns'))
    errors.push(...columnErrors(version.additionalPrinterColumns, path))
  if (!isShared(versions, 'selectableFields')) errors.push(...selectableErrors(version, path))
  return errors
}

function deprecationErrors({ deprecated, deprecationWarning = '' }: Version, path: string): readonly FieldError[] {
  const at = `${path}.deprecationWarning`
  if (!deprecated) return [invalidValue(at, deprecationWarning, 'can only be set for deprecated versions')]
  if (deprecationWarning === '') return [invalidValue(at, '', 'must not be an empty string')]
  return deprecationWarning.length > 256
    ? [invalidValue(at, deprecationWarning, 'must be no more than 256 characters')]
    : []
}

/** What stands above the versions inside the server, because they all have it. */
function sharedErrors(versions: readonly Version[]): readonly FieldError[] {
  const [first] = versions
  if (first === undefined) return []
  return [
    ...(isShared(versions, 'schema') ? schemaErrors(first, 'spec.validation') : []),
    ...(isShared(versions, 'subresources') ? subresourceErrors(first.subresources, 'spec.subresources') : []),
    ...(isShared(versions, 'additionalPrinterColumns') ? columnErrors(first.additionalPrinterColumns, 'spec') : []),
    ...(isShared(versions, 'selectableFields') ? selectableErrors(first, 'spec') : []),
  ]
}

const rootWords = new Set(
  (
    'description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems ' +
    'minItems uniqueItems multipleOf required items properties externalDocs example x-kubernetes-preserve-unknown-fields ' +
    'x-kubernetes-validations'
  ).split(' '),
)
const rootText =
  'only [Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations] fields are allowed at the root of the schema if the status subresource is enabled'

function schemaErrors(version: Version, path: string): readonly FieldError[] {
  const schema = schemaOf(version)
  if (schema === undefined) return []
  const at = `${path}.openAPIV3Schema`
  const errors: FieldError[] = []
  if (version.subresources?.status !== undefined && Object.keys(schema).some((word) => !rootWords.has(word)))
    errors.push(invalidValue(at, schemaForm(schema), rootText))
  if (schema.nullable) errors.push(notAllowed(`${at}.nullable`, 'nullable cannot be true at the root'))
  errors.push(...openApiErrors(schema, at))
  const structural = structuralErrors(schema, at)
  if (structural.length > 0) return [...errors, ...structural]
  return [...errors, ...defaultErrors(schema, at)]
}

function versionListErrors(versions: readonly Version[]): readonly FieldError[] {
  const errors: FieldError[] = []
  const names = versions.map(({ name }) => name)
  const say = (text: string): void => void errors.push(invalidValue('spec.versions', versionsForm(versions), text))
  if (new Set(names).size < names.length) say('must contain unique version names')
  if (versions.filter(({ storage }) => storage).length !== 1)
    say('must have exactly one version marked as storage version')
  const [first] = names
  const problems = first ? isLabel1035(first) : []
  if (problems.length > 0) errors.push(invalidValue('spec.version', first, problems.join(',')))
  return errors
}

function requiredNames({ names }: Spec): readonly FieldError[] {
  return (['plural', 'singular', 'kind', 'listKind'] as const).flatMap((name) =>
    names?.[name] ? [] : [required(`spec.names.${name}`)],
  )
}

/** What is wrong with names, wanted or accepted. */
export function nameErrors(names: Partial<Spec['names']> | undefined, path: string): readonly FieldError[] {
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names ?? {}
  const errors: FieldError[] = []
  const check = (at: string, value: string | undefined, prefix = '', text = value): void => {
    const problems = text ? isLabel1035(text) : []
    if (problems.length > 0) errors.push(invalidValue(`${path}.${at}`, value, prefix + problems.join(',')))
  }
  const mixed = 'may have mixed case, but should otherwise match: '
  check('plural', plural)
  check('singular', singular)
  check('kind', kind, mixed, kind?.toLowerCase())
  check('listKind', listKind, mixed, listKind?.toLowerCase())
  shortNames.forEach((name, index) => check(`shortNames[${index}]`, name))
  if (kind && kind === listKind)
    errors.push(invalidValue(`${path}.listKind`, listKind, 'kind and listKind may not be the same'))
  categories.forEach((name, index) => check(`categories[${index}]`, name))
  return errors
}

function simplePathErrors(text: string, path: string): readonly FieldError[] {
  if (text === '') return [invalidValue(path, text, 'must not be empty')]
  return text.startsWith('.') ? [] : [invalidValue(path, text, 'must be a simple json path starting with .')]
}

function subresourceErrors(subresources: Subresources | undefined, path: string): readonly FieldError[] {
  const scale = subresources?.scale
  if (scale === undefined) return []
  const check = (name: keyof typeof scale, starts: readonly string[], text: string): readonly FieldError[] => {
    const at = `${path}.scale.${name}`
    const value = scale[name] ?? ''
    if (value === '') return name === 'labelSelectorPath' ? [] : [required(at)]
    const errors = simplePathErrors(value, at)
    if (errors.length > 0 || starts.some((start) => value.startsWith(start))) return errors
    return [invalidValue(at, value, `should be a json path under ${text}`)]
  }
  return [
    ...check('specReplicasPath', ['.spec.'], '.spec'),
    ...check('statusReplicasPath', ['.status.'], '.status'),
    ...check('labelSelectorPath', ['.spec.', '.status.'], 'either .spec or .status'),
  ]
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password', 'name']

function columnErrors(columns: readonly PrinterColumn[] | undefined, path: string): readonly FieldError[] {
  return (columns ?? []).flatMap(({ name, type, format, jsonPath }, index) => {
    const at = `${path}.additionalPrinterColumns[${index}]`
    const errors: FieldError[] = []
    const types = `must be one of ${columnTypes.join(',')}`
    if (!name) errors.push(required(`${at}.name`))
    if (!type) errors.push(required(`${at}.type`, types))
    else if (!columnTypes.includes(type)) errors.push(invalidValue(`${at}.type`, type, types))
    if (format && !columnFormats.includes(format))
      errors.push(invalidValue(`${at}.format`, format, `must be one of ${columnFormats.toSorted().join(',')}`))
    if (!jsonPath) errors.push(required(`${at}.JSONPath`))
    else errors.push(...simplePathErrors(jsonPath, `${at}.JSONPath`))
    return errors
  })
}

const selectableMax = 8
const selectableTypes = ['boolean', 'integer', 'string']

function selectableErrors(version: Version, path: string): readonly FieldError[] {
  const { selectableFields: fields = [] } = version
  const schema = schemaOf(version)
  const at = `${path}.selectableFields`
  if (fields.length === 0) return []
  if (schema === undefined) return [invalidValue(at, '', 'may only be set when spec.validations.schema is set')]
  const errors: FieldError[] = fields.length > selectableMax ? [tooMany(at, fields.length, selectableMax)] : []
  fields.forEach(({ jsonPath }, index) => {
    const place = `${at}[${index}].jsonPath`
    if (!jsonPath) return void errors.push(required(place))
    const found = schemaAt(schema, jsonPath, false)
    if (typeof found === 'string') errors.push(invalidValue(place, jsonPath, `is an invalid path: ${found}`))
    else if (jsonPath.startsWith('.metadata'))
      errors.push(invalidValue(place, jsonPath, 'must not point to fields in metadata'))
    else if (!selectableTypes.includes(found.type ?? ''))
      errors.push(
        invalidValue(
          place,
          jsonPath,
          `must point to a field of type ${selectableTypes.join(', ')}. Enum string fields and strings with formats are allowed.`,
        ),
      )
    if (fields.findIndex((other) => other.jsonPath === jsonPath) < index)
      errors.push({ type: 'FieldValueDuplicate', field: place, value: jsonPath, detail: '' })
  })
  return errors
}

function conversionErrors({ conversion }: Spec): readonly FieldError[] {
  const { strategy, webhook } = conversion ?? {}
  const path = 'spec.conversion'
  const known = ['None', 'Webhook']
  if (!strategy) return [required(`${path}.strategy`)]
  if (!known.includes(strategy)) return [unsupported(`${path}.strategy`, strategy, known)]
  const config = webhook?.clientConfig
  if (strategy === 'None')
    return [
      ...(config === undefined
        ? []
        : [notAllowed(`${path}.webhookClientConfig`, 'should not be set when strategy is not set to Webhook')]),
      ...(webhook?.conversionReviewVersions?.length
        ? [notAllowed(`${path}.conversionReviewVersions`, 'should not be set when strategy is not set to Webhook')]
        : []),
    ]
  const errors: FieldError[] = []
  if (config === undefined)
    errors.push(required(`${path}.webhookClientConfig`, 'required when strategy is set to Webhook'))
  else if ((config.url === undefined) === (config.service === undefined))
    errors.push(required(`${path}.webhookClientConfig`, 'exactly one of url or service is required'))
  const versions = webhook?.conversionReviewVersions ?? []
  if (versions.length === 0) errors.push(required(`${path}.conversionReviewVersions`))
  else if (!versions.some((version) => version === 'v1' || version === 'v1beta1'))
    errors.push(invalidValue(`${path}.conversionReviewVersions`, versions, 'must include at least one of v1, v1beta1'))
  return errors
}
