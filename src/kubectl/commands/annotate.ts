import { defineCommand } from '../defineCommand.ts'
import { changeMetadata, metadataFlags } from './labels.ts'
import { changeCause } from './rollout/objects.ts'

/** Update the annotations on a resource. */
export const annotate = defineCommand({
  name: 'annotate',
  usage: 'annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  summary: 'Update the annotations on a resource',
  examples: [`kubectl annotate pod web note='looks after itself'`],
  completes: 'resources',
  flags: metadataFlags('kubectl-annotate'),
  run: (call) =>
    changeMetadata(call, {
      field: 'annotations',
      noun: 'annotation',
      check: () => undefined,
      refuse: (taken) => `--overwrite is false but found the following declared annotation(s): ${taken.join('; ')}`,
      free: [changeCause],
      done: () => 'annotated',
      showsSent: false,
    }),
})
