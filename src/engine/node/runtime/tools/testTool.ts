import { argumentsOf } from '../kernel/io.ts'
import { defineTool, type Tool } from '../kernel/tool.ts'
import { testWords } from '../shell/conditions.ts'
import type { ShellState } from '../shell/shellState.ts'

/** `test` and `[` as programs: what an exec probe without a shell runs. */
export const testTool: Tool = defineTool({
  names: ['test', '['],
  step(call) {
    const words = argumentsOf(call)
    const own = call.process.argv[0]!.endsWith('[') ? words.slice(0, -1) : words
    const shell = {
      name: 'test',
      flavour: 'bash',
      variables: new Map(),
      parameters: [],
      options: {},
      status: 0,
    } as unknown as ShellState
    return testWords(call, shell, own)
  },
})
