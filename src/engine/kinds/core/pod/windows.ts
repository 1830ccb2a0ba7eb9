import {
  each,
  invalidValue,
  isSubdomain,
  notAllowed,
  required,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { containersOf, type PodSpec, type SecurityContext } from './types.ts'

type WindowsOptions = NonNullable<SecurityContext['windowsOptions']>

const specBytesMax = 64 * 1024
const userMax = 104
const domainMax = 256

/** What is wrong with options that only Windows knows. */
// upstream: pkg/apis/core/validation/validation.go validateWindowsSecurityContextOptions
export function windowsOptionErrors(errors: FieldError[], path: string, options: WindowsOptions | undefined): void {
  if (options === undefined) return
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName: user } = options
  if (specName !== undefined) errors.push(...each(`${path}.gmsaCredentialSpecName`, specName, isSubdomain(specName)))
  if (spec === '')
    errors.push(invalidValue(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string'))
  else if (spec !== undefined && spec.length > specBytesMax)
    errors.push(invalidValue(`${path}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec size must be under 64 KiB'))
  if (user !== undefined)
    for (const text of userTexts(user)) errors.push(invalidValue(`${path}.runAsUserName`, user, text))
}

const netBios = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/
const dnsName = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/

function* userTexts(name: string): Generator<string> {
  if (name === '') return yield 'runAsUserName cannot be an empty string'
  // eslint-disable-next-line no-control-regex -- those are what is looked for
  if (/[\x00-\x1f\x7f]/.test(name)) return yield 'runAsUserName cannot contain control characters'
  const parts = name.split('\\')
  if (parts.length > 2) return yield 'runAsUserName cannot contain more than one backslash'
  const user = parts[parts.length - 1]!
  const domain = parts.length === 2 ? parts[0]! : undefined
  if (domain !== undefined && domain.length >= domainMax)
    yield `runAsUserName's Domain length must be under ${domainMax} characters`
  if (domain !== undefined && !netBios.test(domain) && !dnsName.test(domain))
    yield "runAsUserName's Domain doesn't match the NetBios nor the DNS format"
  if (user === '') yield "runAsUserName's User cannot be empty"
  else if (user.length > userMax) yield `runAsUserName's User length must not be longer than ${userMax} characters`
  if (/^[. ]+$/.test(user)) yield "runAsUserName's User cannot contain only periods or spaces"
  if (/["/\\:;|=,+*?<>@[\]]/.test(user))
    yield `runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`
}

/** Containers that run as processes of a Windows host do so all together, on its network. */
// upstream: validateWindowsHostProcessPod there
export function hostProcessErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  if (!isForWindows(spec)) return
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess
  let count = 0
  let inHost = 0
  for (const [{ securityContext }, at] of containersOf(spec, path)) {
    count++
    const own = securityContext?.windowsOptions?.hostProcess
    if (ofPod !== undefined && own !== undefined && ofPod !== own)
      errors.push(
        invalidValue(
          `${at}.securityContext.windowsOptions.hostProcess`,
          own,
          `pod hostProcess value must be identical if both are specified, was ${ofPod}`,
        ),
      )
    if (own ?? ofPod) inHost++
  }
  if (inHost === 0) return
  if (inHost !== count)
    errors.push(
      invalidValue(
        path,
        '',
        'If pod contains any hostProcess containers then all containers must be HostProcess containers',
      ),
    )
  if (spec.hostNetwork !== true)
    errors.push(
      invalidValue(`${path}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers'),
    )
}

/** Whether anything in a pod has options that only Windows knows; most pods have none. */
function isForWindows({ securityContext, containers = [], initContainers, ephemeralContainers }: PodSpec): boolean {
  if (securityContext?.windowsOptions !== undefined || ephemeralContainers !== undefined) return true
  for (const { securityContext: own } of containers) if (own?.windowsOptions !== undefined) return true
  return initContainers?.some((container) => container.securityContext?.windowsOptions !== undefined) === true
}

/** What a pod may not ask of the system it says that it needs. */
// upstream: validateOS, validateLinux and validateWindows there
export function osErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  if (spec.os === undefined) return
  const { name } = spec.os
  if (!name) errors.push(required(`${path}.os.name`))
  else if (name === 'linux') linuxErrors(errors, path, spec)
  else if (name === 'windows') windowsErrors(errors, path, spec)
  else errors.push(unsupported(`${path}.os`, name, ['linux', 'windows']))
}

function linuxErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  const text = 'windows options cannot be set for a linux pod'
  if (spec.securityContext?.windowsOptions !== undefined)
    errors.push(notAllowed(`${path}.securityContext.windowsOptions`, text))
  for (const [{ securityContext }, at] of containersOf(spec, path))
    if (securityContext?.windowsOptions !== undefined)
      errors.push(notAllowed(`${at}.securityContext.windowsOptions`, text))
}

const notOnWindows: readonly (readonly [inContext: boolean, field: string])[] = [
  [true, 'appArmorProfile'],
  [true, 'seLinuxOptions'],
  [false, 'hostUsers'],
  [false, 'hostPID'],
  [false, 'hostIPC'],
  [true, 'seccompProfile'],
  [true, 'fsGroup'],
  [true, 'fsGroupChangePolicy'],
  [true, 'sysctls'],
  [false, 'shareProcessNamespace'],
  [true, 'runAsUser'],
  [true, 'runAsGroup'],
  [true, 'supplementalGroups'],
  [true, 'supplementalGroupsPolicy'],
  [true, 'seLinuxChangePolicy'],
]

const notInWindowsContainers = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const

function windowsErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  const text = 'cannot be set for a windows pod'
  const context = (spec.securityContext ?? {}) as Readonly<Record<string, unknown>>
  const whole = spec as unknown as Readonly<Record<string, unknown>>
  for (const [inContext, field] of notOnWindows) {
    const value = inContext ? context[field] : whole[field]
    const isUnset = value === undefined || (value === false && (field === 'hostPID' || field === 'hostIPC'))
    if (!isUnset) errors.push(notAllowed(`${path}.${inContext ? 'securityContext.' : ''}${field}`, text))
  }
  for (const [{ securityContext }, at] of containersOf(spec, path))
    for (const field of notInWindowsContainers)
      if (securityContext?.[field] !== undefined) errors.push(notAllowed(`${at}.securityContext.${field}`, text))
}
