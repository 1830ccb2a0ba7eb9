import type { PersistentVolumeClaim, Pod, User } from '../../api/index.ts'
import type { Attributes } from './attributes.ts'
import { nodeRules } from './policy/clusterRoles.ts'
import { ruleOf, type PolicyRule } from './policy/rule.ts'
import type { Decision, Policy } from './rbac.ts'
import { ruleAllows } from './rules.ts'

const prefix = 'system:node:'

/** The node that somebody speaks for; undefined for everybody else. */
export function nodeNameOf({ name, groups }: User): string | undefined {
  return name.startsWith(prefix) && groups.includes('system:nodes') ? name.slice(prefix.length) : undefined
}

let rules: readonly PolicyRule[] | undefined

const yes: Decision = Object.freeze({ isAllowed: true, reason: '' })
const no = (reason: string): Decision => ({ isAllowed: false, reason })
const unrelated = (node: string): Decision => no(`no relationship found between node '${node}' and this object`)

type Judge = (attributes: Attributes, node: string, policy: Policy) => Decision

const reads: ReadonlySet<string> = new Set(['get', 'list', 'watch'])

/** A node may do what its role says, but of what belongs to pods only what belongs to its own. */
// upstream: plugin/pkg/auth/authorizer/node/node_authorizer.go
export function decideForNode(attributes: Attributes, node: string, policy: Policy): Decision {
  const judge = attributes.isResource ? judges[`${attributes.group}/${attributes.resource}`] : undefined
  if (judge !== undefined) return judge(attributes, node, policy)
  return byRules(attributes)
}

function byRules(attributes: Attributes): Decision {
  rules ??= nodeRules.map(ruleOf)
  return rules.some((rule) => ruleAllows(rule, attributes)) ? yes : no('')
}

const judges: Readonly<Record<string, Judge>> = {
  '/secrets': readOf((pod) => secretsOf(pod)),
  '/configmaps': readOf((pod) => configMapsOf(pod)),
  '/persistentvolumeclaims': (attributes, node, policy) => {
    if (attributes.subresource === 'status' && ['update', 'patch', 'get'].includes(attributes.verb))
      return related(attributes, node, policy, claimsOf)
    if (attributes.verb !== 'get') return no('can only get individual resources of this type')
    if (attributes.subresource !== '') return no('cannot read subresource')
    return related(attributes, node, policy, claimsOf)
  },
  '/persistentvolumes': (attributes, node, policy) => {
    if (attributes.verb !== 'get') return no('can only get individual resources of this type')
    if (attributes.subresource !== '') return no('cannot read subresource')
    return hasVolume(attributes.name, node, policy) ? yes : unrelated(node)
  },
  '/serviceaccounts': (attributes, node, policy) => {
    if (attributes.verb !== 'create' || attributes.subresource !== 'token')
      return no('can only create tokens for individual service accounts')
    if (attributes.name === '') return no('can only create tokens for individual service accounts')
    return related(attributes, node, policy, (pod) => [pod.spec.serviceAccountName ?? ''])
  },
  '/nodes': (attributes, node) => {
    const { verb, name, subresource } = attributes
    if (subresource !== '' || verb === 'create' || name === node || verb === 'list' || verb === 'watch')
      return ownName(attributes, node)
    if (verb === 'get') return no(`node '${node}' cannot read '${name}', only its own Node object`)
    return byRules(attributes)
  },
  '/pods': (attributes, node, policy) => {
    const { verb, name, namespace, subresource, fieldSelector = '' } = attributes
    if (subresource !== '' || !reads.has(verb)) return byRules(attributes)
    if (verb === 'get') return policy.find<Pod>('Pod', name, namespace)?.spec.nodeName === node ? yes : unrelated(node)
    return fieldSelector.includes(`spec.nodeName=${node}`)
      ? yes
      : no(`can only list/watch pods with spec.nodeName field selector`)
  },
  'coordination.k8s.io/leases': (attributes, node) => {
    const { verb, name, namespace, subresource } = attributes
    if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
      return no('can only get, create, update, patch, or delete a node lease')
    if (subresource !== '') return no('cannot use subresource')
    if (namespace !== 'kube-node-lease') return no(`can only access leases in the "kube-node-lease" system namespace`)
    return verb === 'create' || name === node
      ? yes
      : no('can only access node lease with the same name as the requesting node')
  },
  'storage.k8s.io/csinodes': (attributes, node) => {
    const { verb, name, subresource } = attributes
    if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
      return no('can only get, create, update, patch, or delete a CSINode')
    if (subresource !== '') return no('cannot authorize CSINode subresources')
    return verb === 'create' || name === node
      ? yes
      : no('can only access CSINode with the same name as the requesting node')
  },
}

