import type { Kind } from '../kinds/defineKind.ts'
import { apiVersionOf } from '../kinds/defineKind.ts'
import { apiServerAddress } from './builtIns/kubernetesService.ts'
import { verbsAt } from './subresources/verbs.ts'

/** What `GET /version` answers. */
export const versionInfo = Object.freeze({
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'go1.26',
  compiler: 'gc',
  platform: 'linux/amd64',
})

/** Groups in the order in which upstream's server tells them; later ones follow by name. */
const groupOrder = [
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
]

const place = (group: string): number => (groupOrder.includes(group) ? groupOrder.indexOf(group) : groupOrder.length)

/** The document at a discovery path; undefined where there is none. */
export function discover(kinds: readonly Kind[], path: readonly string[]): unknown {
  const [root, group, version] = path
  if (root === 'version' && path.length === 1) return versionInfo
  if (root === 'api' && path.length === 1)
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: `${apiServerAddress}:6443` }],
    }
  if (root === 'api' && path.length === 2) return resourceList(kinds, '', group!)
  if (root !== 'apis') return undefined
  if (path.length === 1)
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(kinds).map((name) => groupOf(kinds, name)) }
  if (path.length === 2)
    return groupsOf(kinds).includes(group!)
      ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(kinds, group!) }
      : undefined
  return path.length === 3 ? resourceList(kinds, group!, version!) : undefined
}

function groupsOf(kinds: readonly Kind[]): readonly string[] {
  const names = [...new Set(kinds.map(({ group }) => group))].filter((group) => group !== '')
  return names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}

function groupOf(kinds: readonly Kind[], name: string) {
  const versions = [...new Set(kinds.filter(({ group }) => group === name).map(({ version }) => version))]
    .sort(compareVersions)
    .map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions, preferredVersion: versions[0] }
}

/** Versions as they are preferred: v2, v1, v2beta1, v1beta2, v1alpha1, then all others by name. */
// upstream: staging/src/k8s.io/apimachinery/pkg/version/helpers.go CompareKubeAwareVersionStrings
export function compareVersions(a: string, b: string): number {
  const [x, y] = [versionPattern.exec(a), versionPattern.exec(b)]
  if (x === null || y === null) return x === y ? (a < b ? -1 : 1) : x === null ? 1 : -1
  const rank = (match: RegExpExecArray): readonly number[] => [
    match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0,
    Number(match[1]),
    Number(match[3] ?? 0),
  ]
  const [ours, theirs] = [rank(x), rank(y)]
  for (let index = 0; index < ours.length; index++)
    if (ours[index] !== theirs[index]) return theirs[index]! - ours[index]!
  return 0
}

const versionPattern = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/

const subresourceKinds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  binding: { kind: 'Binding' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  attach: { kind: 'PodAttachOptions' },
  exec: { kind: 'PodExecOptions' },
  portforward: { kind: 'PodPortForwardOptions' },
}

function resourceList(kinds: readonly Kind[], group: string, version: string): unknown {
  const served = kinds.filter((kind) => kind.group === group && kind.version === version)
  if (served.length === 0) return undefined
  const resources = served
    .flatMap((kind) => [resourceOf(kind), ...kind.subresources.map((name) => subresourceOf(kind, name))])
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    kind: 'APIResourceList',
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(served[0]!),
    resources,
  }
}

function resourceOf({ plural, singular, namespaced, kind, verbs, shortNames, categories }: Kind) {
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  }
}

function subresourceOf(kind: Kind, name: string) {
  const other =
    subresourceKinds[name] ?? (name === 'proxy' ? { kind: `${kind.kind}ProxyOptions` } : { kind: kind.kind })
  return {
    name: `${kind.plural}/${name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...other,
    verbs: verbsAt(name),
  } as ReturnType<typeof resourceOf>
}

/** The content type of discovery in one document. */
export const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** All groups of `/api` or `/apis` with their resources in one document. */
// upstream: staging/src/k8s.io/apiserver/pkg/endpoints/discovery/aggregated
export function discoverAll(kinds: readonly Kind[], root: string): unknown {
  const groups = root === 'api' ? [''] : groupsOf(kinds)
  const items = groups.map((group) => ({
    metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
    versions: groupOf(kinds, group).versions.map(({ version }) => ({
      version,
      resources: kinds.filter((kind) => kind.group === group && kind.version === version).map(wholeResource),
      freshness: 'Current',
    })),
  }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
}

function wholeResource(kind: Kind) {
  const { group, version, plural, singular, namespaced, verbs, shortNames, categories, subresources } = kind
  return {
    resource: plural,
    responseKind: { group, version, kind: kind.kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && { subresources: subresources.map((name) => wholeSubresource(kind, name)) }),
  }
}

function wholeSubresource(kind: Kind, name: string) {
  const { name: _name, singularName: _singular, namespaced: _namespaced, verbs, ...type } = subresourceOf(kind, name)
  return { subresource: name, responseKind: { group: kind.group, version: kind.version, ...type }, verbs }
}
