import { list, strings } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'
import { defineGenerator } from './generator.ts'
import { checkRules, rulesOf, verbsOf, type RuleFlags } from './roleRules.ts'

const pathVerbs = '* get post put delete patch head options'.split(' ')

/** Create a cluster role. */
// upstream: kubectl/pkg/cmd/create/create_clusterrole.go
export const createClusterRole = defineGenerator({
  name: 'clusterrole',
  usage:
    'create clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  summary: 'Create a cluster role',
  makes: {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'ClusterRole',
    plural: 'clusterroles',
    namespaced: false,
  },
  flags: {
    verb: strings('Verbs of the rule'),
    resource: strings('Resources of the rule'),
    'resource-name': list('A name that the rule is about; may be repeated'),
    'non-resource-url': strings('Paths of the rule'),
    'aggregation-rule': strings('Labels of the roles to collect rules from'),
  },
  make({ flags, cluster, io }, name) {
    const head = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name } }
    const paths = flags['non-resource-url']
    const labels = flags['aggregation-rule']
    const count = paths.length + flags.verb.length + flags.resource.length + flags['resource-name'].length
    if (labels.length > 0) {
      if (count > 0)
        throw new CommandError(
          'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
        )
      return { ...head, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels: labelsOf(labels) }] } }
    }
    if (flags.verb.length === 0) throw new CommandError('at least one verb must be specified')
    if (flags.resource.length + paths.length === 0)
      throw new CommandError('one of resource or nonResourceURL must be specified')
    if (flags.resource.length > 0) checkRules(flags, cluster, io)
    checkPaths(flags)
    return { ...head, rules: rulesOf(flags, cluster) }
  },
})

function labelsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key = '', value] = pair.split(/=(.*)/s)
      if (value === undefined)
        throw new CommandError(
          `invalid argument "${pairs.join(',')}" for "--aggregation-rule" flag: malformed pair, expect string=string`,
        )
      return [key.trim(), value.trim()]
    }),
  )
}

function checkPaths(flags: RuleFlags): void {
  const paths = flags['non-resource-url'] ?? []
  if (paths.length === 0) return
  for (const verb of verbsOf(flags))
    if (!pathVerbs.includes(verb)) throw new CommandError(`invalid verb: '${verb}' for nonResourceURL`)
  for (const path of paths) {
    if (path === '*') continue
    if (!path.startsWith('/')) throw new CommandError('nonResourceURL should start with /')
    if (path.slice(0, -1).includes('*'))
      throw new CommandError(`nonResourceURL only supports wildcard matches when '*' is at the end`)
  }
}
