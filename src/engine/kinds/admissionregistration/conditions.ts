import {
  duplicate,
  each,
  isQualifiedName,
  required,
  tooMany,
  type FieldError,
  type ValidatingAdmissionPolicy,
} from '../../api/index.ts'
import { expressionErrors, type ExpressionUse } from './expressions.ts'

type Conditions = NonNullable<ValidatingAdmissionPolicy['spec']['matchConditions']>

const countMax = 64

/** What is wrong with conditions that a request has to meet before anybody is asked. */
// upstream: pkg/apis/admissionregistration/validation/validation.go validateMatchConditions
export function conditionErrors(path: string, conditions: Conditions, hasParams: boolean): readonly FieldError[] {
  const errors: FieldError[] = []
  const use: ExpressionUse = { returns: 'bool', hasParams, hasAuthorizer: true }
  if (conditions.length > countMax) errors.push(tooMany(path, conditions.length, countMax))
  const names = new Set<string>()
  conditions.forEach(({ name, expression = '' }, index) => {
    const at = `${path}[${index}]`
    const text = expression.trim()
    if (text === '') errors.push(required(`${at}.expression`))
    else errors.push(...expressionErrors(`${at}.expression`, text, use))
    if (!name) errors.push(required(`${at}.name`))
    else errors.push(...each(`${at}.name`, name, isQualifiedName(name)))
    if (name && names.has(name)) errors.push(duplicate(`${at}.name`, name))
    if (name) names.add(name)
  })
  return errors
}
