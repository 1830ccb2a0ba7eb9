import { isEqual, selects, type ClusterRole } from '../api/index.ts'
import { defineController, nothing, patch } from './controller.ts'

type Rules = NonNullable<ClusterRole['rules']>

const none: Rules = []

/** Collects the rules of ClusterRoles that others select by label. upstream: pkg/controller/clusterroleaggregation */
export const clusterRoleAggregationController = defineController<ClusterRole>({
  name: 'clusterrole-aggregation-controller',
  for: 'ClusterRole',
  watches: {
    ClusterRole: {
      // every change may be one of a part: all roles that collect look again
      *concerns(_change, { lister }) {
        for (const { metadata, aggregationRule } of lister<ClusterRole>('ClusterRole').list())
          if (aggregationRule !== undefined) yield metadata.name
      },
    },
  },
  reconcile({ object, lister }) {
    if (object.aggregationRule === undefined) return nothing
    const rules = collected(object, [...lister<ClusterRole>('ClusterRole').list()])
    if (isEqual(rules, object.rules ?? none)) return nothing
    return { writes: [patch(object, { rules: rules.length > 0 ? rules : null })] }
  },
})

/** The rules of all roles that match, by their names; each rule once. */
function collected({ metadata, aggregationRule }: ClusterRole, roles: readonly ClusterRole[]): Rules {
  const selectors = aggregationRule?.clusterRoleSelectors ?? []
  const rules: Rules[number][] = []
  for (const role of [...roles].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    if (role.metadata.name === metadata.name || !selectors.some((one) => selects(one, role.metadata.labels))) continue
    for (const rule of role.rules ?? []) if (!rules.some((known) => isEqual(known, rule))) rules.push(rule)
  }
  return rules
}
