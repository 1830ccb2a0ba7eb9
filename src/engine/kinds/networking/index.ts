import { ingress } from './ingress.ts'
import { ingressClass } from './ingressClass.ts'
import { ipAddress } from './ipAddress.ts'
import { networkPolicy } from './networkPolicy.ts'
import { serviceCIDR } from './serviceCIDR.ts'

/** The kinds of this API group, in the order of `kubectl api-resources`. */
export const networkingKinds = [ipAddress, ingress, ingressClass, networkPolicy, serviceCIDR] as const
