import {
  containersOf,
  containersText,
  hasOwnUsers,
  namesWhere,
  plural,
  quoted,
  setters,
  sorted,
  type AnyContainer,
  type Check,
  type Find,
  type PodSpec,
} from './violation.ts'

// upstream: staging/src/k8s.io/pod-security-admission/policy, one file each there

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/'

const isGoodAnnotation = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/')

const isGoodProfile = (type: string | undefined): boolean => type === 'RuntimeDefault' || type === 'Localhost'

const appArmorProfile: Find = (spec, { annotations = {} }) => {
  const own = spec.securityContext?.appArmorProfile?.type
  const isBad = ({ securityContext }: AnyContainer): boolean =>
    securityContext?.appArmorProfile !== undefined && !isGoodProfile(securityContext.appArmorProfile.type)
  const values = containersOf(spec)
    .filter(isBad)
    .map((one) => one.securityContext!.appArmorProfile!.type)
  const isPodBad = own !== undefined && !isGoodProfile(own)
  const notes = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isGoodAnnotation(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort()
  const who = [
    ...setters(isPodBad, namesWhere(spec, isBad)),
    ...(notes.length > 0 ? [plural('annotation', 'annotations', notes.length)] : []),
  ]
  if (who.length === 0) return undefined
  const bad = [...sorted([...(isPodBad ? [own] : []), ...values]), ...notes]
  return {
    reason: plural('forbidden AppArmor profile', 'forbidden AppArmor profiles', bad.length),
    detail: `${who.join(' and ')} must not set AppArmor profile type to ${quoted(bad)}`,
  }
}

const defaultCapabilities: ReadonlySet<string> = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
)

const addedBy = (container: AnyContainer): readonly string[] =>
  (container.securityContext?.capabilities?.add ?? []).filter((name) => !defaultCapabilities.has(name))

const capabilities: Find = (spec) => {
  const names = namesWhere(spec, (container) => addedBy(container).length > 0)
  if (names.length === 0) return undefined
  const bad = sorted(containersOf(spec).flatMap(addedBy))
  return {
    reason: 'non-default capabilities',
    detail: `${containersText(names)} must not include ${quoted(bad)} in securityContext.capabilities.add`,
  }
}

const hostNamespaces: Find = ({ hostNetwork, hostPID, hostIPC }) => {
  if (!hostNetwork && !hostPID && !hostIPC) return undefined
  const detail = [
    ...(hostNetwork ? ['hostNetwork=true'] : []),
    ...(hostPID ? ['hostPID=true'] : []),
    ...(hostIPC ? ['hostIPC=true'] : []),
  ]
  return { reason: 'host namespaces', detail: detail.join(', ') }
}

const hostPathVolumes: Find = ({ volumes = [] }) => {
  const names = volumes.filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name)
  if (names.length === 0) return undefined
  return { reason: 'hostPath volumes', detail: `${plural('volume', 'volumes', names.length)} ${quoted(names)}` }
}

const hostPortsOf = ({ ports = [] }: AnyContainer): readonly string[] =>
  ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []))

const hostPorts: Find = (spec) => {
  const names = namesWhere(spec, (container) => hostPortsOf(container).length > 0)
  if (names.length === 0) return undefined
  const ports = sorted(containersOf(spec).flatMap(hostPortsOf))
  const uses = plural('uses', 'use', names.length)
  const word = plural('hostPort', 'hostPorts', ports.length)
  return { reason: 'hostPort', detail: `${containersText(names)} ${uses} ${word} ${ports.join(', ')}` }
}

interface Handler {
  readonly httpGet?: { readonly host?: string }
  readonly tcpSocket?: { readonly host?: string }
}

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: AnyContainer): readonly string[] {
  const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
  return handlers.flatMap((handler) => {
    const { httpGet, tcpSocket } = (handler ?? {}) as Handler
    return [httpGet?.host, tcpSocket?.host].filter((host): host is string => Boolean(host))
  })
}

const hostProbes: Find = (spec) => {
  const names = sorted(namesWhere(spec, (container) => hostsOf(container).length > 0))
  if (names.length === 0) return undefined
  const hosts = sorted(containersOf(spec).flatMap(hostsOf))
  const uses = plural('uses', 'use', names.length)
  const word = plural('probe or lifecycle host', 'probe or lifecycle hosts', hosts.length)
  return { reason: 'probe or lifecycle host', detail: `${containersText(names)} ${uses} ${word} ${quoted(hosts)}` }
}

