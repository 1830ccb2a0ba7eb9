import { CommandError } from '../errors.ts'

/** Arguments taken apart into resources and `key=value` or `key-` changes. */
export interface Pairs {
  readonly resources: readonly string[]
  readonly pairs: readonly string[]
}

/** Takes changes off the end of the arguments. upstream: kubectl/pkg/cmd/util GetResourcesAndPairs */
export function splitPairs(args: readonly string[], what: string): Pairs {
  const resources: string[] = []
  const pairs: string[] = []
  for (const word of args) {
    const isPair = word.indexOf('=') > 0 || (word.endsWith('-') && word !== '-')
    if (isPair) pairs.push(word)
    else if (pairs.length === 0) resources.push(word)
    else throw new CommandError(`all resources must be specified before ${what} changes: ${word}`)
  }
  return { resources, pairs }
}
