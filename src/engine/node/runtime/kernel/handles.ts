import type { Handle, KernelState, Process } from './kernelState.ts'

/** Opens a handle; it belongs to the descriptor it is put into. */
export function open(state: KernelState, handle: Handle): number {
  const id = state.nextHandle++
  state.handles ??= new Map()
  state.handles.set(id, handle)
  return id
}

/** A process's descriptors. Most servers only ever write: the three of a new process are opened for whoever looks at them. */
export function descriptorsOf(state: KernelState, process: Process): Map<number, number> {
  const { group } = process
  return (process.fds ??= new Map<number, number>()
    .set(0, open(state, { kind: 'null', refs: 1 }))
    .set(1, open(state, { kind: 'stream', stream: 'stdout', group, refs: 1 }))
    .set(2, open(state, { kind: 'stream', stream: 'stderr', group, refs: 1 })))
}

/** The open file behind a descriptor. */
export function handleAt(state: KernelState, process: Process, fd: number): Handle | undefined {
  return state.handles?.get(descriptorsOf(state, process).get(fd) ?? 0)
}

/** One more descriptor has this handle. */
export function retain(state: KernelState, id: number): void {
  const handle = state.handles?.get(id)
  if (handle) handle.refs++
}
