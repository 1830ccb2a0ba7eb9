import { defineCommand } from '../defineCommand.ts'
import { CommandError } from '../errors.ts'
import { changeMetadata, metadataFlags } from './labels.ts'

/** What the value of a label may be. */
export const labelValueShape = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`

/** Update the labels on a resource. */
export const label = defineCommand({
  name: 'label',
  usage: 'label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  summary: 'Update the labels on a resource',
  examples: ['kubectl label pod web tier=front', 'kubectl label pod web tier-'],
  completes: 'resources',
  flags: metadataFlags('kubectl-label'),
  run: (call) =>
    changeMetadata(call, {
      field: 'labels',
      noun: 'label',
      check(pair, value) {
        if (value.includes('=')) throw new CommandError(`invalid label spec: ${pair}`)
        if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value))
          throw new CommandError(`invalid label value: "${pair}": ${labelValueShape}`)
        if (value.length > 63) throw new CommandError(`invalid label value: "${pair}": must be no more than 63 bytes`)
      },
      refuse: (taken) => `${taken[0]}, and --overwrite is false`,
      done({ added, removed }) {
        if (added.length > 0 && removed.length > 0) return 'modified'
        if (added.length > 0) return 'labeled'
        return removed.length > 0 ? 'unlabeled' : 'not labeled'
      },
      showsSent: true,
    }),
})
