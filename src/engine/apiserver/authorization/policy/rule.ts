/** One rule of a Role or ClusterRole. */
export interface PolicyRule {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

const words = (text: string): readonly string[] => Object.freeze(text.split(' ').sort())

const shorthands: Readonly<Record<string, string>> = {
  read: 'get list watch',
  write: 'create update patch delete deletecollection',
  readWrite: 'get list watch create update patch delete deletecollection',
  readUpdate: 'get list watch update patch',
}

/**
 * A rule from one line: `verbs | groups | resources | names`. A group `core` is the empty one, `url` makes the third part URLs.
 * Each list is sorted, as upstream's builder of rules does.
 */
export function ruleOf(line: string): PolicyRule {
  const [verbs = '', groups = '', resources = '', names] = line.split(' | ')
  const sortedVerbs = words(shorthands[verbs] ?? verbs)
  if (groups === 'url') return Object.freeze({ nonResourceURLs: words(resources), verbs: sortedVerbs })
  return Object.freeze({
    apiGroups: words(groups.replace('core', '')),
    ...(names !== undefined && { resourceNames: words(names) }),
    resources: words(resources),
    verbs: sortedVerbs,
  })
}
