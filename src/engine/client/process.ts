import type { ApiDoor } from '../api/index.ts'
import type { Sim } from '../sim/index.ts'

/** One program that talks to the API server: the controller manager, the scheduler, a kubelet, … */
export interface Process {
  readonly name: string
  readonly sim: Sim
  readonly server: ApiDoor
  /** running, connected, and the API server answers */
  readonly isUp: () => boolean
  readonly isRunning: () => boolean
  /** Stops or starts the program. A start begins with empty caches. */
  readonly setRunning: (isRunning: boolean) => void
  /** Cuts or joins its network to the API server. Caches stay; watches go on where they were. */
  readonly setConnected: (isConnected: boolean) => void
  /** Calls back after each change of any of the above. */
  readonly onChange: (listener: ProcessListener) => void
}

/** Hears of a process going up or down; `restarted` when its memory is gone. */
export type ProcessListener = (change: 'stopped' | 'restarted' | 'disconnected' | 'connected') => void

interface ProcessState {
  isRunning: boolean
  isConnected: boolean
}

/** Makes the process of that name; its state is the slice `process/<name>`. */
export function createProcess(sim: Sim, server: ApiDoor, name: string): Process {
  const state = sim.slice<ProcessState>(`process/${name}`, () => ({ isRunning: true, isConnected: true }))
  const listeners: ProcessListener[] = []
  const tell = (change: Parameters<ProcessListener>[0]): void => {
    for (const listener of listeners) listener(change)
  }
  return {
    name,
    sim,
    server,
    isUp: () => state.isRunning && state.isConnected && server.state.isRunning,
    isRunning: () => state.isRunning,
    setRunning(isRunning) {
      if (state.isRunning === isRunning) return
      state.isRunning = isRunning
      tell(isRunning ? 'restarted' : 'stopped')
    },
    setConnected(isConnected) {
      if (state.isConnected === isConnected) return
      state.isConnected = isConnected
      tell(isConnected ? 'connected' : 'disconnected')
    },
    onChange: (listener) => void listeners.push(listener),
  }
}

const memories: ReadonlySet<string> = new Set(['process', 'informer', 'recorder'])

/** Forgets all that a program knew, which is gone with its machine: another of that name begins anew. */
export function forgetProgram({ name, sim, server }: Process): void {
  const { slices } = sim.world
  for (const key of [...slices.keys()]) {
    const [memory = '', program, ...rest] = key.split('/')
    if (program !== name || !memories.has(memory)) continue
    if (memory === 'informer') server.watchers.unsubscribe([program, ...rest].join('/'))
    slices.delete(key)
  }
}
