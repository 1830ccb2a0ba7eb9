import { duplicate, each, invalidValue, isLabel, isSubdomain, required, type FieldError } from '../../../api/index.ts'
import { goStruct } from '../../rules/goStruct.ts'
import type { PodSpec } from './types.ts'

/** What is wrong with the devices a pod claims. */
// upstream: pkg/apis/core/validation/validation.go validatePodResourceClaims
export function podClaimErrors(
  errors: FieldError[],
  path: string,
  claims: NonNullable<PodSpec['resourceClaims']>,
): void {
  const names = new Set<string>()
  claims.forEach((claim, index) => {
    const at = `${path}[${index}]`
    const { name, resourceClaimName: one, resourceClaimTemplateName: template } = claim
    if (!name) errors.push(required(`${at}.name`))
    else if (names.has(name)) errors.push(duplicate(`${at}.name`, name))
    else {
      errors.push(...each(`${at}.name`, name, isLabel(name)))
      names.add(name)
    }
    if (one !== undefined && template !== undefined)
      errors.push(
        invalidValue(
          at,
          goStruct('PodResourceClaim', claim),
          'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified',
        ),
      )
    if (one === undefined && template === undefined)
      errors.push(
        invalidValue(
          at,
          goStruct('PodResourceClaim', claim),
          'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
        ),
      )
    if (one !== undefined) errors.push(...each(`${at}.resourceClaimName`, one, isSubdomain(one)))
    if (template !== undefined) errors.push(...each(`${at}.resourceClaimTemplateName`, template, isSubdomain(template)))
  })
}
