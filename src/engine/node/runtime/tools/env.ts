import { argumentsOf, complain, environmentOf, print, splitOnce, surroundingsOf } from '../kernel/io.ts'
import { findProgram, unknownProgram } from '../kernel/programs.ts'
import { defineTool, type Call, type Step } from '../kernel/tool.ts'

/** Prints the environment, or runs a command in another one. */
export const env = defineTool({
  names: ['env'],
  step(call) {
    const words = [...argumentsOf(call)]
    let environment: Record<string, string> = { ...environmentOf(call) }
    while (words.length > 0) {
      const word = words[0]!
      if (word === '-i' || word === '-') environment = {}
      else if (word === '-u') {
        const name = words[1] ?? ''
        environment = Object.fromEntries(Object.entries(environment).filter(([key]) => key !== name))
        words.shift()
      } else if (word.includes('=')) {
        const [name, value] = splitOnce(word, '=')
        environment[name] = value ?? ''
      } else break
      words.shift()
    }
    if (words.length > 0) return runInstead(call, words, environment)
    for (const [name, value] of Object.entries(environment)) print(call, `${name}=${value}\n`)
    return 0
  },
})

/** Prints chosen variables, or all. */
export const printenv = defineTool({
  names: ['printenv'],
  step(call) {
    const names = argumentsOf(call)
    const environment = environmentOf(call)
    if (names.length === 0) for (const [name, value] of Object.entries(environment)) print(call, `${name}=${value}\n`)
    let status = 0
    for (const name of names) {
      const value = environment[name]
      if (value === undefined) status = 1
      else print(call, `${value}\n`)
    }
    return status
  },
})

/** The process becomes another program: what `env`, `nohup` and `exec` do. */
export function runInstead(call: Call, words: readonly string[], environment = environmentOf(call)): Step {
  const { process, kernel } = call
  const found = findProgram(kernel, words[0]!, process.cwd, environment.PATH)
  const isKnown = found.outcome === 'program'
  if (!isKnown && found.outcome !== 'script' && !surroundingsOf(call).isOpen) {
    const reason = found.outcome === 'missing' ? 'No such file or directory' : 'Permission denied'
    const name = process.argv[0]!
    complain(
      call,
      surroundingsOf(call).family === 'busybox'
        ? `${name}: can't execute '${words[0]}': ${reason}\n`
        : `${name}: '${words[0]}': ${reason}\n`,
    )
    return found.outcome === 'missing' ? 127 : 126
  }
  process.environment = Object.freeze({ ...environment })
  process.argv = Object.freeze(
    found.outcome === 'script' ? [...found.interpreter, found.path, ...words.slice(1)] : [...words],
  )
  process.program = isKnown
    ? found.program
    : found.outcome === 'script'
      ? interpreterOf(call, found.interpreter[0]!)
      : unknownProgram(process.group, true)
  process.memo = process.memo.isIdle === true ? { isIdle: true } : {}
  return 'again'
}

/** The tool behind a script's first line. */
export function interpreterOf(call: Call, path: string): string {
  const found = findProgram(call.kernel, path, '/', undefined)
  return found.outcome === 'program' ? found.program : 'unknown-tool'
}
