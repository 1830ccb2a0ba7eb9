import { invalidValue, required, type ClusterRole, type FieldError } from '../../api/index.ts'

type Rule = NonNullable<ClusterRole['rules']>[number]

/** What is wrong with the rules of a role. */
// upstream: pkg/apis/rbac/validation/validation.go ValidatePolicyRule
export function ruleErrors(rules: readonly Rule[] | null | undefined, isNamespaced: boolean): readonly FieldError[] {
  const errors: FieldError[] = []
  rules?.forEach((rule, index) => oneRuleErrors(errors, `rules[${index}]`, rule, isNamespaced))
  return errors
}

function oneRuleErrors(errors: FieldError[], path: string, rule: Rule, isNamespaced: boolean): void {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule
  if (!(verbs as readonly string[] | null | undefined)?.length)
    errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'))
  if (nonResourceURLs.length > 0) {
    const bad = (text: string): unknown => errors.push(invalidValue(`${path}.nonResourceURLs`, nonResourceURLs, text))
    if (isNamespaced) bad('namespaced rules cannot apply to non-resource URLs')
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      bad('rules cannot apply to both regular resources and non-resource URLs')
    return
  }
  if (apiGroups.length === 0)
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'))
  if (resources.length === 0)
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'))
}

/** Upstream's strategies look at the whole, and their validation of an update does so once more. */
export function twice(look: () => readonly FieldError[]): readonly FieldError[] {
  const errors = look()
  return [...errors, ...errors]
}
