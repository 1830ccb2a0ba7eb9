import { argumentsOf, print } from '../kernel/io.ts'
import { defineTool } from '../kernel/tool.ts'
import { formatEcho, formatPrintf } from './text.ts'

/** Prints its words: the program, where no shell runs its own. */
export const echo = defineTool({
  names: ['echo'],
  step(call) {
    print(call, formatEcho(argumentsOf(call), 'bash'))
    return 0
  },
})

/** Prints by a format. */
export const printf = defineTool({
  names: ['printf'],
  step(call) {
    const [format, ...words] = argumentsOf(call)
    print(call, formatPrintf(format ?? '', words))
    return 0
  },
})
