import { write } from './descriptors.ts'
import { resolvePath, type FileError, type Files } from './files.ts'
import type { About } from './host.ts'
import type { Call } from './tool.ts'

/** Prints to standard output. */
export function print(call: Call, text: string): void {
  write(call.kernel, call.process, 1, text)
}

/** Prints to standard error. */
export function complain(call: Call, text: string): void {
  write(call.kernel, call.process, 2, text)
}

/** The words after the command's name. */
export function argumentsOf(call: Call): readonly string[] {
  return call.process.argv.slice(1)
}

/** What the process can find out about where it is. */
export function surroundingsOf({ kernel }: Call): About {
  return kernel.host.about(kernel)
}

/** The environment of the process. */
export function environmentOf({ kernel, process }: Call): Readonly<Record<string, string>> {
  return (process.environment ??= kernel.host.environment(kernel))
}

/** One variable of the process's environment. */
export function variableOf({ kernel, process }: Call, name: string): string | undefined {
  return process.environment === undefined ? kernel.host.variable(kernel, name) : process.environment[name]
}

/** The files that the process sees. */
export function filesOf({ kernel }: Call): Files {
  return kernel.host.files(kernel)
}

/** A path as the process means it. */
export function pathOf(call: Call, path: string): string {
  return resolvePath(call.process.cwd, path)
}

/** Whether a file operation failed. */
export function isFileError(value: unknown): value is FileError {
  return typeof value === 'object' && value !== null && 'error' in value
}

/** Whether tools use BusyBox's words. */
export function isBusybox(call: Call): boolean {
  return surroundingsOf(call).family === 'busybox'
}

/** What a tool remembers between its steps: made at the first one. */
export function memoOf<Memo extends object>(call: Call, create: () => Memo): Memo {
  const { memo } = call.process
  memo.own ??= create()
  return memo.own as Memo
}

/** Options and operands of a command: `-n 5`, `-n5`, `-abc`, `--name=value`, `--`. */
export interface Options {
  readonly flags: Readonly<Record<string, string | true>>
  readonly operands: readonly string[]
}

/** Takes a command line apart. `withValue` names the options that take one: `n` or `max-time`. */
export function parseOptions(
  words: readonly string[],
  withValue: readonly string[] = [],
  stopAtOperand = false,
): Options {
  const flags: Record<string, string | true> = {}
  const operands: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (word === '--') {
      operands.push(...words.slice(index + 1))
      break
    }
    if (word.startsWith('--') || (word.startsWith('-') && word.length > 2 && withValue.includes(word.slice(1)))) {
      const [name, value] = splitOnce(word.replace(/^--?/, ''), '=')
      if (value !== undefined) flags[name] = value
      else if (withValue.includes(name)) flags[name] = words[++index] ?? ''
      else flags[name] = true
    } else if (word.startsWith('-') && word.length > 1) {
      index = shortOptions(word, words, index, withValue, flags)
    } else {
      operands.push(word)
      if (stopAtOperand) {
        operands.push(...words.slice(index + 1))
        break
      }
    }
  }
  return { flags, operands }
}

function shortOptions(
  word: string,
  words: readonly string[],
  at: number,
  withValue: readonly string[],
  flags: Record<string, string | true>,
): number {
  for (let index = 1; index < word.length; index++) {
    const name = word[index]!
    if (!withValue.includes(name)) flags[name] = true
    else if (index + 1 < word.length) {
      flags[name] = word.slice(index + 1)
      return at
    } else {
      flags[name] = words[at + 1] ?? ''
      return at + 1
    }
  }
  return at
}

/** A text before and after the first separator. */
export function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}
