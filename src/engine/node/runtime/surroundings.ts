import type { Pod } from '../../api/index.ts'
import { remembered } from '../remembered.ts'
import type { ImageBuild } from './images/catalogue.ts'
import type { About } from './kernel/host.ts'
import type { FileError } from './kernel/files.ts'
import type { ContainerConfig } from './runtime.ts'

const clusterDomain = 'cluster.local'
const clusterDns = '10.96.0.10'

type ContainerSpec = Pod['spec']['containers'][number]

/** A container's part of the pod's spec, whichever list it is in. */
export function specOf(config: ContainerConfig): ContainerSpec | undefined {
  const { containers, initContainers, ephemeralContainers } = config.pod.spec
  const byName = ({ name }: { readonly name: string }): boolean => name === config.name
  return (
    containers.find(byName) ??
    initContainers?.find(byName) ??
    (ephemeralContainers?.find(byName) as ContainerSpec | undefined)
  )
}

/** What the processes of a container find out about where they are. */
export function aboutOf(config: ContainerConfig, build: ImageBuild): About {
  const spec = specOf(config)
  const { cpuMilli, memoryBytes } = config.limits
  return {
    hostname: hostnameOf(config),
    user: userOf(spec?.securityContext, config.pod.spec.securityContext, build),
    address: config.podIP,
    nameserver: nameserverOf(config.pod),
    search: searchOf(config.pod),
    cpuMilli,
    memoryBytes,
    family: build.base.family,
    isBusyboxOld: build.isBusyboxOld,
    isOpen: build.image.isOpen === true,
    ports: portsOf(spec, build),
    hasGpu: hasGpu(spec?.resources?.limits),
    node: config.node,
    isTty: config.tty,
  }
}

const noPorts: readonly number[] = Object.freeze([])

function portsOf(spec: ContainerSpec | undefined, { image }: ImageBuild): readonly number[] {
  const declared = spec?.ports?.map(({ containerPort }) => containerPort) ?? noPorts
  if (image.isOpen) return [...new Set([...declared, ...probedPorts(spec)])]
  return declared.length > 0 ? declared : (image.ports ?? noPorts)
}

/** Whoever wrote a probe knows that something listens there. */
function probedPorts(spec: ContainerSpec | undefined): number[] {
  return [spec?.livenessProbe, spec?.readinessProbe, spec?.startupProbe].flatMap((probe) => {
    const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port
    return typeof port === 'number' ? [port] : []
  })
}

function hasGpu(limits: Readonly<Record<string, unknown>> | undefined): boolean {
  for (const name in limits) if (name.endsWith('/gpu')) return true
  return false
}

function hostnameOf({ pod, node }: ContainerConfig): string {
  const { hostNetwork, hostname } = pod.spec
  return (hostNetwork ? node : (hostname ?? pod.metadata.name)).slice(0, 63)
}

function userOf(
  own: ContainerSpec['securityContext'],
  shared: Pod['spec']['securityContext'],
  { user }: ImageBuild,
): About['user'] {
  const uid = own?.runAsUser ?? shared?.runAsUser
  const gid = own?.runAsGroup ?? shared?.runAsGroup
  const groups = groupsOf(shared)
  if (uid === undefined && gid === undefined && groups.length === 0) return user
  if (uid === undefined) return { uid: user.uid, gid: gid ?? user.gid, name: user.name, groups }
  return { uid, gid: gid ?? 0, name: uid === 0 ? 'root' : '', groups }
}

const noGroups: readonly number[] = Object.freeze([])

function groupsOf(shared: Pod['spec']['securityContext']): readonly number[] {
  const { supplementalGroups = noGroups, fsGroup } = shared ?? {}
  return fsGroup === undefined ? supplementalGroups : [...supplementalGroups, fsGroup]
}

function nameserverOf(pod: Pod): string {
  return pod.spec.dnsConfig?.nameservers?.[0] ?? clusterDns
}

function searchOf(pod: Pod): readonly string[] {
  const { dnsPolicy, dnsConfig } = pod.spec
  const namespace = pod.metadata.namespace ?? 'default'
  const usesCluster = dnsPolicy === undefined || dnsPolicy === 'ClusterFirst' || dnsPolicy === 'ClusterFirstWithHostNet'
  const own = usesCluster ? clusterSearch(namespace) : noSearch
  const { searches } = dnsConfig ?? {}
  return searches === undefined ? own : [...own, ...searches]
}

const noSearch: readonly string[] = Object.freeze([])

