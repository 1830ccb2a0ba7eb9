import { isLabel, isLabelValue } from '../../../api/index.ts'
import { ipWarnings } from '../../rules/canonical.ts'
import { outdatedLabel } from '../../rules/nodeLabels.ts'
import { isWhole } from './amounts.ts'
import { appArmorPrefix, appArmorText } from './appArmor.ts'
import { overlapWarnings } from './overlaps.ts'
import { formatPort } from './portText.ts'
import {
  containersOf,
  type Affinity,
  type Container,
  type ContainerPort,
  type PodSpec,
  type PodTemplate,
  type Volume,
} from './types.ts'

// upstream: pkg/api/pod/warnings.go

/** What is accepted, but not without a word: `path` is empty for a pod, `spec.template` for a template. */
export function podWarnings(template: PodTemplate, path: string): readonly string[] {
  const warnings: string[] = []
  const spec = template.spec!
  const at = path === '' ? '' : `${path}.`
  for (const key in spec.nodeSelector) {
    const text = outdatedLabel(key)
    if (text) warnings.push(`${at}spec.nodeSelector[${key}]: ${text}`)
  }
  if (spec.affinity?.nodeAffinity)
    nodeAffinityWarnings(warnings, `${at}spec.affinity.nodeAffinity`, spec.affinity.nodeAffinity)
  spreadWarnings(warnings, `${at}spec.topologySpreadConstraints`, spec)
  const annotations = template.metadata?.annotations
  const notes = `${at}metadata.annotations`
  if (annotations !== undefined)
    for (const [key, text] of oldAnnotations)
      if (annotations[key] !== undefined) warnings.push(`${notes}[${key}]: ${text}`)
  spec.volumes?.forEach((volume, index) => volumeWarnings(warnings, `${at}spec.volumes[${index}]`, volume))
  if (spec.volumes !== undefined) for (const volume of spec.volumes) overlapWarnings(warnings, volume)
  listWarnings(warnings, `${at}spec`, spec)
  overheadWarnings(warnings, `${at}spec.overhead`, spec.overhead)
  if (annotations?.[seccompPod] !== undefined && spec.securityContext?.seccompProfile === undefined)
    warnings.push(`${notes}[${seccompPod}]: ${seccompText}`)
  const containers = [...containersOf(spec, `${at}spec`)]
  for (const [container, where] of containers) {
    if (annotations !== undefined) annotationWarnings(warnings, notes, annotations, container, spec, path !== '')
    containerWarnings(warnings, where, container)
  }
  if (containers.some(hasPorts)) {
    portWarnings(warnings, containers)
    portNameWarnings(warnings, containers)
  }
  termWarnings(warnings, `${at}spec.affinity`, spec.affinity)
  addressWarnings(warnings, `${at}spec`, spec)
  return warnings
}

/** A name that pods or their host names are made of had better be a DNS label. */
export function nameWarnings(name: string, text: string): readonly string[] {
  const bad = isLabel(name)
  return bad.length === 0
    ? []
    : [
        `metadata.name: this is used in ${text}, which can result in surprising behavior; a DNS label is recommended: [${bad.join(' ')}]`,
      ]
}

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>
type NodeTerm = NonNullable<NodeAffinity['preferredDuringSchedulingIgnoredDuringExecution']>[number]['preference']

function nodeAffinityWarnings(warnings: string[], path: string, affinity: NodeAffinity): void {
  const hard = affinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  hard.forEach((term, index) =>
    nodeTermWarnings(
      warnings,
      `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`,
      term,
      false,
    ),
  )
  affinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ preference }, index) =>
    nodeTermWarnings(
      warnings,
      `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`,
      preference,
      true,
    ),
  )
}

/** Values are looked at where they are not validated: in terms that are only preferred. */
function nodeTermWarnings(warnings: string[], path: string, term: NodeTerm | undefined, checksValues: boolean): void {
  term?.matchExpressions?.forEach(({ key, values }, index) => {
    const text = outdatedLabel(key)
    if (text) warnings.push(`${path}.matchExpressions[${index}].key: ${key} is ${text}`)
    if (checksValues)
      values?.forEach((value, place) => {
        for (const bad of isLabelValue(value))
          warnings.push(`${path}.matchExpressions[${index}].values[${place}]: ${value} is invalid, ${bad}`)
      })
  })
}

function spreadWarnings(warnings: string[], path: string, { topologySpreadConstraints }: PodSpec): void {
  topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, index) => {
    const text = outdatedLabel(topologyKey)
    if (text) warnings.push(`${path}[${index}].topologyKey: ${topologyKey} is ${text}`)
    if (labelSelector === undefined)
      warnings.push(`${path}[${index}].labelSelector: a null labelSelector results in matching no pod`)
  })
}

