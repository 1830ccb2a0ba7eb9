import {
  each,
  invalidValue,
  isConfigKey,
  isEnvName,
  isQualifiedName,
  isSubdomain,
  required,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import type { EnvFrom, EnvVar } from './types.ts'

const envFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

const convertible: ReadonlySet<string> = new Set([
  ...envFields,
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
  'spec.host',
])

const containerResources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

/** What is wrong with a container's environment. */
// upstream: pkg/apis/core/validation/validation.go ValidateEnv
export function envErrors(errors: FieldError[], path: string, env: readonly EnvVar[]): void {
  for (let index = 0; index < env.length; index++) {
    const { name, valueFrom, value } = env[index]!
    const at = `${path}[${index}]`
    if (!name) errors.push(required(`${at}.name`))
    else errors.push(...each(`${at}.name`, name, isEnvName(name)))
    if (valueFrom !== undefined) sourceErrors(errors, `${at}.valueFrom`, valueFrom, value)
  }
}

function sourceErrors(
  errors: FieldError[],
  path: string,
  source: NonNullable<EnvVar['valueFrom']>,
  value: string | undefined,
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source
  if (fieldRef) fieldErrors(errors, `${path}.fieldRef`, fieldRef, envFields)
  if (resourceFieldRef) resourceFieldErrors(errors, `${path}.resourceFieldRef`, resourceFieldRef, false)
  if (configMapKeyRef) keyErrors(errors, `${path}.configMapKeyRef`, configMapKeyRef)
  if (secretKeyRef) keyErrors(errors, `${path}.secretKeyRef`, secretKeyRef)
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean).length
  if (count === 0)
    errors.push(
      invalidValue(
        path,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    )
  else if (value) errors.push(invalidValue(path, '', 'may not be specified when `value` is not empty'))
  else if (count > 1) errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'))
}

interface FieldRef {
  readonly apiVersion?: string
  readonly fieldPath?: string
}

/** A reference to a field of the pod itself. */
export function fieldErrors(errors: FieldError[], path: string, ref: FieldRef, supported: readonly string[]): void {
  const { apiVersion, fieldPath } = ref
  if (!apiVersion) return void errors.push(required(`${path}.apiVersion`))
  if (!fieldPath) return void errors.push(required(`${path}.fieldPath`))
  const subscript = /^(.+)\['([^']*)'\]$/.exec(fieldPath)
  const base = subscript?.[1] ?? fieldPath
  const bad = conversionError(apiVersion, fieldPath, base, subscript !== null)
  if (bad) return void errors.push(invalidValue(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${bad}`))
  if (subscript) {
    const key = base === 'metadata.annotations' ? subscript[2]!.toLowerCase() : subscript[2]!
    errors.push(...each(path, key, isQualifiedName(key)))
  } else if (!supported.includes(base)) errors.push(unsupported(`${path}.fieldPath`, base, supported))
}

function conversionError(apiVersion: string, whole: string, base: string, hasSubscript: boolean): string | undefined {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`
  if (hasSubscript)
    return base === 'metadata.annotations' || base === 'metadata.labels'
      ? undefined
      : `field label does not support subscript: ${whole}`
  return convertible.has(base) ? undefined : `field label not supported: ${whole}`
}

interface ResourceRef {
  readonly containerName?: string
  readonly resource?: string
  readonly divisor?: string
}

const divisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']

/** A reference to a container's requests or limits. */
export function resourceFieldErrors(errors: FieldError[], path: string, ref: ResourceRef, isVolume: boolean): void {
  const { containerName, resource = '', divisor = '0' } = ref
  if (isVolume && !containerName) errors.push(required(`${path}.containerName`))
  else if (!resource) errors.push(required(`${path}.resource`))
  else if (!containerResources.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource))
    errors.push(unsupported(`${path}.resource`, resource, containerResources))
  if (divisor === '0') return
  const isCpu = resource.endsWith('.cpu')
  if (isCpu && divisor !== '1m' && divisor !== '1')
    errors.push(
      invalidValue(`${path}.divisor`, resource, "only divisor's values 1m and 1 are supported with the cpu resource"),
    )
  if (isCpu || divisors.includes(divisor)) return
  const kind = resource.endsWith('.memory')
    ? 'memory'
    : resource.includes('hugepages-')
      ? 'hugepages'
      : 'local ephemeral storage'
  errors.push(
    invalidValue(
      `${path}.divisor`,
      resource,
      `only divisor's values ${divisors.join(', ')} are supported with the ${kind} resource`,
    ),
  )
}

function keyErrors(
  errors: FieldError[],
  path: string,
  { name, key }: { readonly name?: string; readonly key?: string },
): void {
  errors.push(...each(`${path}.name`, name ?? '', isSubdomain(name ?? '')))
  if (!key) errors.push(required(`${path}.key`))
  else errors.push(...each(`${path}.key`, key, isConfigKey(key)))
}

/** What is wrong with whole ConfigMaps and Secrets taken into the environment. */
export function envFromErrors(errors: FieldError[], path: string, sources: readonly EnvFrom[]): void {
  sources.forEach(({ prefix, configMapRef, secretRef }, index) => {
    const at = `${path}[${index}]`
    if (prefix) errors.push(...each(`${at}.prefix`, prefix, isEnvName(prefix)))
    for (const [field, ref] of [
      ['configMapRef', configMapRef],
      ['secretRef', secretRef],
    ] as const) {
      if (ref === undefined) continue
      if (!ref.name) errors.push(required(`${at}.${field}.name`))
      else errors.push(...each(`${at}.${field}.name`, ref.name, isSubdomain(ref.name)))
    }
    if (!configMapRef && !secretRef)
      errors.push(invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    else if (configMapRef && secretRef)
      errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'))
  })
}
