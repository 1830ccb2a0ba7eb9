import {
  duplicate,
  each,
  invalidValue,
  isQualifiedName,
  notNegative,
  required,
  tooLong,
  unsupported,
  type FieldError,
} from '../../api/index.ts'

/** One condition of a status, as newer kinds write it. */
export interface Condition {
  readonly type?: string
  readonly status?: string
  readonly reason?: string
  readonly message?: string
  readonly observedGeneration?: number
  readonly lastTransitionTime?: string
}

const statuses = ['False', 'True', 'Unknown']
const reasonFormat = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'
const reasonPattern = new RegExp(`^${reasonFormat}$`)
const reasonMax = 1024
const messageMax = 32 * 1024

/** What is wrong with a list of conditions. */
// upstream: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go ValidateConditions
export function conditionErrors(path: string, conditions: readonly Condition[] = []): readonly FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  conditions.forEach((condition, index) => {
    const { type = '' } = condition
    if (seen.has(type)) errors.push(duplicate(`${path}[${index}].type`, type))
    seen.add(type)
    oneErrors(errors, `${path}[${index}]`, condition)
  })
  return errors
}

function oneErrors(errors: FieldError[], path: string, condition: Condition): void {
  const { type = '', status = '', reason = '', message = '', observedGeneration, lastTransitionTime } = condition
  errors.push(...each(`${path}.type`, type, isQualifiedName(type)))
  if (!statuses.includes(status)) errors.push(unsupported(`${path}.status`, status, statuses))
  errors.push(...notNegative(`${path}.observedGeneration`, observedGeneration))
  if (!lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`))
  if (reason === '') errors.push(required(`${path}.reason`))
  else if (!reasonPattern.test(reason))
    errors.push(
      invalidValue(
        `${path}.reason`,
        reason,
        `a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '${reasonFormat}')`,
      ),
    )
  if (reason.length > reasonMax) errors.push(tooLong(`${path}.reason`, reasonMax))
  if (message.length > messageMax) errors.push(tooLong(`${path}.message`, messageMax))
}
