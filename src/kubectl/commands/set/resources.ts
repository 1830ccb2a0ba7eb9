import { text } from '../../args/flags.ts'
import { defineCommand } from '../../defineCommand.ts'
import { CommandError } from '../../errors.ts'
import { parseQuantity } from '../../engine.ts'
import { containersOf, draftOf } from '../podTemplate.ts'
import { changeAll, recordedSetFlags } from './change.ts'

/** Update resource requests/limits on objects with pod templates. */
export const setResources = defineCommand({
  name: 'resources',
  usage: 'set resources (-f FILENAME | TYPE NAME) ([--limits=LIMITS & --requests=REQUESTS]',
  summary: 'Update resource requests/limits on objects with pod templates',
  examples: ['kubectl set resources deployment web --limits=cpu=200m,memory=128Mi --requests=cpu=100m'],
  completes: 'resources',
  flags: {
    ...recordedSetFlags,
    containers: text('Names of the containers to change, * for all', '*', { short: 'c' }),
    limits: text('Limits: cpu=100m,memory=256Mi'),
    requests: text('Requests: cpu=100m,memory=256Mi'),
  },
  run(call) {
    const { flags, args } = call
    const isIdle = flags.limits === '' && flags.requests === ''
    const [limits, requests] = [readResources(flags.limits), readResources(flags.requests)]
    return changeAll(call, {
      resources: args,
      lack: isIdle
        ? 'you must specify an update to requests or limits (in the form of --requests/--limits)'
        : undefined,
      done: 'resource requirements updated',
      // the real one has no colon here
      failure: 'failed to patch resources update to pod template',
      change({ object }, complain) {
        const { draft, template } = draftOf(object)
        const meant = selectContainers(containersOf(template), flags.containers)
        if (meant.length === 0) complain(`unable to find container named ${flags.containers}`)
        for (const container of meant) {
          const before = container.resources ?? {}
          container.resources = {
            ...before,
            ...(Object.keys(limits).length > 0 && { limits: { ...before.limits, ...limits } }),
            ...(Object.keys(requests).length > 0 && { requests: { ...before.requests, ...requests } }),
          }
        }
        return draft
      },
    })
  },
})

/** The containers that a name or a pattern with `*` means. */
export function selectContainers<T extends { name: string }>(containers: readonly T[], pattern: string): readonly T[] {
  const shape = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )
  return containers.filter(({ name }) => shape.test(name))
}

function readResources(spec: string): Record<string, string> {
  if (spec === '') return {}
  return Object.fromEntries(
    spec.split(',').map((part) => {
      const [name = '', quantity, ...rest] = part.split('=')
      if (quantity === undefined || rest.length > 0)
        throw new CommandError(`Invalid argument syntax ${part}, expected <resource>=<value>`)
      if (Number.isNaN(parseQuantity(quantity)))
        throw new CommandError(
          `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
        )
      return [name, quantity]
    }),
  )
}
