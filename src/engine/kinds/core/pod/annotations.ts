import { invalidValue, notAllowed, type FieldError } from '../../../api/index.ts'
import { appArmorField, appArmorPrefix as appArmor } from './appArmor.ts'
import { descendingPathErrors } from './mounts.ts'
import { containersOf, type PodSpec } from './types.ts'

const mirrorKey = 'kubernetes.io/config.mirror'
const seccomp = 'seccomp.security.alpha.kubernetes.io/pod'
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/'
const noErrors: readonly FieldError[] = Object.freeze([])

/** What is wrong with annotations that mean something to pods. */
// upstream: pkg/apis/core/validation/validation.go ValidatePodSpecificAnnotations
// differs: tolerations in an annotation (scheduler.alpha.kubernetes.io/tolerations) are not checked
export function podAnnotationErrors(
  path: string,
  annotations: Readonly<Record<string, string>> | undefined,
  spec: PodSpec,
): readonly FieldError[] {
  if (annotations === undefined) return noErrors
  const errors: FieldError[] = []
  const mirror = annotations[mirrorKey]
  if (mirror !== undefined && !spec.nodeName)
    errors.push(invalidValue(`${path}[${mirrorKey}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set'))
  const cost = annotations['controller.kubernetes.io/pod-deletion-cost']
  if (cost !== undefined && !isInt32(cost))
    errors.push(invalidValue(`${path}[controller.kubernetes.io/pod-deletion-cost]`, cost, 'must be a 32bit integer'))
  for (const key in annotations)
    if (key === seccomp || key.startsWith(seccompContainer)) seccompErrors(errors, `${path}.${key}`, annotations[key]!)
  for (const key in annotations)
    if (key.startsWith(appArmor)) errors.push(...appArmorErrors(path, key, annotations[key]!, spec))
  return errors
}

function seccompErrors(errors: FieldError[], path: string, profile: string): void {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return
  if (profile.startsWith('localhost/')) descendingPathErrors(errors, path, profile.slice('localhost/'.length))
  else errors.push(invalidValue(path, profile, 'must be a valid seccomp profile'))
}

/** What an update may not do to annotations that mean something to a pod that runs, and once more what is wrong with them. */
// upstream: ValidatePodSpecificAnnotationUpdates there
export function podAnnotationUpdateErrors(
  path: string,
  next: Annotations | undefined,
  old: Annotations | undefined,
  spec: PodSpec,
): readonly FieldError[] {
  if (next === undefined && old === undefined) return noErrors
  const errors: FieldError[] = []
  changeErrors(errors, path, next ?? {}, old ?? {})
  errors.push(...podAnnotationErrors(path, next, spec))
  return errors
}

function changeErrors(errors: FieldError[], path: string, next: Annotations, old: Annotations): void {
  if (next === old) return
  for (const key in old)
    if (next[key] !== old[key] && wordFor(key))
      errors.push(notAllowed(`${path}[${key}]`, `may not remove or update ${wordFor(key)}`))
  for (const key in next)
    if (old[key] === undefined && wordFor(key))
      errors.push(notAllowed(`${path}[${key}]`, `may not add ${wordFor(key)}`))
}

type Annotations = Readonly<Record<string, string>>

function wordFor(key: string): string {
  if (key.startsWith(appArmor)) return 'AppArmor annotations'
  return key === mirrorKey ? 'mirror pod annotation' : ''
}

/**
 * Where a new pod or a template says the same thing twice, by an annotation of old and by a field, both have to say it.
 * `takesAppArmor`: what annotations say of AppArmor becomes the container's own, and so is at odds with nothing else.
 */
// upstream: validateSeccompAnnotationsAndFields, validateAppArmorAnnotationsAndFieldsMatchOnCreate there
export function matchingAnnotationErrors(
  annotations: Annotations | undefined,
  spec: PodSpec,
  specPath: string,
  takesAppArmor: boolean,
): readonly FieldError[] {
  if (annotations === undefined) return noErrors
  const errors: FieldError[] = []
  const { seccompProfile, appArmorProfile } = spec.securityContext ?? {}
  matchErrors(errors, `${specPath}.securityContext.seccompProfile`, annotations[seccomp], seccompProfile, 'seccomp')
  for (const [{ name, securityContext }, path] of containersOf(spec, specPath)) {
    const text = annotations[seccompContainer + name]
    matchErrors(errors, `${path}.securityContext.seccompProfile`, text, securityContext?.seccompProfile, 'seccomp')
  }
  if (spec.os?.name === 'windows') return errors
  for (const [{ name, securityContext }, path] of containersOf(spec, specPath)) {
    const text = annotations[appArmor + name]
    const isTaken = takesAppArmor && text !== undefined && appArmorField(text) !== undefined
    const profile = securityContext?.appArmorProfile ?? (isTaken ? undefined : appArmorProfile)
    matchErrors(errors, `${path}.securityContext.appArmorProfile`, text, profile, 'apparmor')
  }
  return errors
}

interface Profile {
  readonly type: string
  readonly localhostProfile?: string
}

function matchErrors(
  errors: FieldError[],
  path: string,
  text: string | undefined,
  profile: Profile | undefined,
  word: 'seccomp' | 'apparmor',
): void {
  if (text === undefined || profile === undefined) return
  const { type, localhostProfile } = profile
  const isDefault = text === 'runtime/default' || (word === 'seccomp' && text === 'docker/default')
  const isType =
    (type === 'Unconfined' && text === 'unconfined') ||
    (type === 'RuntimeDefault' && isDefault) ||
    (type === 'Localhost' && text.startsWith('localhost/'))
  if (!isType) errors.push(notAllowed(`${path}.type`, `${word} type in annotation and field must match`))
  else if (type === 'Localhost' && text.slice('localhost/'.length) !== localhostProfile)
    errors.push(notAllowed(`${path}.localhostProfile`, `${word} profile in annotation and field must match`))
}

/** Whether a text is the decimal of a 32-bit number, as Go's ParseInt and the deletion cost want it. */
function isInt32(text: string): boolean {
  if (!/^(0|-?[1-9]\d*)$/.test(text)) return false
  const value = Number(text)
  return value >= -2147483648 && value <= 2147483647
}

function appArmorErrors(path: string, key: string, profile: string, spec: PodSpec): readonly FieldError[] {
  const errors: FieldError[] = []
  const name = key.slice(appArmor.length)
  const isThere = [...containersOf(spec, '')].some(([container]) => container.name === name)
  if (!isThere) errors.push(invalidValue(`${path}[${key}]`, name, 'container not found'))
  if (!/^($|runtime\/default$|unconfined$|localhost\/)/.test(profile))
    errors.push(invalidValue(`${path}[${key}]`, profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`))
  return errors
}
