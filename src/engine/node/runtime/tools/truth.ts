import { defineTool } from '../kernel/tool.ts'

/** Succeeds. */
export const yesTool = defineTool({ names: ['true'], step: () => 0 })

/** Fails. */
export const noTool = defineTool({ names: ['false'], step: () => 1 })