const privileged: Find = (spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.privileged === true)
  if (names.length === 0) return undefined
  return { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` }
}

/** No masks of /proc may be taken off. */
export const procMount: Find = (spec) => {
  const isBad = ({ securityContext }: AnyContainer): boolean =>
    securityContext?.procMount !== undefined && securityContext.procMount !== 'Default'
  const names = namesWhere(spec, isBad)
  if (names.length === 0) return undefined
  const bad = sorted(
    containersOf(spec)
      .filter(isBad)
      .map((one) => one.securityContext!.procMount!),
  )
  return {
    reason: 'procMount',
    detail: `${containersText(names)} must not set securityContext.procMount to ${quoted(bad)}`,
  }
}

type SeLinux = NonNullable<NonNullable<PodSpec['securityContext']>['seLinuxOptions']>

function seLinux(allowed: ReadonlySet<string>): Find {
  const isBad = (options: SeLinux | undefined): boolean =>
    options !== undefined && (!allowed.has(options.type ?? '') || Boolean(options.user) || Boolean(options.role))
  return (spec) => {
    const own = spec.securityContext?.seLinuxOptions
    const names = namesWhere(spec, ({ securityContext }) => isBad(securityContext?.seLinuxOptions))
    const who = setters(isBad(own), names)
    if (who.length === 0) return undefined
    const all = [own, ...containersOf(spec).map(({ securityContext }) => securityContext?.seLinuxOptions)].filter(isBad)
    const types = sorted(all.map((one) => one?.type ?? '').filter((type) => !allowed.has(type)))
    const details = [
      ...(types.length > 0 ? [`${plural('type', 'types', types.length)} ${quoted(types)}`] : []),
      ...(all.some((one) => one?.user) ? ['user may not be set'] : []),
      ...(all.some((one) => one?.role) ? ['role may not be set'] : []),
    ]
    return {
      reason: 'seLinuxOptions',
      detail: `${who.join(' and ')} set forbidden securityContext.seLinuxOptions: ${details.join('; ')}`,
    }
  }
}

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t']

const seccompAnnotation = 'seccomp.security.alpha.kubernetes.io/pod'
const seccompPrefix = 'container.seccomp.security.alpha.kubernetes.io/'

const seccompByAnnotation: Find = (spec, { annotations = {} }) => {
  const isGood = (value: string): boolean =>
    value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/')
  const keys = [seccompAnnotation, ...containersOf(spec).map(({ name }) => seccompPrefix + name)]
  const bad = sorted(
    keys.flatMap((key) => {
      const value = annotations[key]
      return value === undefined || isGood(value) ? [] : [`${key}=${JSON.stringify(value)}`]
    }),
  )
  if (bad.length === 0) return undefined
  return {
    reason: 'seccompProfile',
    detail: `forbidden ${plural('annotation', 'annotations', bad.length)} ${bad.join(', ')}`,
  }
}

/** Where a bad seccomp profile is set, and which. */
export const seccompProfile: Find = (spec) => {
  const own = spec.securityContext?.seccompProfile
  const isBad = ({ securityContext }: AnyContainer): boolean =>
    securityContext?.seccompProfile !== undefined && !isGoodProfile(securityContext.seccompProfile.type)
  const isPodBad = own !== undefined && !isGoodProfile(own.type)
  const who = setters(isPodBad, namesWhere(spec, isBad))
  if (who.length === 0) return undefined
  const values = containersOf(spec)
    .filter(isBad)
    .map((one) => one.securityContext!.seccompProfile!.type)
  const bad = sorted([...(isPodBad ? [own.type] : []), ...values])
  return {
    reason: 'seccompProfile',
    detail: `${who.join(' and ')} must not set securityContext.seccompProfile.type to ${quoted(bad)}`,
  }
}

function sysctls(allowed: ReadonlySet<string>): Find {
  return ({ securityContext }) => {
    const bad = (securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.has(name))
    return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') }
  }
}

const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
]
const since27 = [...safeSysctls, 'net.ipv4.ip_local_reserved_ports']
const since29 = [
  ...since27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
]
const since32 = [...since29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']

const windowsHostProcess: Find = (spec) => {
  const isOwn = spec.securityContext?.windowsOptions?.hostProcess === true
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true)
  const who = setters(isOwn, names)
  if (who.length === 0) return undefined
  return {
    reason: 'hostProcess',
    detail: `${who.join(' and ')} must not set securityContext.windowsOptions.hostProcess=true`,
  }
}

/** What no ordinary pod needs. */
export const baselineChecks: readonly Check[] = [
  { id: 'appArmorProfile', level: 'baseline', versions: [[0, appArmorProfile]] },
  { id: 'capabilities_baseline', level: 'baseline', versions: [[0, capabilities]] },
  { id: 'hostNamespaces', level: 'baseline', versions: [[0, hostNamespaces]] },
  { id: 'hostPathVolumes', level: 'baseline', versions: [[0, hostPathVolumes]] },
  { id: 'hostPorts', level: 'baseline', versions: [[0, hostPorts]] },
  { id: 'hostProbesAndHostLifecycle', level: 'baseline', versions: [[34, hostProbes]] },
  { id: 'privileged', level: 'baseline', versions: [[0, privileged]] },
  {
    id: 'procMount',
    level: 'baseline',
    versions: [
      [0, procMount],
      [35, (spec, metadata) => (hasOwnUsers(spec) ? undefined : procMount(spec, metadata))],
    ],
  },
  {
    id: 'seLinuxOptions',
    level: 'baseline',
    versions: [
      [0, seLinux(new Set(seLinuxTypes))],
      [31, seLinux(new Set([...seLinuxTypes, 'container_engine_t']))],
    ],
  },
  {
    id: 'seccompProfile_baseline',
    level: 'baseline',
    versions: [
      [0, seccompByAnnotation],
      [19, seccompProfile],
    ],
  },
  {
    id: 'sysctls',
    level: 'baseline',
    versions: [
      [0, sysctls(new Set(safeSysctls))],
      [27, sysctls(new Set(since27))],
      [29, sysctls(new Set(since29))],
      [32, sysctls(new Set(since32))],
    ],
  },
  { id: 'windowsHostProcess', level: 'baseline', versions: [[0, windowsHostProcess]] },
]
