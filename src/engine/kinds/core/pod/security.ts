import {
  duplicate,
  each,
  invalidValue,
  isUserId,
  required,
  tooLong,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { goStruct } from '../../rules/goStruct.ts'
import { descendingPathErrors } from './mounts.ts'
import type { PodSecurityContext, PodSpec, SecurityContext } from './types.ts'
import { windowsOptionErrors } from './windows.ts'

/** How long the name of a profile may be, in bytes. */
export const pathBytesMax = 4095
const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined']

/** What is wrong with the security context of a pod. */
// upstream: pkg/apis/core/validation/validation.go validatePodSpecSecurityContext
export function podSecurityErrors(errors: FieldError[], specPath: string, spec: PodSpec): void {
  const { securityContext: context = {} } = spec
  if (spec.shareProcessNamespace !== true && isEmpty(context)) return // as it is in most pods
  const path = `${specPath}.securityContext`
  userErrors(errors, path, context)
  context.supplementalGroups?.forEach((id, index) =>
    errors.push(...each(`${path}.supplementalGroups[${index}]`, id, isUserId(id))),
  )
  if (spec.shareProcessNamespace === true && spec.hostPID === true)
    errors.push(
      invalidValue(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    )
  if (context.sysctls !== undefined) sysctlErrors(errors, `${path}.sysctls`, context.sysctls, spec)
  word(errors, `${path}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'])
  profileErrors(errors, `${path}.seccompProfile`, context.seccompProfile, 'seccomp', 'seccompProfile')
  windowsOptionErrors(errors, `${path}.windowsOptions`, context.windowsOptions)
  profileErrors(errors, `${path}.appArmorProfile`, context.appArmorProfile, 'AppArmor', 'appArmorProfile')
  word(errors, `${path}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ['Merge', 'Strict'])
  word(errors, `${path}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ['Recursive'])
}

function isEmpty(context: PodSecurityContext): boolean {
  for (const _ in context) return false
  return true
}

function word(errors: FieldError[], path: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value)) errors.push(unsupported(path, value, known))
}

function userErrors(
  errors: FieldError[],
  path: string,
  context: { fsGroup?: number; runAsUser?: number; runAsGroup?: number },
): void {
  for (const field of ['fsGroup', 'runAsUser', 'runAsGroup'] as const) {
    const id = context[field]
    if (id !== undefined) errors.push(...each(`${path}.${field}`, id, isUserId(id)))
  }
}

interface Profile {
  readonly type: string
  readonly localhostProfile?: string
}

function profileErrors(
  errors: FieldError[],
  path: string,
  profile: Profile | undefined,
  name: string,
  field: string,
): void {
  if (profile === undefined) return
  const { type, localhostProfile } = profile
  const only = (value: unknown): void =>
    void errors.push(invalidValue(`${path}.localhostProfile`, value, `can only be set when ${name} type is Localhost`))
  const isKnown = profileTypes.includes(type)
  if (!type) errors.push(required(`${path}.type`, `type is required when ${field} is set`))
  else if (!isKnown) errors.push(unsupported(`${path}.type`, type, profileTypes))
  if (!isKnown && name === 'AppArmor') return
  if (type === 'Localhost') {
    if (localhostProfile === undefined || (localhostProfile === '' && name === 'AppArmor'))
      errors.push(required(`${path}.localhostProfile`, `must be set when ${name} type is Localhost`))
    else if (name === 'seccomp') descendingPathErrors(errors, `${path}.localhostProfile`, localhostProfile)
    else if (localhostProfile.trim() !== localhostProfile)
      errors.push(invalidValue(`${path}.localhostProfile`, localhostProfile, 'must not be padded with whitespace'))
    if (name === 'AppArmor' && (localhostProfile?.length ?? 0) > pathBytesMax)
      errors.push(tooLong(`${path}.localhostProfile`, pathBytesMax))
  } else if (localhostProfile !== undefined)
    only(name === 'seccomp' ? goStruct('SeccompProfile', profile) : localhostProfile)
}

type Sysctls = NonNullable<PodSecurityContext['sysctls']>

const sysctlRule = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'
const sysctlPattern = new RegExp(sysctlRule)

function sysctlErrors(errors: FieldError[], path: string, sysctls: Sysctls, spec: PodSpec): void {
  const seen = new Set<string>()
  sysctls.forEach(({ name }, index) => {
    const at = `${path}[${index}].name`
    if (!name) errors.push(required(at))
    else if (name.length > 253 || !sysctlPattern.test(name))
      errors.push(invalidValue(at, name, `must have at most 253 characters and match regex ${sysctlRule}`))
    else if (seen.has(name)) errors.push(duplicate(at, name))
    const dotted = dottedName(name)
    if (spec.hostNetwork === true && dotted.startsWith('net.'))
      errors.push(invalidValue(at, name, "may not be specified when 'hostNetwork' is true"))
    else if (spec.hostIPC === true && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted))
      errors.push(invalidValue(at, name, "may not be specified when 'hostIPC' is true"))
    seen.add(name)
  })
}

/** A name whose first separator is a slash has the two the other way round. */
// upstream: k8s.io/component-helpers NormalizeName, as the kernel's sysctl does
function dottedName(name = ''): string {
  const first = /[./]/.exec(name)?.[0]
  return first === '/' ? name.replace(/[./]/g, (one) => (one === '/' ? '.' : '/')) : name
}

/** What is wrong with the security context of a container. */
// upstream: ValidateSecurityContext there
export function securityErrors(errors: FieldError[], path: string, context: SecurityContext, spec: PodSpec): void {
  const { procMount } = context
  userErrors(errors, path, context)
  word(errors, `${path}.procMount`, procMount, ['Default', 'Unmasked'])
  if (procMount === 'Unmasked' && spec.hostUsers !== false)
    errors.push(invalidValue(`${path}.procMount`, procMount, '`hostUsers` must be false to use `Unmasked`'))
  profileErrors(errors, `${path}.seccompProfile`, context.seccompProfile, 'seccomp', 'seccompProfile')
  if (context.allowPrivilegeEscalation === false) escalationErrors(errors, path, context)
  windowsOptionErrors(errors, `${path}.windowsOptions`, context.windowsOptions)
  profileErrors(errors, `${path}.appArmorProfile`, context.appArmorProfile, 'AppArmor', 'appArmorProfile')
}

function escalationErrors(errors: FieldError[], path: string, context: SecurityContext): void {
  const complain = (what: string): void =>
    void errors.push(
      invalidValue(
        path,
        goStruct('SecurityContext', context),
        `cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
      ),
    )
  if (context.privileged === true) complain('`privileged` to true')
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN') === true) complain('`capabilities.Add` CAP_SYS_ADMIN')
}
