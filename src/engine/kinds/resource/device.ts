import {
  each,
  invalidValue,
  isLabel,
  isLabelValue,
  isQualifiedName,
  isSubdomain,
  notAllowed,
  required,
  tooLong,
  tooMany,
  unsupported,
  type FieldError,
  type ResourceSlice,
} from '../../api/index.ts'
import { nodeSelectorErrors } from '../core/pod/affinity.ts'
import { bindingErrors } from './bindingConditions.ts'
import { requestPolicyErrors } from './capacity.ts'
import { attributeNameErrors, setErrors } from './lists.ts'

// upstream: pkg/apis/resource/validation/validation.go validateDevice

type Spec = ResourceSlice['spec']
type Device = NonNullable<Spec['devices']>[number]
type CounterSet = NonNullable<Spec['sharedCounters']>[number]
type Attribute = NonNullable<Device['attributes']>[string]
type Taint = NonNullable<Device['taints']>[number]

const propertiesMax = 32
const valueBytesMax = 64
const countersMax = 32

/** What is wrong with one device; `isPlaced`: each says itself where it is. */
export function deviceErrors(errors: FieldError[], path: string, device: Device, isPlaced: boolean): void {
  const { name = '', attributes = {}, capacity = {}, taints } = device
  errors.push(...each(`${path}.name`, name, isLabel(name)))
  const count = Object.keys(attributes).length + Object.keys(capacity).length
  if (count > propertiesMax)
    errors.push(
      invalidValue(path, count, `the total number of attributes and capacities must not exceed ${propertiesMax}`),
    )
  for (const key of Object.keys(attributes).sort()) {
    errors.push(...attributeNameErrors(`${path}.attributes`, key))
    attributeErrors(errors, `${path}.attributes[${key}]`, attributes[key]!)
  }
  for (const key of Object.keys(capacity).sort()) {
    errors.push(...attributeNameErrors(`${path}.capacity`, key))
    const at = `${path}.capacity[${key}].requestPolicy`
    const { value, requestPolicy } = capacity[key]!
    if (requestPolicy === undefined) continue
    if (device.allowMultipleAllocations === true) requestPolicyErrors(errors, at, value, requestPolicy)
    else errors.push(notAllowed(at, 'allowMultipleAllocations must be true'))
  }
  setErrors(errors, `${path}.taints`, taints, 16, (at, taint) => taintErrors(errors, at, taint))
  const counters = device.consumesCounters
  const check = (at: string, one: NonNullable<typeof counters>[number]): void => {
    labelErrors(errors, `${at}.counterSet`, one.counterSet)
    countersErrors(errors, `${at}.counters`, one.counters)
  }
  setErrors(errors, `${path}.consumesCounters`, counters, 2, check, ({ counterSet }) => counterSet)
  placeErrors(errors, path, device, isPlaced)
  bindingErrors(errors, path, device.bindingConditions, device.bindingFailureConditions)
}

const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/

function attributeErrors(errors: FieldError[], path: string, attribute: Attribute): void {
  const { string: text, version } = attribute
  if (text !== undefined && text.length > valueBytesMax) errors.push(tooLong(`${path}.string`, valueBytesMax))
  if (version !== undefined && !semver.test(version))
    errors.push(invalidValue(`${path}.version`, version, 'must be a string compatible with semver.org spec 2.0.0'))
  if (version !== undefined && version.length > valueBytesMax) errors.push(tooLong(`${path}.version`, valueBytesMax))
  const count = Object.values(attribute).filter((value) => value !== undefined).length
  if (count === 0) errors.push(invalidValue(path, '', 'exactly one value must be specified'))
  if (count > 1) errors.push(invalidValue(path, attribute, 'exactly one value must be specified'))
}

const effects = ['NoExecute', 'NoSchedule', 'None']

function taintErrors(errors: FieldError[], path: string, { key = '', value = '', effect = '' }: Taint): void {
  errors.push(...each(`${path}.key`, key, isQualifiedName(key)))
  if (value !== '') errors.push(...each(`${path}.value`, value, isLabelValue(value)))
  if (effect === '') errors.push(required(`${path}.effect`))
  else if (!effects.includes(effect)) errors.push(unsupported(`${path}.effect`, effect, effects))
}

/** What is wrong with counters that devices share. */
export function counterSetErrors(errors: FieldError[], path: string, { name, counters }: CounterSet): void {
  labelErrors(errors, `${path}.name`, name)
  countersErrors(errors, `${path}.counters`, counters)
}

function labelErrors(errors: FieldError[], path: string, name: string | undefined): void {
  if (!name) errors.push(required(path))
  else errors.push(...each(path, name, isLabel(name)))
}

function countersErrors(errors: FieldError[], path: string, counters: CounterSet['counters'] | undefined): void {
  const names = Object.keys(counters ?? {}).sort()
  if (names.length === 0) errors.push(required(path))
  else if (names.length > countersMax) errors.push(tooMany(path, names.length, countersMax))
  else for (const name of names) errors.push(...each(path, name, isLabel(name)))
}

function placeErrors(errors: FieldError[], path: string, device: Device, isPlaced: boolean): void {
  const { nodeName, nodeSelector, allNodes } = device
  const isAnywhere = nodeName === undefined && nodeSelector === undefined && allNodes === undefined
  if (!isPlaced) {
    const text =
      '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec'
    if (!isAnywhere) errors.push(invalidValue(path, null, text))
    return
  }
  const given: string[] = []
  if (nodeName === '') errors.push(invalidValue(`${path}.nodeName`, nodeName, 'must not be empty'))
  else if (nodeName !== undefined) {
    given.push('`nodeName`')
    errors.push(...each(`${path}.nodeName`, nodeName, isSubdomain(nodeName)))
  }
  if (nodeSelector !== undefined) {
    given.push('`nodeSelector`')
    nodeSelectorErrors(errors, `${path}.nodeSelector`, nodeSelector.nodeSelectorTerms)
  }
  if (allNodes === true) given.push('`allNodes`')
  if (allNodes === false) errors.push(invalidValue(`${path}.allNodes`, allNodes, 'must be either unset or set to true'))
  const one =
    'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec'
  if (given.length === 0) errors.push(required(path, one))
  if (given.length > 1) errors.push(invalidValue(path, `{${given.join(', ')}}`, one))
}