function ownName(attributes: Attributes, node: string): Decision {
  const { verb, name, fieldSelector = '' } = attributes
  if (verb !== 'list' && verb !== 'watch') return byRules(attributes)
  return name === node || fieldSelector.includes(`metadata.name=${node}`)
    ? yes
    : no(`node '${node}' cannot read all nodes, only its own Node object`)
}

function readOf(namesOf: (pod: Pod) => readonly string[]): Judge {
  return (attributes, node, policy) => {
    const { verb, name, subresource } = attributes
    if (!reads.has(verb)) return no('can only read resources of this type')
    if (subresource !== '') return no('cannot read subresource')
    if (name === '') return no('No Object name found')
    return related(attributes, node, policy, namesOf)
  }
}

function related(
  { name, namespace }: Attributes,
  node: string,
  policy: Policy,
  namesOf: (pod: Pod) => readonly string[],
): Decision {
  return podsOn(node, policy, namespace).some((pod) => namesOf(pod).includes(name)) ? yes : unrelated(node)
}

const podsOn = (node: string, policy: Policy, namespace?: string): readonly Pod[] =>
  policy.list<Pod>('Pod', namespace).filter(({ spec }) => spec.nodeName === node)

function hasVolume(volume: string, node: string, policy: Policy): boolean {
  return podsOn(node, policy).some((pod) =>
    claimsOf(pod).some(
      (claim) =>
        policy.find<PersistentVolumeClaim>('PersistentVolumeClaim', claim, pod.metadata.namespace)?.spec.volumeName ===
        volume,
    ),
  )
}

const claimsOf = (pod: Pod): readonly string[] =>
  (pod.spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) =>
    persistentVolumeClaim ? [persistentVolumeClaim.claimName] : ephemeral ? [`${pod.metadata.name}-${name}`] : [],
  )

const containersOf = ({ spec }: Pod) => [...(spec.containers ?? []), ...(spec.initContainers ?? [])]

const secretsOf = (pod: Pod): readonly string[] => [
  ...(pod.spec.imagePullSecrets ?? []).map(({ name = '' }) => name),
  ...(pod.spec.volumes ?? []).flatMap(({ secret, projected }) => [
    secret?.secretName ?? '',
    ...(projected?.sources ?? []).map((source) => source.secret?.name ?? ''),
  ]),
  ...containersOf(pod).flatMap(({ env = [], envFrom = [] }) => [
    ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? ''),
    ...envFrom.map(({ secretRef }) => secretRef?.name ?? ''),
  ]),
]

const configMapsOf = (pod: Pod): readonly string[] => [
  ...(pod.spec.volumes ?? []).flatMap(({ configMap, projected }) => [
    configMap?.name ?? '',
    ...(projected?.sources ?? []).map((source) => source.configMap?.name ?? ''),
  ]),
  ...containersOf(pod).flatMap(({ env = [], envFrom = [] }) => [
    ...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name ?? ''),
    ...envFrom.map(({ configMapRef }) => configMapRef?.name ?? ''),
  ]),
]
