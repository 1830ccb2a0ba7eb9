import {
  argumentsOf,
  complain,
  environmentOf,
  filesOf,
  isFileError,
  pathOf,
  print,
  surroundingsOf,
  variableOf,
} from '../kernel/io.ts'
import type { Call, Step, Tool } from '../kernel/tool.ts'
import { pythonTool } from '../programs/web.ts'
import { runPython } from './pythonLanguage.ts'

/** The Python interpreter: `-c` texts and small scripts are read by a small part of the language; modules are servers. */
export const python: Tool = Object.freeze({
  ...pythonTool,
  names: Object.freeze(['python', 'python3']),
  step(call: Call): Step {
    const words = argumentsOf(call)
    if (words.length === 0 || words[0] === '-i') return 0
    if (words[0] === '-V' || words[0] === '--version') {
      print(call, `Python ${variableOf(call, 'PYTHON_VERSION') ?? '3.13.5'}\n`)
      return 0
    }
    const at = words.indexOf('-c')
    if (at >= 0) return runText(call, words[at + 1] ?? '')
    const file = words.find((word) => !word.startsWith('-'))
    if (words.includes('-m') || file === undefined) return pythonTool.step(call)
    const text = filesOf(call).read(pathOf(call, file))
    if (!isFileError(text))
      return text.includes('import ') && /flask|http\.server|fastapi|socket/.test(text)
        ? pythonTool.step(call)
        : runText(call, text)
    if (surroundingsOf(call).isOpen) return pythonTool.step(call)
    complain(call, `python3: can't open file '${pathOf(call, file)}': [Errno 2] No such file or directory\n`)
    return 2
  },
})

function runText(call: Call, text: string): Step {
  const { host } = call.kernel
  const memo = call.process.memo as { until?: number }
  memo.until ??= host.now() + 30
  if (host.now() < memo.until) return { for: 'time', until: memo.until }
  const { out, error, code } = runPython(text, environmentOf(call))
  print(call, out)
  complain(call, error)
  return code
}
