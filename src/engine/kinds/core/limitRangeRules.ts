import {
  duplicate,
  each,
  invalidValue,
  isQualifiedName,
  notAllowed,
  parseQuantity,
  required,
  type FieldError,
  type LimitRange,
} from '../../api/index.ts'
import { containerNameErrors, mayOvercommit, resourceNameErrors } from './pod/resources.ts'

// upstream: pkg/apis/core/validation/validation.go ValidateLimitRange

type Item = NonNullable<LimitRange['spec']['limits']>[number]

const types = ['Pod', 'Container', 'PersistentVolumeClaim']

/** What is wrong with the limits of a LimitRange. */
export function limitRangeErrors(limits: readonly Item[]): readonly FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  limits.forEach((item, index) => {
    const { type = '' } = item
    const path = `spec.limits[${index}]`
    typeErrors(errors, `${path}.type`, type)
    if (seen.has(type)) errors.push(duplicate(`${path}.type`, type))
    seen.add(type)
    itemErrors(errors, path, item)
  })
  return errors
}

function typeErrors(errors: FieldError[], path: string, type: string): void {
  const bad = isQualifiedName(type)
  if (bad.length > 0) errors.push(...each(path, type, bad))
  else if (!type.includes('/') && !types.includes(type))
    errors.push(invalidValue(path, type, 'must be a standard limit type or fully qualified'))
}

function itemErrors(errors: FieldError[], path: string, item: Item): void {
  const { type = '', max, min, maxLimitRequestRatio: ratio } = item
  const names = new Set<string>()
  const check = (field: 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio'): void => {
    for (const name of Object.keys(item[field] ?? {}).sort()) {
      nameErrors(errors, `${path}.${field}[${name}]`, type, name)
      names.add(name)
    }
  }
  check('max')
  check('min')
  if (type === 'Pod') {
    for (const field of ['default', 'defaultRequest'] as const)
      if (Object.keys(item[field] ?? {}).length > 0)
        errors.push(notAllowed(`${path}.${field}`, "may not be specified when `type` is 'Pod'"))
  } else {
    check('default')
    check('defaultRequest')
  }
  if (type === 'PersistentVolumeClaim' && min?.['storage'] === undefined && max?.['storage'] === undefined)
    errors.push(
      required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
    )
  if (ratio !== undefined) check('maxLimitRequestRatio')
  for (const name of [...names].sort()) orderErrors(errors, path, item, name)
}

function nameErrors(errors: FieldError[], path: string, type: string, name: string): void {
  if (type === 'Pod' || type === 'Container') containerNameErrors(errors, path, name)
  else resourceNameErrors(errors, path, name)
}

/** The smallest, the default and the largest amount must stand in this order. */
function orderErrors(errors: FieldError[], path: string, item: Item, name: string): void {
  const isPod = item.type === 'Pod'
  const min = item.min?.[name]
  const max = item.max?.[name]
  const limit = isPod ? undefined : item.default?.[name]
  const request = isPod ? undefined : item.defaultRequest?.[name]
  const isAbove = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && parseQuantity(a) > parseQuantity(b)
  const complain = (field: string, value: string | undefined, detail: string): void =>
    void errors.push(invalidValue(`${path}.${field}[${name}]`, value, detail))
  if (isAbove(min, max)) complain('min', min, `min value ${min} is greater than max value ${max}`)
  if (isAbove(min, request))
    complain('defaultRequest', request, `min value ${min} is greater than default request value ${request}`)
  if (isAbove(request, max))
    complain('defaultRequest', request, `default request value ${request} is greater than max value ${max}`)
  if (isAbove(request, limit))
    complain('defaultRequest', request, `default request value ${request} is greater than default limit value ${limit}`)
  if (isAbove(min, limit)) complain('default', min, `min value ${min} is greater than default value ${limit}`)
  if (isAbove(limit, max)) complain('default', max, `default value ${limit} is greater than max value ${max}`)
  ratioErrors(errors, `${path}.maxLimitRequestRatio[${name}]`, item.maxLimitRequestRatio?.[name], min, max)
  if (!mayOvercommit(name) && limit !== undefined && request !== undefined)
    if (parseQuantity(limit) !== parseQuantity(request))
      complain(
        'defaultRequest',
        request,
        `default value ${limit} must equal to defaultRequest value ${request} in ${name}`,
      )
}

function ratioErrors(
  errors: FieldError[],
  path: string,
  ratio: string | undefined,
  min: string | undefined,
  max: string | undefined,
): void {
  if (ratio === undefined) return
  const value = parseQuantity(ratio)
  if (value < 1) errors.push(invalidValue(path, ratio, `ratio ${ratio} is less than 1`))
  if (min === undefined || max === undefined) return
  const share = parseQuantity(max) / parseQuantity(min)
  if (value > share)
    errors.push(invalidValue(path, ratio, `ratio ${ratio} is greater than max/min = ${share.toFixed(6)}`))
}
