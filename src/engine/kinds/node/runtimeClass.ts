import { each, isLabel, required, type FieldError, type RuntimeClass } from '../../api/index.ts'
import { ageColumn, nameColumn } from '../columns.ts'
import { resourceErrors } from '../core/pod/resources.ts'
import { tolerationErrors } from '../core/pod/scheduling.ts'
import { defineKind } from '../defineKind.ts'
import { immutable, labelErrors } from '../rules/meta.ts'

/** Which way of running containers a node's runtime is asked for. */
export const runtimeClass = defineKind<RuntimeClass>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  needsResourceVersion: true,
  validate: classErrors,
  validateUpdate: (next, old, meta) => [
    ...meta(),
    ...classErrors(next),
    ...immutable('handler', next.handler ?? '', old.handler ?? ''),
  ],
  columns: [nameColumn, { name: 'Handler', cell: ({ handler }) => handler }, ageColumn],
})

// upstream: pkg/apis/node/validation/validation.go ValidateRuntimeClass
function classErrors({ handler, overhead, scheduling }: RuntimeClass): readonly FieldError[] {
  const errors: FieldError[] = []
  if (!handler) errors.push(required('handler'))
  else errors.push(...each('handler', handler, isLabel(handler)))
  if (overhead !== undefined) resourceErrors(errors, 'overhead', { limits: overhead.podFixed })
  if (scheduling === undefined) return errors
  errors.push(...labelErrors('scheduling.nodeSelector', scheduling.nodeSelector))
  tolerationErrors(errors, 'scheduling.tolerations', scheduling.tolerations ?? [])
  const { tolerations = [] } = scheduling
  tolerations.forEach((one, index) => {
    if (tolerations.slice(0, index).some((other) => isSame(one, other)))
      errors.push({
        type: 'FieldValueDuplicate',
        field: `scheduling.tolerations[${index}]`,
        value: inOrder(one),
        detail: '',
      })
  })
  return errors
}

type Toleration = NonNullable<NonNullable<RuntimeClass['scheduling']>['tolerations']>[number]

/** A toleration as Go prints it. */
function inOrder({ key = '', operator = '', value = '', effect = '', tolerationSeconds }: Toleration): object {
  return { Key: key, Operator: operator, Value: value, Effect: effect, TolerationSeconds: tolerationSeconds ?? null }
}

/** How long it holds makes no other toleration. */
const isSame = (a: Toleration, b: Toleration): boolean =>
  (['key', 'operator', 'value', 'effect'] as const).every((field) => (a[field] ?? '') === (b[field] ?? ''))
