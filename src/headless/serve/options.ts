/** How `npm run serve` was started. */
export interface ServeOptions {
  readonly port: number
  readonly nodes: number
  readonly seed: number
  /** virtual milliseconds per millisecond */
  readonly speed: number
  /** where to write a kubeconfig; undefined: it is only told how to make one */
  readonly kubeconfig: string | undefined
  /** etcd members */
  readonly members: 1 | 3 | 5
}

/** A word on the command line that makes no sense. */
export class OptionError extends Error {
  override name = 'OptionError'
}

const usual: ServeOptions = { port: 6443, nodes: 3, seed: 1, speed: 1, kubeconfig: undefined, members: 1 }

/** What the help says. */
export const usage = `npm run serve -- [--port 6443] [--nodes 3] [--speed 1] [--seed 1] [--members 1|3|5] [--kubeconfig PATH]\n`

/** Reads `--name value` and `--name=value`. */
export function readOptions(words: readonly string[]): ServeOptions {
  const options: Record<string, unknown> = { ...usual }
  for (let index = 0; index < words.length; index++) {
    const [name = '', given] = words[index]!.split(/=(.*)/s)
    const key = name.replace(/^--/, '')
    if (!name.startsWith('--') || !Object.hasOwn(usual, key)) throw new OptionError(`unknown option ${name}`)
    const value = given ?? words[++index]
    if (value === undefined) throw new OptionError(`${name} needs a value`)
    options[key] = key === 'kubeconfig' ? value : numberOf(name, value)
  }
  if (![1, 3, 5].includes(options['members'] as number)) throw new OptionError('--members must be 1, 3 or 5')
  return options as unknown as ServeOptions
}

function numberOf(name: string, text: string): number {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value) || value < 0) throw new OptionError(`${name} must be a number`)
  return value
}
