import { must } from '../../../sim/index.ts'
import type { Kernel } from './host.ts'
import { makeReady, processAt, type Process } from './kernelState.ts'
import { end, numberOf } from './processes.ts'
import type { Step } from './tool.ts'
import { blockedWriter, settle } from './waits.ts'

/** Steps of all processes at one virtual instant; then time goes on, so that an endless loop burns CPU but never hangs us. */
const stepsPerInstantMax = 3000
/** a million steps a second, as a real shell does, for a while; whoever spins on is there to burn CPU, and gets coarser turns */
const pauseMsFirst = 3
const pausesQuick = 100
const pauseMsMax = 1000

/** Lets everybody run who can, until all wait or this instant's steps are used up. */
export function run(kernel: Kernel): void {
  const { state } = kernel
  if (state.isPaused || state.isHung || state.isRunning) return
  state.isRunning = true
  let left = stepsPerInstantMax
  while (state.ready.length > 0) {
    if (left <= 0) {
      pause(kernel)
      break
    }
    const pid = state.ready.shift()!
    const process = processAt(state, pid)
    if (process && process.wait === undefined) left -= turn(kernel, process)
  }
  if (left > 0) state.pauses = 0
  state.isRunning = false
}

function pause(kernel: Kernel): void {
  const { state, host } = kernel
  const pauseMs = Math.min(pauseMsMax, pauseMsFirst * 2 ** Math.max(0, state.pauses - pausesQuick))
  state.pauses++
  state.isPaused = true
  host.wakeIn(kernel, pauseMs, 0, false)
}

/** One turn of one process; the number of steps it used. */
function turn(kernel: Kernel, process: Process): number {
  const { state, host } = kernel
  const tool = must(host.tool(process.program), `no tool ${process.program}`)
  const call = { kernel, process }
  const signal = process.signals.shift()
  let step: Step
  if (signal !== undefined) {
    const taken = tool.signal?.(call, signal) ?? 'default'
    if (taken === 'default') {
      if (process.pid !== 1 || signal === 'OOM') return end(kernel, process, 128 + numberOf(signal)) ?? 1
      step = 'again'
    } else step = taken === 'ignored' ? 'again' : taken
  } else step = tool.step(call)
  if (processAt(state, process.pid) !== process) return 10
  if (typeof step === 'number') {
    end(kernel, process, step)
    return 20
  }
  if (step === 'again') process.wait = blockedWriter(state, process)
  else process.wait = step
  if (process.wait && process.signals.length === 0) settle(kernel, process)
  else {
    process.wait = undefined
    makeReady(state, process.pid)
  }
  return typeof process.memo.steps === 'number' ? takeSteps(process) : 10
}

function takeSteps(process: Process): number {
  const steps = process.memo.steps as number
  process.memo.steps = 0
  return steps
}

/** A timer of `wakeIn` fired. */
export function wake(kernel: Kernel, pid: number): void {
  const { state } = kernel
  if (pid === 0) state.isPaused = false
  else {
    const process = processAt(state, pid)
    if (process?.wait) {
      process.timer = 0
      process.wait = undefined
      makeReady(state, pid)
    }
  }
  run(kernel)
}
