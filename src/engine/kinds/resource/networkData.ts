import { each, tooLong, type FieldError, type ResourceClaim } from '../../api/index.ts'
import { isInterfaceAddress } from '../rules/canonical.ts'
import { setErrors } from './lists.ts'

type NetworkData = NonNullable<NonNullable<ResourceClaim['status']['devices']>[number]['networkData']>

const interfaceNameMax = 256
const hardwareAddressMax = 128
const addressesMax = 16

/** What is wrong with what a driver says of a network device. */
// upstream: pkg/apis/resource/validation/validation.go validateNetworkDeviceData
export function networkErrors(errors: FieldError[], path: string, data: NetworkData): void {
  const { interfaceName = '', hardwareAddress = '', ips } = data
  if (interfaceName.length > interfaceNameMax) errors.push(tooLong(`${path}.interfaceName`, interfaceNameMax))
  if (hardwareAddress.length > hardwareAddressMax) errors.push(tooLong(`${path}.hardwareAddress`, hardwareAddressMax))
  const check = (place: string, text: string): unknown => errors.push(...each(place, text, isInterfaceAddress(text)))
  setErrors(errors, `${path}.ips`, ips, addressesMax, check, (address) => address)
}
