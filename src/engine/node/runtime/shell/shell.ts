import { complain, environmentOf, filesOf, isFileError, pathOf, surroundingsOf } from '../kernel/io.ts'
import { defineTool, type Call, type Step, type Tool } from '../kernel/tool.ts'
import { noCode } from './code.ts'
import { compileScript } from './compile.ts'
import { shellPrefix, syntaxWords } from './complaints.ts'
import { interpretScript } from './interpret.ts'
import { assign, noWords, type ShellFlavour, type ShellState } from './shellState.ts'
import { takeSignal } from './traps.ts'

/** The shells of the images: `sh` and `bash`, three flavours of one interpreter. */
export const shells: readonly Tool[] = (['dash', 'ash', 'bash'] as const).map((flavour) =>
  defineTool({ names: [flavour], step: (call) => step(call, flavour), signal: takeSignal }),
)

function step(call: Call, flavour: ShellFlavour): Step {
  const { memo } = call.process
  if (memo.shell === undefined) {
    const refusal = start(call, flavour)
    if (refusal !== undefined) return refusal
  }
  return interpretScript(call, memo.shell as ShellState)
}

/** Reads the command line: `-c text`, a script's path, or nothing, to read commands from the input. */
function start(call: Call, flavour: ShellFlavour): number | undefined {
  const { process } = call
  const [name, ...words] = process.argv
  const options: Record<string, boolean> = {}
  let at = 0
  let reads = false
  let isCommand = false
  for (; at < words.length && /^[-+]./.test(words[at]!) && words[at] !== '--'; at++) {
    if (words[at]!.startsWith('--')) continue
    const isOn = words[at]!.startsWith('-')
    for (const letter of words[at]!.slice(1)) {
      if (letter === 'c') isCommand = true
      else if (letter === 's') reads = true
      else if (letter === 'o') options[words[++at] ?? ''] = isOn
      else options[letter] = isOn
    }
  }
  if (words[at] === '--') at++
  const shell = createShell(call, flavour, baseName(name ?? 'sh', flavour), options)
  process.memo.shell = shell
  if (isCommand) return startText(call, shell, words[at] ?? '', words[at + 1], words.slice(at + 2))
  if (reads || words[at] === undefined) {
    shell.reads = true
    const about = surroundingsOf(call)
    shell.prompts = about.isTty || options.i === true
    shell.parameters = Object.freeze(words.slice(at))
    return undefined
  }
  const text = filesOf(call).read(pathOf(call, words[at]!))
  if (isFileError(text)) {
    complain(
      call,
      flavour === 'bash'
        ? `${shell.name}: ${words[at]}: ${text.error}\n`
        : `${shell.name}: ${flavour === 'dash' ? '0: ' : ''}${flavour === 'dash' ? 'cannot open' : "can't open"} ${flavour === 'ash' ? `'${words[at]}'` : words[at]}: ${flavour === 'dash' ? 'No such file' : text.error}\n`,
    )
    return flavour === 'bash' ? 127 : 2
  }
  return startText(call, shell, text.replace(/^#!.*/, ''), words[at], words.slice(at + 1))
}

function baseName(name: string, flavour: ShellFlavour): string {
  return flavour === 'bash' && name.includes('/') ? name : name.replace(/^-/, '')
}

function createShell(call: Call, flavour: ShellFlavour, name: string, options: Record<string, boolean>): ShellState {
  const { process, kernel } = call
  const shell: ShellState = {
    flavour,
    code: noCode,
    pc: 0,
    frames: [],
    results: [],
    status: 0,
    resultStatus: 0,
    variables: new Map(),
    functions: new Map(),
    name,
    parameters: noWords,
    options,
    traps: {},
    lastBackground: 0,
    jobs: [],
    ownPid: process.pid,
    environment: undefined,
    resume: undefined,
    reads: false,
    prompts: false,
    pendingText: '',
    isExiting: false,
    isQuiet: false,
    started: kernel.host.now(),
  }
  for (const [key, value] of Object.entries(environmentOf(call)))
    shell.variables.set(key, Object.freeze({ value, isExported: true }))
  if (!shell.variables.has('PWD')) assign(shell, 'PWD', process.cwd)
  if (flavour === 'bash' && !shell.variables.has('HOSTNAME')) assign(shell, 'HOSTNAME', surroundingsOf(call).hostname)
  return shell
}

function startText(
  call: Call,
  shell: ShellState,
  text: string,
  name: string | undefined,
  parameters: readonly string[],
): number | undefined {
  const compiled = compileScript(text)
  if (compiled.error !== undefined) {
    complain(call, `${shellPrefix(shell, 1)}${syntaxWords(shell, compiled.error)}\n`)
    return 2
  }
  shell.code = compiled.code
  if (name !== undefined) shell.name = name
  shell.parameters = Object.freeze([...parameters])
  return undefined
}
