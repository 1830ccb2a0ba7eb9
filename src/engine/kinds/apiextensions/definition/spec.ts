import {
  each,
  invalidValue,
  isLabel1035,
  isSubdomain,
  notAllowed,
  required,
  unsupported,
  type CustomResourceDefinition,
  type FieldError,
} from '../../../api/index.ts'
import { clientErrors } from '../../rules/webhookClient.ts'
import { versionsForm } from './goForm.ts'
import { schemaErrors } from './schemaErrors.ts'
import { selectableErrors } from './selectable.ts'
import { hasDefaults } from './walk.ts'
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
    ...(hasDefinitionSchema ? [] : versions.flatMap(missingSchema)),
    ...(spec.preserveUnknownFields && versions.some(hasDefaults)
      ? [invalidValue('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema')]
      : []),
    ...versions.flatMap((version, index) => versionErrors(version, index, versions)),
    ...versionListErrors(versions),
    ...requiredNames(spec),
    ...nameErrors(spec.names, 'spec.names'),
    ...sharedErrors(versions),
    ...conversionErrors(spec),
  ]
}

const schemaOf = ({ schema }: Version) => schema?.openAPIV3Schema
const hasStatus = ({ subresources }: Version): boolean => subresources?.status !== undefined

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

const missingSchema = (version: Version, index: number): readonly FieldError[] =>
  schemaOf(version) === undefined ? [required(`spec.versions[${index}].schema.openAPIV3Schema`)] : []

function versionErrors(version: Version, index: number, versions: readonly Version[]): readonly FieldError[] {
  const path = `spec.versions[${index}]`
  const errors: FieldError[] = []
  const problems = isLabel1035(version.name ?? '')
  if (problems.length > 0) errors.push(invalidValue(`${path}.name`, version.name, problems.join(',')))
  if (version.deprecationWarning !== undefined) errors.push(...deprecationErrors(version, path))
  if (!isShared(versions, 'schema'))
    errors.push(...schemaErrors(schemaOf(version), `${path}.schema`, hasStatus(version)))
  if (!isShared(versions, 'subresources'))
    errors.push(...subresourceErrors(version.subresources, `${path}.subresources`))
  if (!isShared(versions, 'additionalPrinterColumns'))
    errors.push(...columnErrors(version.additionalPrinterColumns, path))
  if (!isShared(versions, 'selectableFields'))
    errors.push(
      ...selectableErrors(
        version,
        isShared(versions, 'schema') ? undefined : schemaOf(version),
        path,
        'may only be set when `version.schema.openAPIV3Schema` is not included',
      ),
    )
  return errors
}

// upstream: validateDeprecationWarning there
function deprecationErrors({ deprecated, deprecationWarning = '' }: Version, path: string): readonly FieldError[] {
  const say = (text: string): FieldError => invalidValue(`${path}.deprecationWarning`, Object(deprecationWarning), text) // a pointer, which is shown as JSON
  if (!deprecated) return [say('can only be set for deprecated versions')]
  if (deprecationWarning === '') return [say('must not be an empty string')]
  const bytes = new TextEncoder()
  const errors = bytes.encode(deprecationWarning).length > 256 ? [say('must be <= 256 characters long')] : []
  const odd = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.exec(deprecationWarning)
  if (odd !== null) {
    const index = bytes.encode(deprecationWarning.slice(0, odd.index)).length
    const text = 'must only contain printable UTF-8 characters; non-printable character found at index'
    errors.push(say(`${text} ${index}`))
  }
  return errors
}

/** What stands above the versions inside the server, because they all have it. */
function sharedErrors(versions: readonly Version[]): readonly FieldError[] {
  const [first] = versions
  if (first === undefined) return []
  const hasSchema = isShared(versions, 'schema')
  return [
    ...(hasSchema ? schemaErrors(schemaOf(first), 'spec.validation', versions.some(hasStatus)) : []),
    ...(isShared(versions, 'subresources') ? subresourceErrors(first.subresources, 'spec.subresources') : []),
    ...(isShared(versions, 'additionalPrinterColumns') ? columnErrors(first.additionalPrinterColumns, 'spec') : []),
    ...(isShared(versions, 'selectableFields')
      ? selectableErrors(
          first,
          hasSchema ? schemaOf(first) : undefined,
          'spec',
          'may only be set when validations.schema is included',
        )
      : []),
  ]
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
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

function columnErrors(columns: readonly PrinterColumn[] | undefined, path: string): readonly FieldError[] {
  return (columns ?? []).flatMap(({ name, type, format, jsonPath }, index) => {
    const at = `${path}.additionalPrinterColumns[${index}]`
    const errors: FieldError[] = []
    const types = `must be one of ${columnTypes.join(',')}`
    if (!name) errors.push(required(`${at}.name`))
    if (!type) errors.push(required(`${at}.type`, types))
    else if (!columnTypes.includes(type)) errors.push(invalidValue(`${at}.type`, type, types))
    if (format && !columnFormats.includes(format))
      errors.push(invalidValue(`${at}.format`, format, `must be one of ${columnFormats.join(',')}`))
    if (!jsonPath) errors.push(required(`${at}.JSONPath`))
    else errors.push(...simplePathErrors(jsonPath, `${at}.JSONPath`))
    return errors
  })
}

/** The whole list is read as one that should name at least one known version. */
function reviewErrors(versions: readonly string[], path: string): readonly FieldError[] {
  if (versions.length === 0) return [required(path)]
  const errors = versions.flatMap((version, index) =>
    versions.indexOf(version) < index
      ? [invalidValue(`${path}[${index}]`, version, 'duplicate version')]
      : each(`${path}[${index}]`, version, isLabel1035(version)),
  )
  if (versions.some((version) => version === 'v1' || version === 'v1beta1')) return errors
  return [...errors, invalidValue(path, versions, 'must include at least one of v1, v1beta1')]
}

// upstream: validateCustomResourceConversion there
// differs: the bundle of certificates is not looked at
function conversionErrors({ conversion, preserveUnknownFields }: Spec): readonly FieldError[] {
  const { strategy, webhook } = conversion ?? {}
  const path = 'spec.conversion'
  const at = `${path}.webhookClientConfig`
  const known = ['None', 'Webhook']
  const errors: FieldError[] = []
  if (strategy !== 'None' && preserveUnknownFields)
    errors.push(invalidValue(`${path}.strategy`, strategy ?? '', 'must be None if spec.preserveUnknownFields is true'))
  if (!strategy) errors.push(required(`${path}.strategy`))
  else if (!known.includes(strategy)) errors.push(unsupported(`${path}.strategy`, strategy, known))
  const config = webhook?.clientConfig
  const versions = webhook?.conversionReviewVersions ?? []
  if (strategy === 'Webhook') {
    if (config === undefined) errors.push(required(at, 'required when strategy is set to Webhook'))
    else errors.push(...clientErrors(at, config))
    return [...errors, ...reviewErrors(versions, `${path}.conversionReviewVersions`)]
  }
  const text = 'should not be set when strategy is not set to Webhook'
  if (config !== undefined) errors.push(notAllowed(at, text))
  if (versions.length > 0) errors.push(notAllowed(`${path}.conversionReviewVersions`, text))
  return errors
}
