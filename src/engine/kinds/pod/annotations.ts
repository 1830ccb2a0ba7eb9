import { invalidValue, type FieldError } from '../../api/index.ts'
import { containersOf, type PodSpec } from './types.ts'

const appArmor = 'container.apparmor.security.beta.kubernetes.io/'

/** What is wrong with annotations that mean something to pods. */
// upstream: pkg/apis/core/validation/validation.go ValidatePodSpecificAnnotations
export function podAnnotationErrors(
  path: string,
  annotations: Readonly<Record<string, string>> | undefined,
  spec: PodSpec,
): readonly FieldError[] {
  if (annotations === undefined) return []
  const errors: FieldError[] = []
  const mirror = annotations['kubernetes.io/config.mirror']
  if (mirror !== undefined && !spec.nodeName)
    errors.push(
      invalidValue(
        `${path}[kubernetes.io/config.mirror]`,
        mirror,
        'must set spec.nodeName if mirror pod annotation is set',
      ),
    )
  const cost = annotations['controller.kubernetes.io/pod-deletion-cost']
  if (cost !== undefined && !isInt32(cost))
    errors.push(invalidValue(`${path}[controller.kubernetes.io/pod-deletion-cost]`, cost, 'must be a 32bit integer'))
  for (const key in annotations)
    if (key.startsWith(appArmor)) errors.push(...appArmorErrors(path, key, annotations[key]!, spec))
  return errors
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
