import { list, strings } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'
import { defineGenerator } from './generator.ts'
import { checkRules, rulesOf } from './roleRules.ts'

/** Create a role with single rule. */
// upstream: kubectl/pkg/cmd/create/create_role.go
export const createRole = defineGenerator({
  name: 'role',
  usage:
    'create role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  summary: 'Create a role with single rule',
  makes: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'Role', plural: 'roles', namespaced: true },
  flags: {
    verb: strings('Verbs of the rule'),
    resource: strings('Resources of the rule'),
    'resource-name': list('A name that the rule is about; may be repeated'),
  },
  make({ flags, cluster, io }, name) {
    if (flags.verb.length === 0) throw new CommandError('at least one verb must be specified')
    checkRules(flags, cluster, io)
    return {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name },
      rules: rulesOf(flags, cluster),
    }
  },
})
