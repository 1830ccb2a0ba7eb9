import { pathOf, type Cluster } from '../../cluster.ts'
import type { Io } from '../../context.ts'
import { brokenDown, compacted, type PolicyRule } from '../../engine.ts'
import { alignTabs, wideTabs } from '../../printers/tabWriter.ts'

interface RulesReview {
  readonly status: {
    readonly resourceRules?: readonly PolicyRule[]
    readonly nonResourceRules?: readonly PolicyRule[]
    readonly incomplete?: boolean
    readonly evaluationError?: string
  }
}

/** Prints all that one may do in a namespace. */
// upstream: kubectl/pkg/cmd/auth/cani.go printStatus
export function listRules(cluster: Cluster, io: Io, hasHeaders: boolean): void {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    metadata: {},
    spec: { namespace: cluster.namespace },
  }
  const reviews = cluster.kind('selfsubjectrulesreviews')
  const { status } = cluster.send<RulesReview>({ verb: 'create', ...pathOf(reviews, undefined), body: review })
  if (status.incomplete) io.err(`Warning: the list may be incomplete: ${status.evaluationError ?? ''}\n`)
  const single = [...(status.resourceRules ?? []), ...(status.nonResourceRules ?? [])].flatMap(brokenDown)
  const rules = [...compacted(single)].sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0))
  const header = hasHeaders ? ['Resources\tNon-Resource URLs\tResource Names\tVerbs'] : []
  io.out(`${alignTabs([...header, ...rules.map(rowOf)].join('\n'), wideTabs)}\n`)
}

const listOf = (words: readonly string[] = []): string => `[${words.join(' ')}]`

/** A rule as Go prints it: the rows are in the order of these texts. */
function textOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  return `Verbs:${listOf(verbs)},APIGroups:${listOf(apiGroups)},Resources:${listOf(resources)},ResourceNames:${listOf(resourceNames)},NonResourceURLs:${listOf(nonResourceURLs)},`
}

function rowOf({ verbs, apiGroups, resources = [], resourceNames, nonResourceURLs }: PolicyRule): string {
  const names = resources.map((resource) => withGroup(resource, apiGroups?.[0] ?? '')).join(', ')
  return `${names}\t${listOf(nonResourceURLs)}\t${listOf(resourceNames)}\t${listOf(verbs)}`
}

/** `deployments.apps/scale` */
function withGroup(resource: string, group: string): string {
  const [name = '', subresource] = resource.split(/\/(.*)/s)
  return `${name}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`
}