const oldAnnotations: readonly (readonly [string, string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
]

const seccompText = 'non-functional in v1.27+; use the "seccompProfile" field instead'
const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod'
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/'

function annotationWarnings(
  warnings: string[],
  path: string,
  annotations: Readonly<Record<string, string>>,
  { name, securityContext }: Container,
  spec: PodSpec,
  isTemplate: boolean,
): void {
  const seccomp = seccompContainer + name
  if (securityContext?.seccompProfile === undefined && seccomp in annotations)
    warnings.push(`${path}[${seccomp}]: ${seccompText}`)
  const appArmor = appArmorPrefix + name
  const profile = spec.securityContext?.appArmorProfile ?? securityContext?.appArmorProfile
  if (isTemplate && profile === undefined && appArmor in annotations)
    warnings.push(`${path}[${appArmor}]: ${appArmorText}`)
}

const goneVolumes: ReadonlyMap<string, string> = new Map([
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
])

function volumeWarnings(warnings: string[], path: string, volume: Volume): void {
  for (const field in volume) {
    const text = goneVolumes.get(field)
    if (text !== undefined) warnings.push(`${path}.${field === 'storageos' ? 'storageOS' : field}: ${text}`)
  }
  const claim = volume.ephemeral?.volumeClaimTemplate?.spec.resources?.requests?.['storage']
  if (claim !== undefined && !isWhole(claim))
    warnings.push(`${path}.ephemeral.volumeClaimTemplate.spec.resources.requests[storage]: ${fractional(claim)}`)
}

const fractional = (amount: string): string =>
  `fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`

function listWarnings(warnings: string[], path: string, { hostAliases, imagePullSecrets }: PodSpec): void {
  if (hostAliases === undefined && imagePullSecrets === undefined) return
  const ips = new Set<string>()
  hostAliases?.forEach(({ ip }, index) => {
    if (ips.has(ip)) warnings.push(`${path}.hostAliases[${index}].ip: duplicate ip ${JSON.stringify(ip)}`)
    ips.add(ip)
  })
  const names = new Set<string>()
  imagePullSecrets?.forEach(({ name = '' }, index) => {
    if (names.has(name))
      warnings.push(`${path}.imagePullSecrets[${index}].name: duplicate name ${JSON.stringify(name)}`)
    names.add(name)
  })
  imagePullSecrets?.forEach(({ name }, index) => {
    if (!name) warnings.push(`${path}.imagePullSecrets[${index}].name: invalid empty name ""`)
  })
}

function overheadWarnings(
  warnings: string[],
  path: string,
  amounts: Readonly<Record<string, string>> | undefined,
): void {
  if (amounts === undefined) return
  for (const name of ['memory', 'ephemeral-storage'])
    if (amounts[name] !== undefined && !isWhole(amounts[name]))
      warnings.push(`${path}[${name}]: ${fractional(amounts[name])}`)
}

function containerWarnings(warnings: string[], path: string, { resources, env }: Container): void {
  if (resources?.limits !== undefined || resources?.requests !== undefined)
    for (const name of ['memory', 'ephemeral-storage'])
      for (const list of ['limits', 'requests'] as const) {
        const amount = resources[list]?.[name]
        if (amount !== undefined && !isWhole(amount))
          warnings.push(`${path}.resources.${list}[${name}]: ${fractional(amount)}`)
      }
  if (env === undefined || env.length < 2) return
  const names = new Set<string>()
  env.forEach(({ name, value = '', valueFrom }, index) => {
    const reference = `$(${name})`
    if (names.has(name) && (valueFrom !== undefined || value === reference || !value.includes(reference)))
      warnings.push(
        `${path}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
      )
    names.add(name)
  })
}

type Placed = readonly [container: Container, path: string]

const hasPorts = ([{ ports }]: Placed): boolean => ports !== undefined

function portWarnings(warnings: string[], containers: readonly Placed[]): void {
  const seen = new Map<string, { readonly where: string; readonly port: ContainerPort }[]>()
  for (const [container, where] of containers)
    container.ports?.forEach((port, index) => {
      const at = `${where}.ports[${index}]`
      const { hostIP = '', hostPort = 0 } = port
      if (hostIP && !hostPort) warnings.push(`${at}: hostIP set without hostPort: ${formatPort(port)}`)
      const key = `${port.containerPort}/${port.protocol ?? ''}`
      const others = seen.get(key) ?? []
      for (const other of others) {
        const { hostIP: otherIP = '', hostPort: otherPort = 0 } = other.port
        if (hostIP === otherIP && hostPort === otherPort)
          warnings.push(`${at}: duplicate port definition with ${other.where}`)
        else if (hostPort === 0 || otherPort === 0)
          warnings.push(`${at}: overlapping port definition with ${other.where}`)
        else if (hostPort === otherPort && (hostIP === '') !== (otherIP === ''))
          warnings.push(`${at}: dangerously ambiguous port definition with ${other.where}`)
      }
      seen.set(key, [...others, { where: at, port }])
    })
}

function portNameWarnings(warnings: string[], containers: readonly Placed[]): void {
  const first = new Map<string, string>()
  for (const [{ ports }, where] of containers)
    ports?.forEach(({ name }, index) => {
      if (!name) return
      const at = `${where}.ports[${index}]`
      const other = first.get(name)
      if (other === undefined) return void first.set(name, at)
      warnings.push(
        `${at}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`,
      )
    })
}

function addressWarnings(warnings: string[], path: string, { dnsConfig, hostAliases }: PodSpec): void {
  dnsConfig?.nameservers?.forEach((server, index) =>
    warnings.push(...ipWarnings(`${path}.dnsConfig.nameservers[${index}]`, server)),
  )
  hostAliases?.forEach(({ ip }, index) => warnings.push(...ipWarnings(`${path}.hostAliases[${index}].ip`, ip)))
}

const hard = 'requiredDuringSchedulingIgnoredDuringExecution'
const soft = 'preferredDuringSchedulingIgnoredDuringExecution'

function termWarnings(warnings: string[], path: string, affinity: Affinity | undefined): void {
  for (const side of ['podAffinity', 'podAntiAffinity'] as const) {
    affinity?.[side]?.[hard]?.forEach(({ labelSelector }, index) => {
      if (labelSelector === undefined)
        warnings.push(
          `${path}.${side}.${hard}[${index}].labelSelector: a null labelSelector results in matching no pod`,
        )
    })
    affinity?.[side]?.[soft]?.forEach(({ podAffinityTerm }, index) => {
      if (podAffinityTerm?.labelSelector === undefined)
        warnings.push(
          `${path}.${side}.${soft}[${index}].podAffinityTerm.labelSelector: a null labelSelector results in matching no pod`,
        )
    })
  }
}
