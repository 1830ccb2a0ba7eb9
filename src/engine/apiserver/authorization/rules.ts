import { fullResource, type Attributes } from './attributes.ts'
import type { PolicyRule } from './policy/rule.ts'

// upstream: pkg/apis/rbac/v1/evaluation_helpers.go

/** Whether one rule lets something happen. */
export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false
  if (!attributes.isResource) return (rule.nonResourceURLs ?? []).some((url) => matchesUrl(url, attributes.path))
  return (
    has(rule.apiGroups, attributes.group) &&
    matchesResource(rule, fullResource(attributes), attributes.subresource) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(attributes.name))
  )
}

const has = (list: readonly string[] | undefined, word: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(word))

/** `*` is everything; `*` before a subresource is that subresource of everything. */
function matchesResource({ resources = [] }: PolicyRule, whole: string, subresource: string): boolean {
  return resources.some((one) => one === '*' || one === whole || (subresource !== '' && one === `*/${subresource}`))
}

function matchesUrl(url: string, path: string): boolean {
  if (url === '*' || url === path) return true
  return url.endsWith('*') && path.startsWith(url.replace(/\*+$/, ''))
}

/** The rule as single permissions: one group, one resource, one verb, one name each. */
// upstream: staging/src/k8s.io/component-helpers/auth/rbac/validation/policy_comparator.go
export function brokenDown(rule: PolicyRule): readonly PolicyRule[] {
  const parts: PolicyRule[] = []
  for (const group of rule.apiGroups ?? [])
    for (const resource of rule.resources ?? [])
      for (const verb of rule.verbs) {
        const one = { apiGroups: [group], resources: [resource], verbs: [verb] }
        if (!rule.resourceNames?.length) parts.push(one)
        else for (const name of rule.resourceNames) parts.push({ ...one, resourceNames: [name] })
      }
  for (const url of rule.nonResourceURLs ?? [])
    for (const verb of rule.verbs) parts.push({ nonResourceURLs: [url], verbs: [verb] })
  return parts
}

/** The permissions among `wanted` that `owned` does not hold. */
export function missingFrom(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(brokenDown).filter((part) => !owned.some((rule) => covers(rule, part)))
}

function covers(owner: PolicyRule, part: PolicyRule): boolean {
  return (
    coversAll(owner.verbs, part.verbs) &&
    coversAll(owner.apiGroups, part.apiGroups) &&
    (part.resources ?? []).every((resource) => coversResource(owner.resources ?? [], resource)) &&
    (part.nonResourceURLs ?? []).every((url) => (owner.nonResourceURLs ?? []).some((own) => coversUrl(own, url))) &&
    coversNames(owner, part)
  )
}

function coversAll(own: readonly string[] = [], words: readonly string[] = []): boolean {
  return own.includes('*') || words.every((word) => own.includes(word))
}

function coversResource(own: readonly string[], resource: string): boolean {
  if (own.includes('*') || own.includes(resource)) return true
  const slash = resource.indexOf('/')
  return slash >= 0 && own.includes(`*/${resource.slice(slash + 1)}`)
}

const coversUrl = (own: string, url: string): boolean =>
  own === '*' || own === url || (own.endsWith('*') && url.startsWith(own.replace(/\*+$/, '')))

function coversNames(owner: PolicyRule, part: PolicyRule): boolean {
  if (!owner.resourceNames?.length) return true
  if (!part.resourceNames?.length) return false
  return part.resourceNames.every((name) => owner.resourceNames!.includes(name))
}

/** Permissions about the same thing put together again, in the order of their first verbs. */
// upstream: staging/src/k8s.io/component-helpers/auth/rbac/validation/policy_compact.go
export function compacted(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const simple = new Map<string, { rule: PolicyRule; verbs: string[] }>()
  const result: PolicyRule[] = []
  for (const rule of rules) {
    const key = simpleKey(rule)
    const known = key === undefined ? undefined : simple.get(key)
    if (key === undefined) result.push(rule)
    else if (known) known.verbs.push(...rule.verbs.filter((verb) => !known.verbs.includes(verb)))
    else simple.set(key, { rule, verbs: [...rule.verbs] })
  }
  for (const { rule, verbs } of simple.values()) result.push({ ...rule, verbs })
  return result
}

function simpleKey({ apiGroups, resources, resourceNames = [], nonResourceURLs }: PolicyRule): string | undefined {
  if (apiGroups?.length !== 1 || resources?.length !== 1 || resourceNames.length > 1 || nonResourceURLs?.length)
    return undefined
  return JSON.stringify([apiGroups[0], resources[0], resourceNames])
}

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}` */
export function formatRule({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ] as const
  return `{${parts
    .filter(([, list]) => list !== undefined && list.length > 0)
    .map(([name, list]) => `${name}:${quotedList(list!)}`)
    .join(', ')}}`
}

/** `["a" "b"]`: a list of strings as Go prints it with %q. */
export const quotedList = (list: readonly string[]): string => `[${list.map((word) => JSON.stringify(word)).join(' ')}]`
