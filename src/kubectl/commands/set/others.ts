import { labelSelectorOf } from '../../args/labelSelector.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { copyOf, type KubeObject, type LabelSelector } from '../../engine.ts'
import { draftOf } from '../podTemplate.ts'
import { changeAll, recordedSetFlags } from './change.ts'

/** Update the service account of a resource. */
export const setServiceAccount = defineCommand({
  name: 'serviceaccount',
  aliases: ['sa'],
  usage: 'set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  summary: 'Update the service account of a resource',
  completes: 'resources',
  flags: recordedSetFlags,
  run(call) {
    if (call.args.length === 0) throw new CommandError('serviceaccount is required')
    const name = call.args.at(-1)!
    return changeAll(call, {
      resources: call.args.slice(0, -1),
      done: 'serviceaccount updated',
      failure: 'failed to patch ServiceAccountName',
      isAlwaysSaid: true,
      change({ object }) {
        const { draft, template } = draftOf(object)
        template.spec.serviceAccountName = name
        return draft
      },
    })
  },
})

/** Set the selector on a resource. */
export const setSelector = defineCommand({
  name: 'selector',
  usage: 'set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  summary: 'Set the selector on a resource',
  completes: 'resources',
  flags: recordedSetFlags,
  run(call) {
    const expression = call.args.at(-1)
    const selector = expression === undefined ? undefined : labelSelectorOf(expression)
    return changeAll(call, {
      resources: call.args.slice(0, -1),
      lack: selector === undefined ? 'one selector is required' : undefined,
      done: 'selector updated',
      isAlwaysSaid: true,
      change({ object }) {
        if (object.kind !== 'Service') throw new CommandError(`setting a selector is only supported for Services`)
        const draft = copyOf(object) as KubeObject & { spec: { selector?: Readonly<Record<string, string>> } }
        draft.spec.selector = equalitiesOf(selector!)
        return draft
      },
    })
  },
})

function equalitiesOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): Readonly<Record<string, string>> {
  const shown = matchExpressions.map(({ key, operator, values = [] }) => `{${key} ${operator} [${values.join(' ')}]}`)
  if (shown.length > 0) throw new CommandError(`match expression [${shown.join(' ')}] not supported on this object`)
  return matchLabels
}
