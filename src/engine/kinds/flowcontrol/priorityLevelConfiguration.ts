import {
  invalidValue,
  notAllowed,
  notNegative,
  required,
  unsupported,
  type FieldError,
  type PriorityLevelConfiguration,
} from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { defineKind } from '../defineKind.ts'
import { fixedLevelErrors } from './mandatory.ts'
import { flowConditionErrors } from './rules.ts'

/** How many requests of a level are served at once, and how the rest waits. */
export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  namespaced: false,
  subresources: ['status'],
  hasGeneration: true,
  defaults(draft) {
    draft.spec ??= { type: '' }
    const { limited, exempt } = draft.spec
    if (limited) {
      limited.nominalConcurrencyShares ??= 30
      limited.lendablePercent ??= 0
      limited.limitResponse ??= { type: '' }
      const { queuing } = limited.limitResponse
      if (queuing) {
        queuing.handSize ||= 8
        queuing.queues ||= 64
        queuing.queueLengthLimit ||= 50
      }
    }
    if (exempt) {
      exempt.nominalConcurrencyShares ??= 0
      exempt.lendablePercent ??= 0
    }
    draft.status ??= {}
  },
  prepareForCreate(draft) {
    draft.status = {}
  },
  validate: levelErrors,
  validateUpdate: (next, _old, meta) => [...meta(), ...levelErrors(next)],
  validateStatusUpdate: ({ status }) => flowConditionErrors(status.conditions),
  columns: [
    nameColumn,
    { name: 'Type', cell: ({ spec }) => spec.type },
    { name: 'NominalConcurrencyShares', cell: ({ spec }) => spec.limited?.nominalConcurrencyShares ?? '<none>' },
    { name: 'Queues', cell: ({ spec }) => spec.limited?.limitResponse?.queuing?.queues ?? '<none>' },
    { name: 'HandSize', cell: ({ spec }) => spec.limited?.limitResponse?.queuing?.handSize ?? '<none>' },
    {
      name: 'QueueLengthLimit',
      cell: ({ spec }) => spec.limited?.limitResponse?.queuing?.queueLengthLimit ?? '<none>',
    },
    ageColumn,
  ],
})

type Spec = PriorityLevelConfiguration['spec']
type Limited = NonNullable<Spec['limited']>

// upstream: pkg/apis/flowcontrol/validation/validation.go ValidatePriorityLevelConfiguration
function levelErrors({ metadata, spec, status }: PriorityLevelConfiguration): readonly FieldError[] {
  const errors: FieldError[] = []
  const { type = '', limited, exempt } = spec
  if ((metadata.name === 'exempt') !== (type === 'Exempt'))
    errors.push(invalidValue('spec.type', type, "must be 'Exempt' if and only if `name` is 'exempt'"))
  if (type === 'Exempt') {
    if (limited !== undefined) errors.push(notAllowed('spec.limited', 'must be nil if the type is not Limited'))
    if (exempt !== undefined) shareErrors(errors, 'spec.exempt', exempt)
  } else if (type === 'Limited') {
    if (exempt !== undefined) errors.push(notAllowed('spec.exempt', 'must be nil if the type is Limited'))
    if (limited === undefined) errors.push(required('spec.limited', 'must not be empty when type is Limited'))
    else limitedErrors(errors, 'spec.limited', limited)
  } else errors.push(unsupported('spec.type', type, ['Exempt', 'Limited']))
  return [...errors, ...fixedLevelErrors(metadata.name, spec), ...flowConditionErrors(status.conditions)]
}

type Shares = Pick<Limited, 'nominalConcurrencyShares' | 'lendablePercent'>

function shareErrors(errors: FieldError[], path: string, { nominalConcurrencyShares, lendablePercent }: Shares): void {
  for (const { value } of notNegative('', nominalConcurrencyShares))
    errors.push(invalidValue(`${path}.nominalConcurrencyShares`, value, 'must be a non-negative integer'))
  percentErrors(errors, `${path}.lendablePercent`, lendablePercent)
}

function percentErrors(errors: FieldError[], path: string, percent: number | undefined): void {
  if (percent !== undefined && (percent < 0 || percent > 100))
    errors.push(invalidValue(path, percent, 'must be between 0 and 100, inclusive'))
}

function limitedErrors(errors: FieldError[], path: string, limited: Limited): void {
  const { nominalConcurrencyShares: shares, borrowingLimitPercent, limitResponse } = limited
  if (shares !== undefined && shares < 0)
    errors.push(invalidValue(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer'))
  const { type = '', queuing } = limitResponse ?? { type: '' }
  const at = `${path}.limitResponse`
  if (type === 'Reject') {
    if (queuing !== undefined)
      errors.push(notAllowed(`${at}.queuing`, 'must be nil if limited.limitResponse.type is not Limited'))
  } else if (type !== 'Queue') errors.push(unsupported(`${at}.type`, type, ['Queue', 'Reject']))
  else if (queuing === undefined)
    errors.push(required(`${at}.queuing`, 'must not be empty if limited.limitResponse.type is Limited'))
  else queueErrors(errors, `${at}.queuing`, queuing)
  percentErrors(errors, `${path}.lendablePercent`, limited.lendablePercent)
  if (borrowingLimitPercent !== undefined && borrowingLimitPercent < 0)
    errors.push(
      invalidValue(
        `${path}.borrowingLimitPercent`,
        borrowingLimitPercent,
        'if specified, must be a non-negative integer',
      ),
    )
}

type Queuing = NonNullable<NonNullable<Limited['limitResponse']>['queuing']>

const queuesMax = 10_000_000
const hashBitsMax = 60

function queueErrors(errors: FieldError[], path: string, queuing: Queuing): void {
  const { queueLengthLimit = 0, queues = 0, handSize = 0 } = queuing
  if (queueLengthLimit <= 0) errors.push(invalidValue(`${path}.queueLengthLimit`, queueLengthLimit, 'must be positive'))
  if (queues <= 0) errors.push(invalidValue(`${path}.queues`, queues, 'must be positive'))
  else if (queues > queuesMax)
    errors.push(invalidValue(`${path}.queues`, queues, `must not be greater than ${queuesMax}`))
  const bad = (text: string): unknown => errors.push(invalidValue(`${path}.handSize`, handSize, text))
  if (handSize <= 0) bad('must be positive')
  else if (handSize > queues) bad(`should not be greater than queues (${queues})`)
  else if (entropyBits(queues, handSize) > hashBitsMax)
    bad(
      `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${hashBitsMax}`,
    )
}

/** How much chance dealing a hand out of a deck takes. */
// upstream: apiserver/pkg/util/shufflesharding RequiredEntropyBits
function entropyBits(deckSize: number, handSize: number): number {
  return Math.ceil(Math.log2(deckSize) * handSize)
}
