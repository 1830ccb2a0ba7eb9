import { text } from '../../args/flags.ts'
import { CommandError } from '../../errors.ts'
import { formatQuantity, parseQuantity } from '../../engine.ts'
import { defineGenerator } from './generator.ts'

/** Create a quota with the specified name. */
// upstream: kubectl/pkg/cmd/create/create_quota.go
export const createQuota = defineGenerator({
  name: 'quota',
  aliases: ['resourcequota'],
  usage: 'create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  summary: 'Create a quota with the specified name',
  examples: ['kubectl create quota team --hard=cpu=4,memory=8Gi,pods=20'],
  makes: { group: '', version: 'v1', kind: 'ResourceQuota', plural: 'resourcequotas', namespaced: true },
  failure: 'failed to create quota:',
  flags: {
    hard: text('Amounts that may not be exceeded: resource=quantity, by commas'),
    scopes: text('What the quota counts, by commas'),
  },
  make({ flags }, name) {
    const hard = flags.hard === '' ? undefined : amounts(flags.hard)
    const scopes = flags.scopes === '' ? undefined : flags.scopes.split(',')
    return {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name },
      spec: { ...(hard && { hard }), ...(scopes && { scopes }) },
      status: {},
    }
  },
})

const quantityRule = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

function amounts(list: string): Readonly<Record<string, string>> {
  const pairs = list.split(',').map((pair): [string, string] => {
    const parts = pair.split('=')
    if (parts.length !== 2) throw new CommandError(`Invalid argument syntax ${pair}, expected <resource>=<value>`)
    if (Number.isNaN(parseQuantity(parts[1]!))) throw new CommandError(quantityRule)
    return [parts[0]!, formatQuantity(parts[1]!)]
  })
  return Object.fromEntries(pairs)
}
