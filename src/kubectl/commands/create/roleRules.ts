import type { Cluster } from '../../cluster.ts'
import type { Io } from '../../context.ts'
import { CommandError, StandardError } from '../../errors.ts'

/** What the flags say of rules. */
export interface RuleFlags {
  readonly verb: readonly string[]
  readonly resource: readonly string[]
  readonly 'resource-name': readonly string[]
  readonly 'non-resource-url'?: readonly string[]
}

const standardVerbs =
  '* get delete list create update patch watch proxy deletecollection use bind escalate impersonate'.split(' ')

const rbac = 'rbac.authorization.k8s.io'

/** Verbs that only make sense of some resources: `resource.group`. */
const specialVerbs: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: [`roles.${rbac}`, `clusterroles.${rbac}`],
  escalate: [`roles.${rbac}`, `clusterroles.${rbac}`],
  impersonate: ['users.', 'serviceaccounts.', 'groups.', 'userextras.authentication.k8s.io'],
}

interface Named {
  readonly resource: string
  readonly group: string
  readonly subresource: string
  readonly isServed: boolean
}

/** The verbs that were asked for, each once; `*` alone is enough. */
export function verbsOf({ verb }: RuleFlags): readonly string[] {
  return verb.includes('*') ? ['*'] : [...new Set(verb)]
}

/** Says which verbs are strange, and refuses resources that are none. */
// upstream: kubectl/pkg/cmd/create/create_role.go Validate
export function checkRules(flags: RuleFlags, cluster: Cluster, io: Io): void {
  const verbs = verbsOf(flags)
  for (const verb of verbs)
    if (!standardVerbs.includes(verb)) io.err(`Warning: '${verb}' is not a standard resource verb\n`)
  if (flags.resource.length === 0) throw new CommandError('at least one resource must be specified')
  for (const word of wordsOf(flags)) {
    const named = nameOf(word, cluster)
    if (named.resource === '') throw new CommandError('resource must be specified if apiGroup/subresource specified')
    if (named.resource === '*') return
    if (!checkVerbs(verbs, named) && !named.isServed) throw noSuchResource(named)
  }
}

// upstream: apimachinery/pkg/api/meta NoResourceMatchError, which needs no `error: ` before it
function noSuchResource({ resource, group }: Named): StandardError {
  const where = group === '' ? '' : ` in group ${JSON.stringify(group)}`
  return new StandardError(`the server doesn't have a resource type ${JSON.stringify(resource)}${where}`)
}

/** Whether a special verb vouches for a resource that is not served. */
function checkVerbs(verbs: readonly string[], { resource, group }: Named): boolean {
  let isKnown = false
  for (const verb of verbs) {
    const resources = specialVerbs[verb]
    if (resources === undefined) continue
    if (!resources.includes(`${resource}.${group}`))
      throw new CommandError(`can not perform '${verb}' on '${resource}' in group '${group}'`)
    isKnown = true
  }
  return isKnown
}

function wordsOf({ resource }: RuleFlags): readonly string[] {
  return resource.includes('*') ? ['*'] : resource
}

/** `deployments.apps/scale`, or a short name of it. */
function nameOf(word: string, cluster: Cluster): Named {
  const [whole = '', subresource = ''] = word.split(/\/(.*)/s)
  const [resource = '', group = ''] = whole.split(/\.(.*)/s)
  const kind = resource === '*' ? undefined : cluster.api.findKind(whole.toLowerCase())
  if (kind === undefined) return { resource, group, subresource, isServed: false }
  return { resource: kind.plural, group: kind.group, subresource, isServed: true }
}

/** One rule for each group, and one for the paths. */
export function rulesOf(flags: RuleFlags, cluster: Cluster): readonly object[] {
  const verbs = verbsOf(flags)
  const byGroup = new Map<string, string[]>()
  for (const word of wordsOf(flags)) {
    const { resource, group, subresource } = nameOf(word, cluster)
    const list = byGroup.get(group) ?? []
    byGroup.set(group, list)
    const whole = subresource === '' ? resource : `${resource}/${subresource}`
    if (!list.includes(whole)) list.push(whole)
  }
  const resourceNames = [...new Set(flags['resource-name'])]
  const rules: object[] = [...byGroup.keys()].sort().map((group) => ({
    verbs,
    apiGroups: [group],
    resources: byGroup.get(group),
    ...(resourceNames.length > 0 && { resourceNames }),
  }))
  const nonResourceURLs = [...new Set(flags['non-resource-url'] ?? [])]
  return nonResourceURLs.length === 0 ? rules : [...rules, { verbs, nonResourceURLs }]
}
