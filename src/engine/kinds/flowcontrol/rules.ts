import {
  each,
  invalidValue,
  isLabel,
  isSubdomain,
  notAllowed,
  required,
  type FieldError,
  type FlowSchema,
} from '../../api/index.ts'

// upstream: pkg/apis/flowcontrol/validation/validation.go

type Rule = NonNullable<FlowSchema['spec']['rules']>[number]
type Subject = Rule['subjects'][number]
type ResourceRule = NonNullable<Rule['resourceRules']>[number]
type UrlRule = NonNullable<Rule['nonResourceRules']>[number]
type Texts = readonly string[]

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch']

/** What is wrong with a rule: whose requests, and which. */
export function flowRuleErrors(errors: FieldError[], path: string, rule: Rule): void {
  const { subjects, resourceRules = [], nonResourceRules = [] } = rule
  const list = (subjects as readonly Subject[] | null | undefined) ?? []
  if (list.length === 0) errors.push(required(`${path}.subjects`, 'subjects must contain at least one value'))
  list.forEach((subject, index) => subjectErrors(errors, `${path}.subjects[${index}]`, subject))
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'))
  resourceRules.forEach((one, index) => resourceErrors(errors, `${path}.resourceRules[${index}]`, one))
  nonResourceRules.forEach((one, index) => urlErrors(errors, `${path}.nonResourceRules[${index}]`, one))
}

const fields = { ServiceAccount: 'serviceAccount', User: 'user', Group: 'group' } as const
type SubjectKind = keyof typeof fields
const kinds = ['Group', 'ServiceAccount', 'User'] as const

function subjectErrors(errors: FieldError[], path: string, subject: Subject): void {
  const kind = kinds.find((one) => one === subject.kind)
  if (kind === undefined)
    return void errors.push({
      type: 'FieldValueNotSupported',
      field: `${path}.kind`,
      value: subject.kind ?? '',
      detail: `supported values: ${kinds.map((one) => `"${one}"`).join(', ')}`,
    })
  const field = fields[kind]
  const named = subject[field]
  const at = `${path}.${field}`
  if (named === undefined) errors.push(required(at, `${field} is required when subject kind is '${kind}'`))
  else if (!named.name) errors.push(required(`${at}.name`))
  else if (kind === 'ServiceAccount' && named.name !== '*')
    errors.push(...each(`${at}.name`, named.name, isSubdomain(named.name)))
  if (kind === 'ServiceAccount' && named !== undefined) {
    const { namespace } = subject.serviceAccount!
    if (namespace) errors.push(...each(`${at}.namespace`, namespace, isLabel(namespace)))
    else errors.push(required(`${at}.namespace`, 'must specify namespace for service account'))
  }
  for (const other of othersOf[kind])
    if (subject[fields[other]] !== undefined)
      errors.push(
        notAllowed(`${path}.${fields[other]}`, `${fields[other]} is forbidden when subject kind is not '${other}'`),
      )
}

const othersOf: Readonly<Record<SubjectKind, readonly SubjectKind[]>> = {
  ServiceAccount: ['User', 'Group'],
  User: ['ServiceAccount', 'Group'],
  Group: ['ServiceAccount', 'User'],
}

function verbErrors(errors: FieldError[], path: string, asked: Texts | undefined): void {
  if (!asked?.length) errors.push(required(path, 'verbs must contain at least one value'))
  else if (asked.includes('*')) aloneErrors(errors, path, asked, 'verbs')
  else if (!asked.every((verb) => verbs.includes(verb)))
    errors.push({
      type: 'FieldValueNotSupported',
      field: path,
      value: asked,
      detail: `supported values: ${verbs.map((verb) => `"${verb}"`).join(', ')}`,
    })
}

/** A star stands for all, so nothing may stand beside it. */
function aloneErrors(errors: FieldError[], path: string, list: Texts, word: string): void {
  if (list.length > 1 && list.includes('*'))
    errors.push(invalidValue(path, list, `if '*' is present, must not specify other ${word}`))
}

function resourceErrors(errors: FieldError[], path: string, rule: ResourceRule): void {
  const { clusterScope } = rule
  const apiGroups = rule.apiGroups ?? [] // an empty list is stored as null
  const resources = rule.resources ?? []
  const namespaces = rule.namespaces ?? []
  verbErrors(errors, `${path}.verbs`, rule.verbs)
  if (apiGroups.length === 0)
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  else aloneErrors(errors, `${path}.apiGroups`, apiGroups, 'api groups')
  if (resources.length === 0)
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
  else aloneErrors(errors, `${path}.resources`, resources, 'resources')
  const at = `${path}.namespaces`
  if (namespaces.length === 0 && clusterScope !== true)
    errors.push(required(at, 'resource rules that are not cluster scoped must supply at least one namespace'))
  else if (namespaces.includes('*')) aloneErrors(errors, at, namespaces, 'namespaces')
  else
    namespaces.forEach((namespace, index) => {
      for (const text of isLabel(namespace))
        errors.push(
          invalidValue(
            `${at}[${index}]`,
            namespace,
            `each member of this list must be '*' or a DNS-1123 label; ${text}`,
          ),
        )
    })
}

function urlErrors(errors: FieldError[], path: string, { verbs: asked, nonResourceURLs: urls = [] }: UrlRule): void {
  verbErrors(errors, `${path}.verbs`, asked)
  const at = `${path}.nonResourceURLs`
  if (urls.length === 0) errors.push(required(at, 'nonResourceURLs must contain at least one value'))
  else if (urls.includes('*')) aloneErrors(errors, at, urls, 'non-resource URLs')
  else
    urls.forEach((url, index) => {
      const bad = badUrl(url)
      if (bad !== undefined) errors.push(invalidValue(`${at}[${index}]`, url, bad))
    })
}

// upstream: ValidateNonResourceURLPath there
function badUrl(url: string): string | undefined {
  if (url === '') return 'must not be empty'
  if (url === '/') return undefined
  if (!url.startsWith('/')) return 'must start with slash'
  if (url.includes(' ')) return 'must not contain white-space'
  if (url.includes('//')) return 'must not contain double slash'
  const stars = url.split('*').length - 1
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? 'wildcard can only do suffix matching' : undefined
}

interface Condition {
  readonly type?: string
}

/** What is wrong with the conditions of either kind. */
export function flowConditionErrors(conditions: readonly Condition[] | undefined): readonly FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  conditions?.forEach(({ type = '' }, index) => {
    const path = `status.conditions[${index}].type`
    if (seen.has(type)) errors.push({ type: 'FieldValueDuplicate', field: path, value: type, detail: '' })
    seen.add(type)
    if (type === '') errors.push(required(path, 'must not be empty'))
  })
  return errors
}
