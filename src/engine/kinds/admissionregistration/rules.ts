import {
  duplicate,
  each,
  invalidValue,
  required,
  unsupported,
  type Draft,
  type FieldError,
  type ValidatingAdmissionPolicy,
} from '../../api/index.ts'
import { isPathSegment } from '../networking/pathSegment.ts'
import { selectorErrors } from '../rules/labelSelector.ts'

// upstream: pkg/apis/admissionregistration/validation/validation.go validateRuleWithOperations, validateMatchResources

/** Which requests a policy looks at. */
export type MatchResources = NonNullable<ValidatingAdmissionPolicy['spec']['matchConstraints']>
/** One rule of what it looks at: operations on resources. */
export type Rule = NonNullable<MatchResources['resourceRules']>[number]
type Texts = readonly string[]

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const changing = operations.filter((one) => one !== 'DELETE')
const scopes = ['*', 'Cluster', 'Namespaced']
/** How resources of other versions are seen. */
export const matchPolicies: Texts = Object.freeze(['Equivalent', 'Exact'])
/** What happens when a policy cannot be asked. */
export const failurePolicies: Texts = Object.freeze(['Fail', 'Ignore'])

const wildcardAmongOthers = (list: Texts): boolean => list.length > 1 && list.includes('*')

/** What is wrong with a rule of operations and resources. */
export function ruleErrors(errors: FieldError[], path: string, rule: Rule): void {
  const { operations: asked = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule
  if (asked.length === 0) errors.push(required(`${path}.operations`))
  if (wildcardAmongOthers(asked))
    errors.push(invalidValue(`${path}.operations`, asked, "if '*' is present, must not specify other operations"))
  asked.forEach((operation, index) => {
    if (!operations.includes(operation)) errors.push(unsupported(`${path}.operations[${index}]`, operation, operations))
  })
  if (apiGroups.length === 0) errors.push(required(`${path}.apiGroups`))
  if (wildcardAmongOthers(apiGroups))
    errors.push(invalidValue(`${path}.apiGroups`, apiGroups, "if '*' is present, must not specify other API groups"))
  if (apiVersions.length === 0) errors.push(required(`${path}.apiVersions`))
  if (wildcardAmongOthers(apiVersions))
    errors.push(
      invalidValue(`${path}.apiVersions`, apiVersions, "if '*' is present, must not specify other API versions"),
    )
  apiVersions.forEach((version, index) => {
    if (version === '') errors.push(required(`${path}.apiVersions[${index}]`))
  })
  resourcesErrors(errors, `${path}.resources`, resources)
  if (scope !== undefined && !scopes.includes(scope)) errors.push(unsupported(`${path}.scope`, scope, scopes))
}

function resourcesErrors(errors: FieldError[], path: string, resources: Texts): void {
  if (resources.length === 0) errors.push(required(path))
  const wholes = new Set<string>()
  const subs = new Set<string>()
  let hasPlain = false // upstream looks at the last one without a slash
  resources.forEach((text, index) => {
    const at = `${path}[${index}]`
    if (text === '') return void errors.push(required(at))
    const slash = text.indexOf('/')
    if (slash < 0) return void (hasPlain = text !== '*')
    const [resource, sub] = [text.slice(0, slash), text.slice(slash + 1)]
    if (wholes.has(resource))
      errors.push(invalidValue(at, text, `if '${resource}/*' is present, must not specify ${text}`))
    if (subs.has(sub)) errors.push(invalidValue(at, text, `if '*/${sub}' is present, must not specify ${text}`))
    if (sub === '*') wholes.add(resource)
    if (resource === '*') subs.add(sub)
  })
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(invalidValue(path, resources, "if '*/*' is present, must not specify other resources"))
  if (resources.includes('*') && hasPlain)
    errors.push(
      invalidValue(path, resources, "if '*' is present, must not specify other resources without subresources"),
    )
}

/** What is wrong with the requests a policy or its binding picks. */
export function matchErrors(errors: FieldError[], path: string, match: MatchResources | undefined): void {
  if (match === undefined) return
  const { matchPolicy, namespaceSelector, objectSelector } = match
  if (matchPolicy === undefined) errors.push(required(`${path}.matchPolicy`))
  else if (!matchPolicies.includes(matchPolicy))
    errors.push(unsupported(`${path}.matchPolicy`, matchPolicy, matchPolicies))
  if (namespaceSelector === undefined) errors.push(required(`${path}.namespaceSelector`))
  else errors.push(...selectorErrors(`${path}.namespaceSelector`, namespaceSelector))
  if (objectSelector === undefined) errors.push(required(`${path}.objectSelector`))
  else errors.push(...selectorErrors(`${path}.objectSelector`, objectSelector))
  for (const field of ['resourceRules', 'excludeResourceRules'] as const)
    match[field]?.forEach((rule, index) => namedRuleErrors(errors, `${path}.${field}[${index}]`, rule))
}

/** Whether a policy looks at requests or changes them. */
export type PolicySort = 'validating' | 'mutating'

/** What nothing can be changed about: objects that go. */
// upstream: validateMutatingAdmissionPolicyMatchResources there
export function mutableErrors(errors: FieldError[], path: string, { resourceRules = [] }: MatchResources): void {
  for (const operation of resourceRules.flatMap((rule) => rule.operations ?? []))
    if (!changing.includes(operation)) errors.push(unsupported(`${path}.resourceRules.operations`, operation, changing))
}

function namedRuleErrors(errors: FieldError[], path: string, rule: Rule): void {
  const names = rule.resourceNames ?? []
  names.forEach((name, index) => {
    const at = `${path}.resourceNames[${index}]`
    errors.push(...each(at, name, isPathSegment(name)))
    if (names.indexOf(name) < index) errors.push(duplicate(at, name))
  })
  ruleErrors(errors, path, rule)
}

/** What goes without saying about the requests that are picked. */
// upstream: pkg/apis/admissionregistration/v1/defaults.go SetDefaults_MatchResources
export function defaultMatch(match: Draft<MatchResources> | undefined): void {
  if (!match) return
  match.matchPolicy ??= 'Equivalent'
  match.namespaceSelector ??= {}
  match.objectSelector ??= {}
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) rule.scope ??= '*'
}

const reserved = '.static.k8s.io'

/** Names that belong to manifests on the API server's disk. */
export function staticNameWarnings(name: string): readonly string[] {
  if (!name.endsWith(reserved)) return []
  return [
    `metadata.name: names ending with "${reserved}" are reserved for static manifest-based configurations and cannot be managed via the API`,
  ]
}
