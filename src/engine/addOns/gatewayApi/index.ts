import { defineAddOn } from '../addOn.ts'
import { gateway } from './gateway.ts'
import { gatewayClass } from './gatewayClass.ts'
import { httpRoute } from './httpRoute.ts'
import { referenceGrant } from './referenceGrant.ts'

/** The core kinds of the Gateway API. Nobody acts on them: that takes a controller. */
export const gatewayApi = defineAddOn({
  name: 'gateway-api',
  objects: [],
  definitions: [gatewayClass, gateway, httpRoute, referenceGrant],
})