/** Where pods of a namespace look for names: the same list for all of them. */
const clusterSearch = remembered((namespace): readonly string[] =>
  Object.freeze([`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain]),
)

/** Files that the kubelet, the runtime and the kernel make: read when somebody looks. */
export function syntheticFile(
  path: string,
  config: ContainerConfig,
  about: About,
  nowMs: number,
  firstArgv: () => readonly string[],
): string | undefined {
  if (!path.startsWith('/etc/') && !path.startsWith('/proc') && !path.startsWith('/sys/')) return undefined
  switch (path) {
    case '/etc/hostname':
      return `${about.hostname}\n`
    case '/etc/hosts':
      return hostsFile(config, about)
    case '/etc/resolv.conf':
      return resolvFile(config.pod, about)
    case '/etc/machine-id':
      return 'f0c5e1d2b3a49687a5b4c3d2e1f00617\n'
    case '/proc/uptime':
      return `${(nowMs / 1000).toFixed(2)} ${(nowMs / 1000).toFixed(2)}\n`
    case '/proc/loadavg':
      return '0.00 0.00 0.00 1/200 1\n'
    case '/proc/meminfo':
      return 'MemTotal:        8388608 kB\nMemFree:         5242880 kB\nMemAvailable:    7340032 kB\n'
    case '/proc/cpuinfo':
      return [0, 1, 2, 3].map((one) => `processor\t: ${one}\nmodel name\t: virtual\n`).join('\n')
    case '/proc/version':
      return 'Linux version 6.8.0-31-generic\n'
    case '/proc/mounts':
    case '/proc/1/mounts':
    case '/proc/self/mounts':
      return [
        'overlay / overlay rw,relatime 0 0',
        'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
        'tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0',
        ...config.mounts.map(
          ({ path: at, isReadOnly }) => `/dev/sda1 ${at} ext4 ${isReadOnly ? 'ro' : 'rw'},relatime 0 0`,
        ),
      ]
        .map((line) => `${line}\n`)
        .join('')
    case '/proc/1/cmdline':
      return `${firstArgv().join('\0')}\0`
    case '/proc/1/attr/current':
      return 'cri-containerd.apparmor.d (enforce)\n'
    case '/sys/fs/cgroup/memory.max':
      return `${about.memoryBytes ?? 'max'}\n`
    case '/sys/fs/cgroup/cpu.max':
      return `${about.cpuMilli === undefined ? 'max' : about.cpuMilli * 100} 100000\n`
    default:
      return undefined
  }
}

// upstream: pkg/kubelet/kubelet_pods.go managedHostsFileContent
function hostsFile({ pod, podIP }: ContainerConfig, { hostname }: About): string {
  const lines = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
  ]
  const { subdomain, hostAliases } = pod.spec
  const domain = subdomain ? `${hostname}.${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}\t` : ''
  lines.push(`${podIP}\t${domain}${hostname}`)
  const aliases = (hostAliases ?? []).map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join('\t')}`)
  if (aliases.length > 0) lines.push('', '# Entries added by HostAliases.', ...aliases)
  return lines.map((line) => `${line}\n`).join('')
}

function resolvFile(pod: Pod, { search }: About): string {
  const servers = pod.spec.dnsConfig?.nameservers ?? [clusterDns]
  const options = (pod.spec.dnsConfig?.options ?? []).map(({ name, value }) =>
    value === undefined ? name : `${name}:${value}`,
  )
  const all =
    pod.spec.dnsPolicy === 'None' || options.some((one) => one?.startsWith('ndots')) ? options : ['ndots:5', ...options]
  return `${search.length > 0 ? `search ${search.join(' ')}\n` : ''}${servers.map((one) => `nameserver ${one}\n`).join('')}${all.length > 0 ? `options ${all.join(' ')}\n` : ''}`
}

const everybodys = /^(\/tmp|\/var\/tmp|\/dev|\/home|\/run)(\/|$)/

/** Whether a container may change a path of its own layer. */
export function createWriteRule(
  config: ContainerConfig,
  about: About,
  build: ImageBuild,
): (path: string) => FileError | undefined {
  const isReadOnly = specOf(config)?.securityContext?.readOnlyRootFilesystem === true
  const isRoot = about.user.uid === 0
  const own = build.image.user === undefined ? undefined : build.image.workingDir
  return (path) => {
    if (path.startsWith('/dev/')) return undefined
    if (isReadOnly) return { error: 'Read-only file system' }
    if (isRoot || everybodys.test(path) || (own !== undefined && path.startsWith(own))) return undefined
    return { error: 'Permission denied' }
  }
}

/** An address that `/etc/hosts` gives a name. */
export function hostsEntry(config: ContainerConfig, about: About, name: string): string | undefined {
  if (name === 'localhost') return '127.0.0.1'
  if (name === about.hostname) return config.podIP
  return config.pod.spec.hostAliases?.find(({ hostnames }) => hostnames?.includes(name))?.ip
}

/** The environment a container's processes start with: the runtime's, the image's, the pod's. */
export function environmentOf(
  config: ContainerConfig,
  about: About,
  build: ImageBuild,
): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {
    PATH: build.environment.PATH ?? '',
    HOSTNAME: about.hostname,
    ...build.environment,
  }
  if (config.tty) environment.TERM = 'xterm'
  for (const { name, value } of config.env) environment[name] = value
  environment.HOME ??= about.user.uid === 0 ? '/root' : '/'
  return Object.freeze(environment)
}

/** One variable of it that the pod or, alone, the image tells: not all of them have to be put together. */
export function variableOf(config: ContainerConfig, build: ImageBuild, name: string): string | undefined {
  const { env, tty } = config
  for (let index = env.length - 1; index >= 0; index--) if (env[index]!.name === name) return env[index]!.value
  return tty ? undefined : build.variables.get(name)
}
