import { missingResource } from '../../args/resources.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { copyOf, type KubeObject } from '../../engine.ts'
import { draftOf } from '../podTemplate.ts'
import { changeAll, setFlags } from './change.ts'

/** Update the service account of a resource. */
export const setServiceAccount = defineCommand({
  name: 'serviceaccount',
  aliases: ['sa'],
  usage: 'set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  summary: 'Update the service account of a resource',
  completes: 'resources',
  flags: setFlags,
  run(call) {
    if (call.args.length === 0) throw new CommandError('serviceaccount is required')
    const name = call.args.at(-1)!
    return changeAll(call, {
      resources: call.args.slice(0, -1),
      done: 'serviceaccount updated',
      failure: 'ServiceAccountName',
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
  flags: setFlags,
  run(call) {
    const expression = call.args.find((arg) => arg.includes('='))
    const resources = call.args.filter((arg) => arg !== expression)
    if (resources.length === 0) throw new CommandError(missingResource)
    if (expression === undefined) throw new CommandError('at least one selector is required')
    const selector = Object.fromEntries(expression.split(',').map((pair) => pair.split('=') as [string, string]))
    return changeAll(call, {
      resources,
      done: 'selector updated',
      failure: 'selector update to',
      change({ object }) {
        if (object.kind !== 'Service') throw new CommandError(`setting a selector is only supported for Services`)
        const draft = copyOf(object) as KubeObject & { spec: { selector?: Record<string, string> } }
        draft.spec.selector = selector
        return draft
      },
    })
  },
})
