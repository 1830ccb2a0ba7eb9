import { invalidValue, type FieldError } from '../../../api/index.ts'
import type { Level, Standard } from './evaluate.ts'

type Labels = Readonly<Record<string, string>>

const levels: readonly string[] = ['privileged', 'baseline', 'restricted']
const prefix = 'pod-security.kubernetes.io/'
const modes = ['enforce', 'audit', 'warn'] as const

/** What a namespace asks of its pods, and how strictly. */
export type Mode = (typeof modes)[number]

const shape = /^v1\.(0|[1-9]\d*)$/

/** What is wrong with the labels by which a namespace says what its pods may do. */
// upstream: staging/src/k8s.io/pod-security-admission/api/helpers.go PolicyToEvaluate
export function labelErrors(labels: Labels): readonly FieldError[] {
  return modes.flatMap((mode) => {
    const errors: FieldError[] = []
    const level = labels[prefix + mode]
    const version = labels[`${prefix}${mode}-version`]
    const path = (key: string): string => `metadata.labels[${prefix}${key}]`
    if (level !== undefined && !levels.includes(level))
      errors.push(invalidValue(path(mode), level, `must be one of ${levels.join(', ')}`))
    if (version !== undefined && version !== 'latest' && !shape.test(version))
      errors.push(invalidValue(path(`${mode}-version`), version, 'must be "latest" or "v1.x"'))
    return errors
  })
}

/** Whether a namespace says anything at all of its pods. */
export function hasPolicy(labels: Labels | undefined): labels is Labels {
  if (labels !== undefined) for (const key of levelKeys) if (labels[key] !== undefined) return true
  return false
}

const levelKeys = modes.map((mode) => prefix + mode)

/** The standard for one mode; a level nobody knows is the strictest. */
export function standardOf(mode: Mode, labels: Labels): Standard {
  const level = labels[prefix + mode]
  const version = labels[`${prefix}${mode}-version`] ?? 'latest'
  const known: Level = level === undefined ? 'privileged' : levels.includes(level) ? (level as Level) : 'restricted'
  return { level: known, version: version === 'latest' || shape.test(version) ? version : 'latest' }
}

/** Whether one level is at most as strict as another. */
export const isAtMost = (one: Level, other: Level): boolean => levels.indexOf(one) <= levels.indexOf(other)
