import { invalid, invalidValue, type FieldError, type Namespace } from '../../api/index.ts'
import { defineAdmission } from './admission.ts'

const levels = ['privileged', 'baseline', 'restricted']
const prefix = 'pod-security.kubernetes.io/'

/** Checks the labels by which a namespace says what its pods may do. */
// upstream: staging/src/k8s.io/pod-security-admission/admission/admission.go; the pods' own checks come with issue 4
export const podSecurity = defineAdmission({
  name: 'PodSecurity',
  validate({ verb, kind, subresource, draft, old }) {
    if (kind.kind !== 'Namespace' || subresource !== '' || (verb !== 'create' && verb !== 'update')) return
    const { metadata } = draft as unknown as Namespace
    if (verb === 'update' && old?.metadata.labels === metadata.labels) return
    const errors = ['enforce', 'audit', 'warn'].flatMap((mode) => labelErrors(mode, metadata.labels ?? {}))
    if (errors.length > 0) throw invalid('', 'Namespace', metadata.name, errors)
  },
})

function labelErrors(mode: string, labels: Readonly<Record<string, string>>): readonly FieldError[] {
  const errors: FieldError[] = []
  const level = labels[prefix + mode]
  const version = labels[`${prefix}${mode}-version`]
  const path = (key: string): string => `metadata.labels[${prefix}${key}]`
  if (level !== undefined && !levels.includes(level))
    errors.push(invalidValue(path(mode), level, `must be one of ${levels.join(', ')}`))
  if (version !== undefined && version !== 'latest' && !/^v1\.(0|[1-9]\d*)$/.test(version))
    errors.push(invalidValue(path(`${mode}-version`), version, 'must be "latest" or "v1.x"'))
  return errors
}
