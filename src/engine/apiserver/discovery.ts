import type { Kind } from '../kinds/defineKind.ts'
import { apiVersionOf } from '../kinds/defineKind.ts'

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
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '10.0.0.2:6443' }],
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
    .sort((a, b) => (a < b ? 1 : -1)) // v2 before v1
    .map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions, preferredVersion: versions[0] }
}

const subresourceVerbs: Readonly<Record<string, readonly string[]>> = {
  status: ['get', 'patch', 'update'],
  scale: ['get', 'patch', 'update'],
  ephemeralcontainers: ['get', 'patch', 'update'],
  resize: ['get', 'patch', 'update'],
  finalize: ['update'],
  log: ['get'],
  attach: ['create', 'get'],
  exec: ['create', 'get'],
  portforward: ['create', 'get'],
  proxy: ['create', 'delete', 'get', 'patch', 'update'],
}

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
    verbs: subresourceVerbs[name] ?? ['create'],
  } as ReturnType<typeof resourceOf>
}
