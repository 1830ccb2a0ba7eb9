import type { Kernel, ServiceAnswer, ServiceRequest } from './host.ts'
import type { Process, Wait } from './kernelState.ts'

/** A running program: where it runs and which process it is. */
export interface Call {
  readonly kernel: Kernel
  readonly process: Process
}

/** An exit code, something to wait for, or a wish to go on after the others had their turn. */
export type Step = number | Wait | 'again'

/** A program that containers can run: `echo`, `sh`, a web server. Whatever it remembers lies in `call.process.memo`, as plain data. */
export interface Tool {
  /** its names: the applets or files that run it */
  readonly names: readonly string[]
  /** Runs until it ends or must wait; called again when what it waited for has come. */
  readonly step: (call: Call) => Step
  /** Takes a signal itself. Without it, or with `default`, the signal ends it, unless it is pid 1. */
  readonly signal?: (call: Call, signal: string) => Step | 'default' | 'ignored'
  /** Answers a request at one of its ports; undefined: it is connected and says nothing. */
  readonly answer?: (call: Call, port: number, request: ServiceRequest) => ServiceAnswer | undefined
  /** milliseconds of CPU that a request costs, and how long one takes when nothing else runs */
  readonly service?: (call: Call) => { readonly cpuMs: number; readonly latencyMs: number }
}

/** Types a tool. */
export function defineTool(tool: Tool): Tool {
  return Object.freeze(tool)
}
