import { handleAt } from './handles.ts'
import type { Kernel } from './host.ts'
import { isAlive, makeReady, type KernelState, type Process, type Wait } from './kernelState.ts'

/** How much a pipe holds before its writers wait. */
export const pipeBytesMax = 65_536

/** Puts a waiting process on the clock, or lets it run on when what it waits for is there already. */
export function settle(kernel: Kernel, process: Process): void {
  const { state, host } = kernel
  const wait = process.wait!
  if (isOver(kernel, process, wait)) {
    process.wait = undefined
    makeReady(state, process.pid)
    return
  }
  const until =
    wait.for === 'time' || wait.for === 'input' || wait.for === 'child' || wait.for === 'change'
      ? wait.until
      : undefined
  if (until === undefined || until === Infinity) return
  process.isTimerWork = wait.for === 'time' && wait.isIdle !== true
  process.timer = host.wakeIn(kernel, until - host.now(), process.pid, process.isTimerWork)
}

/** Whether what a process waits for has come. */
export function isOver(kernel: Kernel, process: Process, wait: Wait): boolean {
  const { state } = kernel
  switch (wait.for) {
    case 'time':
      return wait.until <= kernel.host.now()
    case 'child':
      return !isAlive(state, wait.pid)
    case 'children':
      return wait.pids.every((pid) => !isAlive(state, pid))
    case 'input':
      return isReadable(state, process, wait.fd)
    case 'room': {
      const pipe = state.handles?.get(wait.handle)
      return pipe?.kind !== 'pipe' || pipe.text.length <= pipeBytesMax
    }
    default:
      return false
  }
}

/** A process that filled a pipe waits until somebody reads. */
export function blockedWriter(state: KernelState, process: Process): Wait | undefined {
  const handle = handleAt(state, process, 1)
  if (handle?.kind !== 'writer') return undefined
  const pipe = state.handles?.get(handle.pipe)
  return pipe?.kind === 'pipe' && pipe.text.length > pipeBytesMax ? { for: 'room', handle: handle.pipe } : undefined
}

function isReadable(state: KernelState, process: Process, fd: number): boolean {
  const handle = handleAt(state, process, fd)
  if (handle?.kind === 'pipe') return handle.writers === 0
  if (handle?.kind === 'input') return state.inputs?.get(handle.group)?.isEnded !== false
  return true
}

/** Lets a waiting process look again. */
export function rouse(kernel: Kernel, process: Process): void {
  if (process.wait === undefined) return
  if (process.timer !== 0) kernel.host.cancelWake(process.timer, process.isTimerWork)
  process.timer = 0
  process.wait = undefined
  makeReady(kernel.state, process.pid)
}

/** Lets those look again whose wait passes a test. */
export function rouseThose(kernel: Kernel, test: (process: Process, wait: Wait) => boolean): void {
  for (const process of kernel.state.processes) if (process.wait && test(process, process.wait)) rouse(kernel, process)
}

/** Wakes those who follow files. */
export function filesChanged(kernel: Kernel): void {
  rouseThose(kernel, (_, wait) => wait.for === 'change')
}
