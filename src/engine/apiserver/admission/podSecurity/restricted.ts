import { procMount, seccompProfile } from './baseline.ts'
import {
  containersOf,
  containersText,
  hasOwnUsers,
  isWindows,
  namesWhere,
  plural,
  quoted,
  setters,
  sorted,
  type AnyContainer,
  type Check,
  type Find,
} from './violation.ts'

// upstream: staging/src/k8s.io/pod-security-admission/policy, one file each there

const exceptOnWindows =
  (find: Find): Find =>
  (spec, metadata) =>
    isWindows(spec) ? undefined : find(spec, metadata)

const exceptWithOwnUsers =
  (find: Find): Find =>
  (spec, metadata) =>
    hasOwnUsers(spec) ? undefined : find(spec, metadata)

const allowPrivilegeEscalation: Find = (spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false)
  if (names.length === 0) return undefined
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
  }
}

const addedBy = ({ securityContext }: AnyContainer): readonly string[] =>
  (securityContext?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE')

const capabilities: Find = (spec) => {
  const holding = namesWhere(spec, ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'))
  const adding = namesWhere(spec, (container) => addedBy(container).length > 0)
  if (holding.length + adding.length === 0) return undefined
  const bad = sorted(containersOf(spec).flatMap(addedBy))
  const details = [
    ...(holding.length > 0 ? [`${containersText(holding)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [`${containersText(adding)} must not include ${quoted(bad)} in securityContext.capabilities.add`]
      : []),
  ]
  return { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

const harmlessVolumes: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
])

const sourceOf = (volume: object): string => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'

const restrictedVolumes: Find = ({ volumes = [] }) => {
  const bad = volumes.filter((volume) => !harmlessVolumes.has(sourceOf(volume)))
  if (bad.length === 0) return undefined
  const names = quoted(bad.map(({ name }) => name))
  const types = sorted(bad.map(sourceOf))
  const uses = plural('uses', 'use', bad.length)
  const word = plural('restricted volume type', 'restricted volume types', types.length)
  return {
    reason: 'restricted volume types',
    detail: `${plural('volume', 'volumes', bad.length)} ${names} ${uses} ${word} ${quoted(types)}`,
  }
}

const runAsNonRoot: Find = (spec) => {
  const own = spec.securityContext?.runAsNonRoot
  const bad = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false)
  const who = setters(own === false, bad)
  const reason = 'runAsNonRoot != true'
  if (who.length > 0) return { reason, detail: `${who.join(' and ')} must not set securityContext.runAsNonRoot=false` }
  if (own === true) return undefined
  const silent = namesWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined)
  if (silent.length === 0) return undefined
  return { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` }
}

const runAsUser: Find = (spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0)
  const who = setters(spec.securityContext?.runAsUser === 0, names)
  if (who.length === 0) return undefined
  return { reason: 'runAsUser=0', detail: `${who.join(' and ')} must not set runAsUser=0` }
}

const seccompRestricted: Find = (spec, metadata) => {
  const bad = seccompProfile(spec, metadata)
  if (bad !== undefined || spec.securityContext?.seccompProfile !== undefined) return bad
  const silent = namesWhere(spec, ({ securityContext }) => securityContext?.seccompProfile === undefined)
  if (silent.length === 0) return undefined
  return {
    reason: 'seccompProfile',
    detail: `pod or ${containersText(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  }
}

/** What a hardened pod goes without. */
export const restrictedChecks: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    level: 'restricted',
    versions: [
      [8, allowPrivilegeEscalation],
      [25, exceptOnWindows(allowPrivilegeEscalation)],
    ],
  },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    overrides: 'capabilities_baseline',
    versions: [
      [22, capabilities],
      [25, exceptOnWindows(capabilities)],
    ],
  },
  { id: 'procMount_restricted', level: 'restricted', overrides: 'procMount', versions: [[35, procMount]] },
  { id: 'restrictedVolumes', level: 'restricted', overrides: 'hostPathVolumes', versions: [[0, restrictedVolumes]] },
  {
    id: 'runAsNonRoot',
    level: 'restricted',
    versions: [
      [0, runAsNonRoot],
      [35, exceptWithOwnUsers(runAsNonRoot)],
    ],
  },
  {
    id: 'runAsUser',
    level: 'restricted',
    versions: [
      [23, runAsUser],
      [35, exceptWithOwnUsers(runAsUser)],
    ],
  },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    overrides: 'seccompProfile_baseline',
    versions: [
      [19, seccompRestricted],
      [25, exceptOnWindows(seccompRestricted)],
    ],
  },
]
