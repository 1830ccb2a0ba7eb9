import { deviceClass } from './deviceClass.ts'
import { resourceClaim } from './resourceClaim.ts'
import { resourceClaimTemplate } from './resourceClaimTemplate.ts'
import { resourceSlice } from './resourceSlice.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const resourceKinds = [deviceClass, resourceClaim, resourceClaimTemplate, resourceSlice] as const
