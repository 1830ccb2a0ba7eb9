import { each, invalidValue, required, type FieldError, type HorizontalPodAutoscaler } from '../../api/index.ts'
import { isPathSegment } from '../networking/pathSegment.ts'

// upstream: pkg/apis/autoscaling/validation/validation.go ValidateCrossVersionObjectReference, pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go

type Spec = HorizontalPodAutoscaler['spec']

/** An object named by its kind, its name and the version of its API. */
export interface Reference {
  readonly kind?: string
  readonly name?: string
  readonly apiVersion?: string
}

/** What the version of a reference may be: one of a named group, any that can be read, or anything. */
export type VersionRule = 'grouped' | 'readable' | 'any'

/** What is wrong with a reference. */
export function refErrors(path: string, ref: Reference, rule: VersionRule): readonly FieldError[] {
  const errors: FieldError[] = []
  for (const field of ['kind', 'name'] as const) {
    const text = ref[field]
    if (!text) errors.push(required(`${path}.${field}`))
    else errors.push(...each(`${path}.${field}`, text, isPathSegment(text)))
  }
  const { apiVersion = '' } = ref
  const problem = versionProblem(apiVersion, rule)
  if (problem !== '') errors.push(invalidValue(`${path}.apiVersion`, apiVersion, problem))
  return errors
}

/** The rule for what is scaled: only a ReplicationController is of no group; what was there before may stay. */
export function targetRule({ scaleTargetRef: ref }: Spec, old?: Spec): VersionRule {
  if (old !== undefined && old.scaleTargetRef.kind === ref?.kind && old.scaleTargetRef.apiVersion === ref.apiVersion)
    return 'any'
  return ref?.kind === 'ReplicationController' ? 'readable' : 'grouped'
}

/** The rule for what is described by metrics: unreadable versions are let be if one was there before. */
export function describedRule(old?: Spec): VersionRule {
  const wasUnreadable = old?.metrics?.some(
    ({ object }) => object !== undefined && versionProblem(object.describedObject.apiVersion ?? '', 'readable') !== '',
  )
  return wasUnreadable ? 'any' : 'readable'
}

function versionProblem(apiVersion: string, rule: VersionRule): string {
  if (rule === 'any') return ''
  const parts = apiVersion === '/' ? [''] : apiVersion.split('/')
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`
  return rule === 'grouped' && (parts.length < 2 || parts[0] === '') ? 'apiVersion must specify API group' : ''
}
