import {
  each,
  invalidValue,
  isLabelValue,
  isQualifiedName,
  named,
  notAllowed,
  required,
  type FieldError,
  type LabelSelector,
} from '../../api/index.ts'
import { labelErrors } from './meta.ts'

const operators: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist'])

type Expression = NonNullable<LabelSelector['matchExpressions']>[number]

/** What is wrong with a LabelSelector; an absent one is fine. */
// upstream: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go
export function selectorErrors(path: string, selector: LabelSelector | undefined): readonly FieldError[] {
  if (selector === undefined) return []
  const errors = [...labelErrors(`${path}.matchLabels`, selector.matchLabels)]
  selector.matchExpressions?.forEach((expression, index) =>
    errors.push(...expressionErrors(`${path}.matchExpressions[${index}]`, expression)),
  )
  return errors
}

function expressionErrors(path: string, { key, operator, values = [] }: Expression): readonly FieldError[] {
  const errors: FieldError[] = []
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      errors.push(notAllowed(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
  } else errors.push(invalidValue(`${path}.operator`, named(operator ?? ''), 'not a valid selector operator'))
  errors.push(...each(`${path}.key`, key ?? '', isQualifiedName(key ?? '')))
  values.forEach((value, index) => errors.push(...each(`${path}.values[${index}]`, value, isLabelValue(value))))
  return errors
}

/** Whether a selector can be used at all. */
export function isUsable(selector: LabelSelector | undefined): boolean {
  return (selector?.matchExpressions ?? []).every(({ key = '', operator, values = [] }) => {
    const takesValues = operator === 'In' || operator === 'NotIn'
    return operators.has(operator) && isQualifiedName(key).length === 0 && values.length > 0 === takesValues
  })
}

/** Whether a selector asks for nothing, so that it would match everything. */
export function isEmptySelector({ matchLabels, matchExpressions }: LabelSelector): boolean {
  const isEmptyMap = matchLabels === undefined || Object.keys(matchLabels).length === 0
  return isEmptyMap && (matchExpressions?.length ?? 0) === 0
}
