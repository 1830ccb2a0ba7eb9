import type { Kernel } from './host.ts'
import { descriptorsOf, handleAt, open, retain } from './handles.ts'
import type { KernelState, Process } from './kernelState.ts'
import { pipeBytesMax, rouseThose } from './waits.ts'

/** A pipe: the handles of its two ends. */
export function openPipe(state: KernelState): readonly [reader: number, writer: number] {
  const reader = open(state, { kind: 'pipe', text: '', refs: 1, writers: 1 })
  return [reader, open(state, { kind: 'writer', pipe: reader, refs: 1 })]
}

/** Descriptors for another process: the same open files. */
export function copyDescriptors(state: KernelState, process: Process): Map<number, number> {
  const copy = new Map(descriptorsOf(state, process))
  for (const id of copy.values()) retain(state, id)
  return copy
}

/** One descriptor less has this handle. */
export function release(kernel: Kernel, id: number): void {
  const { state } = kernel
  const handle = state.handles?.get(id)
  if (!handle || --handle.refs > 0) return
  if (handle.kind === 'writer') {
    state.handles?.delete(id)
    const pipe = state.handles?.get(handle.pipe)
    if (pipe?.kind !== 'pipe') return
    pipe.writers = 0
    rouseThose(kernel, (process, wait) => wait.for === 'input' && process.fds?.get(wait.fd) === handle.pipe)
  } else if (handle.kind === 'pipe') {
    state.handles?.delete(id)
    rouseThose(kernel, (_, wait) => wait.for === 'room' && wait.handle === id)
  } else state.handles?.delete(id)
}

/** Closes all descriptors of a process. */
export function closeAll(kernel: Kernel, process: Process): void {
  if (process.fds === undefined) return
  for (const id of process.fds.values()) release(kernel, id)
  process.fds.clear()
}

/** Puts a handle into a descriptor; what was there is closed. */
export function setDescriptor(kernel: Kernel, process: Process, fd: number, id: number): void {
  const fds = descriptorsOf(kernel.state, process)
  const old = fds.get(fd)
  fds.set(fd, id)
  if (old !== undefined) release(kernel, old)
}

/** Writes to a descriptor; an error's words if that cannot be. */
export function write(kernel: Kernel, process: Process, fd: number, text: string): string | undefined {
  if (text === '') return undefined
  const { state, host } = kernel
  if (process.fds === undefined && (fd === 1 || fd === 2)) {
    host.write(kernel, process.group, fd === 1 ? 'stdout' : 'stderr', text)
    return undefined
  }
  const handle = handleAt(state, process, fd)
  if (handle === undefined) return 'Bad file descriptor'
  switch (handle.kind) {
    case 'stream':
      host.write(kernel, handle.group, handle.stream, text)
      return undefined
    case 'capture':
      if (handle.text.length < 10_000_000) handle.text += text
      return undefined
    case 'writer':
      return writePipe(kernel, process, handle.pipe, text)
    case 'file': {
      if (!handle.writable) return 'Bad file descriptor'
      const failed = host.files(kernel).write(handle.path, text, true)
      return failed?.error
    }
    default:
      return undefined
  }
}

function writePipe(kernel: Kernel, process: Process, id: number, text: string): string | undefined {
  const pipe = kernel.state.handles?.get(id)
  if (pipe?.kind !== 'pipe') {
    process.signals.push('PIPE')
    return 'Broken pipe'
  }
  pipe.text += text
  rouseThose(kernel, (reader, wait) => wait.for === 'input' && reader.fds?.get(wait.fd) === id)
  return undefined
}

/** Whatever can be read now: '' at the end, undefined when there may be more later. */
export function read(kernel: Kernel, process: Process, fd: number): string | undefined {
  return take(kernel, process, fd, (text) => text.length)
}

/** One line with its newline: '' at the end, undefined when there may be more later. */
export function readLine(kernel: Kernel, process: Process, fd: number): string | undefined {
  return take(kernel, process, fd, (text, isEnded) => text.indexOf('\n') + 1 || (isEnded ? text.length : 0))
}

/** How much of what is there to take: 0 to wait for more. */
type Portion = (text: string, isEnded: boolean) => number

function take(kernel: Kernel, process: Process, fd: number, portion: Portion): string | undefined {
  const { state, host } = kernel
  const id = descriptorsOf(state, process).get(fd) ?? 0
  const handle = state.handles?.get(id)
  switch (handle?.kind) {
    case 'pipe': {
      const isEnded = handle.writers === 0
      const count = portion(handle.text, isEnded)
      if (count === 0) return isEnded ? '' : undefined
      const wasFull = handle.text.length > pipeBytesMax
      const text = handle.text.slice(0, count)
      handle.text = handle.text.slice(count)
      if (wasFull) rouseThose(kernel, (_, wait) => wait.for === 'room' && wait.handle === id)
      return text
    }
    case 'input': {
      const input = state.inputs?.get(handle.group)
      if (input === undefined) return ''
      const count = portion(input.text, input.isEnded)
      if (count === 0) {
        if (!input.isEnded) return undefined
        if (input.isTerminal) input.isEnded = false // Ctrl-D ends what is read now; who reads next waits for more
        return ''
      }
      const text = input.text.slice(0, count)
      input.text = input.text.slice(count)
      return text
    }
    case 'text': {
      const rest = handle.text.slice(handle.offset)
      const count = portion(rest, true)
      handle.offset += count
      return rest.slice(0, count)
    }
    case 'file': {
      const whole = host.files(kernel).read(handle.path)
      const rest = typeof whole === 'string' ? whole.slice(handle.offset) : ''
      const count = portion(rest, true)
      handle.offset += count
      return rest.slice(0, count)
    }
    default:
      return ''
  }
}

/** Gives a group of processes something to read. */
export function feed(kernel: Kernel, group: number, text: string, isEnded = false): void {
  const input = kernel.state.inputs?.get(group)
  if (!input) return
  input.text += text
  if (isEnded) input.isEnded = true
  rouseThose(kernel, (process, wait) => {
    const handle = wait.for === 'input' ? handleAt(kernel.state, process, wait.fd) : undefined
    return handle?.kind === 'input' && handle.group === group
  })
}
