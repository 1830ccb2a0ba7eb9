import type { KubeObject } from '../../../api/index.ts'
import { clusterBindings, namespacedPolicy, type BindingLine } from './bindings.ts'
import { aggregatedRoles, aggregatesTo, clusterRoleRules } from './clusterRoles.ts'
import { controllerRules } from './controllerRoles.ts'
import { ruleOf, type PolicyRule } from './rule.ts'

/** One object of the first policy, and the place it has in the store. */
export interface PolicyObject {
  readonly prefix: 'clusterroles' | 'clusterrolebindings' | 'roles' | 'rolebindings'
  readonly object: KubeObject
}

const group = 'rbac.authorization.k8s.io'
const aggregate = (to: string): string => `${group}/aggregate-to-${to}`

let made: readonly PolicyObject[] | undefined

/** The roles and bindings every new cluster has: made once, frozen, and shared by all clusters. */
export function bootstrapPolicy(): readonly PolicyObject[] {
  return (made ??= Object.freeze([
    ...clusterRoles().map((object) => ({ prefix: 'clusterroles' as const, object })),
    ...allBindings().map((line) => ({ prefix: 'clusterrolebindings' as const, object: clusterBindingOf(line) })),
    ...namespacedPolicy.flatMap(({ namespace, role, rules, binding, subjects }) => [
      {
        prefix: 'roles' as const,
        object: frozen({ ...headOf('Role', role, namespace), rules: rules.map(ruleOf) }),
      },
      {
        prefix: 'rolebindings' as const,
        object: frozen({ ...headOf('RoleBinding', binding, namespace), ...boundTo('Role', role, subjects) }),
      },
    ]),
  ]))
}

function clusterRoles(): readonly KubeObject[] {
  const rules = new Map(Object.entries(clusterRoleRules).map(([name, lines]) => [name, lines.map(ruleOf)]))
  for (const [name, lines] of Object.entries(controllerRules)) rules.set(`system:controller:${name}`, lines.map(ruleOf))
  for (const name of aggregatedRoles) rules.set(name, collected(name, rules))
  return [...rules].map(([name, list]) => clusterRoleOf(name, list)).sort(byName)
}

/** What the aggregation controller would make of it: rules of matching roles by name, each once. */
function collected(name: string, rules: ReadonlyMap<string, readonly PolicyRule[]>): PolicyRule[] {
  const sources = Object.keys(aggregatesTo).filter((source) => aggregatesTo[source] === name)
  const all = sources.sort().flatMap((source) => rules.get(source) ?? [])
  return [...new Map(all.map((rule) => [JSON.stringify(rule), rule])).values()]
}

function clusterRoleOf(name: string, rules: readonly PolicyRule[]): KubeObject {
  const to = aggregatesTo[name]
  const head = headOf('ClusterRole', name, undefined, to === undefined ? {} : { [aggregate(to)]: 'true' })
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { [aggregate(name)]: 'true' } }] }
  return frozen({ ...(aggregatedRoles.includes(name) && { aggregationRule }), ...head, rules })
}

function allBindings(): readonly BindingLine[] {
  const controllers = Object.keys(controllerRules).map((name) => ({
    role: `system:controller:${name}`,
    subjects: [`account:kube-system/${name}`],
  }))
  return [...clusterBindings, ...controllers].sort((a, b) => (a.role < b.role ? -1 : 1))
}

function clusterBindingOf({ role, subjects }: BindingLine): KubeObject {
  return frozen({ ...headOf('ClusterRoleBinding', role), ...boundTo('ClusterRole', role, subjects) })
}

function boundTo(kind: string, name: string, subjects: readonly string[]): object {
  return { roleRef: { apiGroup: group, kind, name }, ...(subjects.length > 0 && { subjects: subjects.map(subjectOf) }) }
}

function subjectOf(text: string): object {
  const [sort, ...rest] = text.split(':')
  const name = rest.join(':')
  if (sort !== 'account') return { apiGroup: group, kind: sort === 'user' ? 'User' : 'Group', name }
  const [namespace, account] = name.split('/')
  return { kind: 'ServiceAccount', name: account, namespace }
}

function headOf(kind: string, name: string, namespace?: string, labels: Readonly<Record<string, string>> = {}) {
  return {
    apiVersion: `${group}/v1`,
    kind,
    metadata: {
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
      name,
      ...(namespace !== undefined && { namespace }),
    },
  }
}

function byName(a: KubeObject, b: KubeObject): number {
  return a.metadata.name < b.metadata.name ? -1 : 1
}

function frozen(object: object): KubeObject {
  for (const part of Object.values(object))
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) frozen(part as object)
  return Object.freeze(object) as KubeObject
}
