export { createRuntime } from './createRuntime.ts'
export type { ExecHandle, ExecOutput, NodeRuntime, RuntimeOptions, ServiceInfo } from './nodeRuntime.ts'
export {
  createShell,
  createTerminalState,
  type Shell,
  type ShellOptions,
  type TerminalChunk,
  type TerminalState,
} from './createShell.ts'
export { defineImage, megabytes, type Image } from './images/defineImage.ts'
export { images } from './images/index.ts'
export { parseReference, type Reference } from './images/reference.ts'
export { argumentsOf, complain, memoOf, parseOptions, pathOf, print } from './kernel/io.ts'
export type { Kernel, ServiceAnswer, ServiceRequest } from './kernel/host.ts'
export { defineTool, type Call, type Step, type Tool } from './kernel/tool.ts'
export { nodeUsage, podUsage, type Measurements } from './programs/metricsServer.ts'
export { defineServer, type ServerSpec } from './programs/server.ts'
export { readWhole } from './tools/inputs.ts'
export { tools } from './tools/index.ts'
