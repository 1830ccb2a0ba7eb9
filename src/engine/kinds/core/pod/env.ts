import {
  each,
  invalidValue,
  isConfigKey,
  isEnvName,
  isLabel,
  isQualifiedName,
  isSubdomain,
  missing,
  required,
  unsupported,
  type FieldError,
} from '../../../api/index.ts'
import { noBacksteps } from './mounts.ts'
import { containersOf, type EnvFrom, type EnvVar, type PodSpec } from './types.ts'

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
  if (fileKeyRef) fileKeyErrors(errors, `${path}.fileKeyRef`, fileKeyRef)
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
  const cut = fieldPath.endsWith("']") ? fieldPath.slice(0, -2).indexOf("['") : -1
  const base = cut > 0 ? fieldPath.slice(0, cut) : fieldPath
  const bad = conversionError(apiVersion, fieldPath, base, cut > 0)
  if (bad) return void errors.push(invalidValue(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${bad}`))
  if (cut > 0) {
    const subscript = fieldPath.slice(cut + 2, -2)
    const key = base === 'metadata.annotations' ? subscript.toLowerCase() : subscript
    return void errors.push(...each(path, key, isQualifiedName(key)))
  }
  const today = base === 'spec.host' ? 'spec.nodeName' : base
  if (!supported.includes(today)) errors.push(unsupported(`${path}.fieldPath`, today, supported))
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

const divided: Readonly<Record<string, string>> = {
  memory: 'memory',
  'ephemeral-storage': 'local ephemeral storage',
  'hugepages-': 'hugepages',
}

/** A reference to a container's requests or limits. */
export function resourceFieldErrors(errors: FieldError[], path: string, ref: ResourceRef, isVolume: boolean): void {
  const { containerName, resource = '', divisor = '0' } = ref
  if (isVolume && !containerName) errors.push(required(`${path}.containerName`))
  else if (!resource) errors.push(required(`${path}.resource`))
  else if (!containerResources.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource))
    errors.push(unsupported(`${path}.resource`, resource, containerResources))
  const kind =
    divisor === '0'
      ? undefined
      : /^(?:limits|requests)\.(cpu$|memory$|ephemeral-storage$|hugepages-)/.exec(resource)?.[1]
  if (kind === 'cpu' && divisor !== '1m' && divisor !== '1')
    errors.push(
      invalidValue(`${path}.divisor`, resource, "only divisor's values 1m and 1 are supported with the cpu resource"),
    )
  if (kind === undefined || kind === 'cpu' || divisors.includes(divisor)) return
  errors.push(
    invalidValue(
      `${path}.divisor`,
      resource,
      `only divisor's values ${divisors.join(', ')} are supported with the ${divided[kind]} resource`,
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

type FileKey = NonNullable<NonNullable<EnvVar['valueFrom']>['fileKeyRef']>

/** A variable that a container before this one wrote into a file. */
// upstream: validateFileKeySelector there
function fileKeyErrors(errors: FieldError[], path: string, ref: Partial<FileKey>): void {
  const { key, volumeName, path: file } = ref
  if (!key) errors.push(required(`${path}.key`))
  else errors.push(...each(`${path}.key`, key, isEnvName(key)))
  if (!volumeName) errors.push(required(`${path}.volumeName`))
  else errors.push(...each(`${path}.volumeName`, volumeName, isLabel(volumeName)))
  if (!file) errors.push(required(`${path}.path`))
  else noBacksteps(errors, `${path}.path`, file)
}

/** Such files lie in volumes of the pod that begin empty. */
// upstream: validateFileKeyRefVolumes there
export function fileVolumeErrors(errors: FieldError[], path: string, spec: PodSpec): void {
  const { containers, initContainers, ephemeralContainers } = spec
  if (!containers.some(readsFiles) && !initContainers?.some(readsFiles) && !ephemeralContainers?.some(readsFiles))
    return
  for (const [{ env }, at] of containersOf(spec, path))
    if (env !== undefined)
      for (let index = 0; index < env.length; index++) {
        const ref = env[index]!.valueFrom?.fileKeyRef
        if (ref)
          fileVolumeError(errors, `${at}.env[${index}].valueFrom.fileKeyRef.volumeName`, spec, ref.volumeName ?? '')
      }
}

function readsFiles({ env }: { readonly env?: readonly EnvVar[] }): boolean {
  return env !== undefined && env.some(isFromFile)
}

function isFromFile({ valueFrom }: EnvVar): boolean {
  return valueFrom?.fileKeyRef !== undefined
}

function fileVolumeError(errors: FieldError[], path: string, { volumes }: PodSpec, name: string): void {
  const found = volumes?.filter((volume) => volume.name === name)
  if (!found?.length) errors.push(missing(path, name))
  else if (found[found.length - 1]!.emptyDir === undefined)
    errors.push(invalidValue(path, name, 'referenced volume must be of type emptyDir'))
}

/** A name of which a prefix of the variables may be part: one that ends with a dash is fine. */
// upstream: apimachinery/pkg/api/validation maskTrailingDash
function isSubdomainPrefix(name: string): readonly string[] {
  return isSubdomain(name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name)
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
      else errors.push(...each(`${at}.${field}.name`, ref.name, isSubdomainPrefix(ref.name)))
    }
    if (!configMapRef && !secretRef)
      errors.push(invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    else if (configMapRef && secretRef)
      errors.push(invalidValue(path, '', 'may not have more than one field specified at a time'))
  })
}
