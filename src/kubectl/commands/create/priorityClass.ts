import { bool, int, text } from '../../args/flags.ts'
import { defineGenerator } from './generator.ts'

/** Create a priority class with the specified name. */
// upstream: kubectl/pkg/cmd/create/create_priorityclass.go
export const createPriorityClass = defineGenerator({
  name: 'priorityclass',
  aliases: ['pc'],
  usage: 'create priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  summary: 'Create a priority class with the specified name',
  examples: ["kubectl create priorityclass high --value=1000 --description='what must run'"],
  makes: {
    group: 'scheduling.k8s.io',
    version: 'v1',
    kind: 'PriorityClass',
    plural: 'priorityclasses',
    namespaced: false,
  },
  failure: 'failed to create priorityclass:',
  flags: {
    value: int('How important pods of this class are', 0, { bits: 32 }),
    'global-default': bool('Pods that name no class are of this one'),
    description: text('What it is for'),
    'preemption-policy': text('Whether its pods may push others out', 'PreemptLowerPriority'),
  },
  make({ flags }, name) {
    const { value, description } = flags
    return {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
      ...(flags['global-default'] && { globalDefault: true }),
      ...(description !== '' && { description }),
      preemptionPolicy: flags['preemption-policy'],
    }
  },
})
