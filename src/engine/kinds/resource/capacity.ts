import { invalidValue, notAllowed, required, type FieldError, type ResourceSlice } from '../../api/index.ts'
import { setErrors } from './lists.ts'
import { compareQuantities, sumOf, wholeOf } from './quantities.ts'

// upstream: pkg/apis/resource/validation/validation.go validateRequestPolicy

type Device = NonNullable<ResourceSlice['spec']['devices']>[number]
type Capacity = NonNullable<Device['capacity']>[string]
type Range = NonNullable<NonNullable<Capacity['requestPolicy']>['validRange']>

/** How much of a shared device's capacity one may ask for. */
interface Policy {
  readonly default?: string
  readonly validValues?: readonly string[]
  readonly validRange?: Range
}

const optionsMax = 10

/** What is wrong with a policy for a capacity of that size. */
export function requestPolicyErrors(errors: FieldError[], path: string, size: string, given: object): void {
  const { default: usual, validValues = [], validRange } = given as Policy
  if (validValues.length > 0 && validRange !== undefined)
    return void errors.push(
      notAllowed(
        path,
        'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time',
      ),
    )
  const kind = validValues.length > 0 ? 'validValues' : validRange !== undefined ? 'validRange' : undefined
  if (kind === undefined) return
  if (usual === undefined) return void errors.push(required(`${path}.default`, `required when ${kind} is defined`))
  if (validRange !== undefined) rangeErrors(errors, `${path}.${kind}`, size, usual, validRange)
  else valuesErrors(errors, `${path}.${kind}`, size, usual, validValues)
}

const exceeds = (a: string, b: string): boolean => compareQuantities(a, b) > 0

function valuesErrors(
  errors: FieldError[],
  path: string,
  size: string,
  usual: string,
  values: readonly string[],
): void {
  values.forEach((value, index) => {
    if (index > 0 && exceeds(values[index - 1]!, value))
      errors.push(invalidValue(`${path}[${index}]`, value, 'values must be sorted in ascending order'))
  })
  const check = (at: string, value: string): void => {
    if (exceeds(value, size)) errors.push(invalidValue(at, value, `option is larger than capacity value: ${size}`))
  }
  setErrors(errors, path, values, optionsMax, check, (value) => String(wholeOf(value)))
  // upstream: too many are not looked at, so the usual one is not found among them
  if (values.length > optionsMax || !values.some((value) => compareQuantities(value, usual) === 0))
    errors.push(invalidValue(path, usual, 'default value is not valid according to the requestPolicy'))
}

function rangeErrors(errors: FieldError[], path: string, size: string, usual: string, range: Range): void {
  const { min, max, step } = range as { readonly min?: string; readonly max?: string; readonly step?: string }
  if (min === undefined) return void errors.push(required(`${path}.min`, 'required when validRange is defined'))
  const bad = (field: string, value: string, text: string): unknown =>
    errors.push(invalidValue(`${path}.${field}`, value, text))
  if (exceeds(min, size)) bad('min', min, `min is larger than capacity value: ${size}`)
  if (exceeds(min, usual)) bad('default', usual, `default is less than min: ${min}`)
  if (max !== undefined) {
    if (exceeds(min, max)) bad('max', min, `min is larger than max: ${max}`)
    if (exceeds(max, size)) bad('max', max, `max is larger than capacity value: ${size}`)
    if (exceeds(usual, max)) bad('default', usual, `default is more than max: ${max}`)
  }
  if (step === undefined) return
  if (compareQuantities(step, '0') <= 0) return void bad('step', step, 'must be greater than zero')
  const first = sumOf(min, step)
  if (exceeds(first, size)) bad('step', step, `one step ${first} is larger than capacity value: ${size}`)
  for (const value of max === undefined ? [usual] : [usual, max])
    if ((wholeOf(value) - wholeOf(min)) % wholeOf(step) !== 0n)
      bad('step', value, `value is not a multiple of a given step (${step}) from (${min})`)
}
