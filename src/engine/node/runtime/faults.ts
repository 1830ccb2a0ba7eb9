import type { Sim } from '../../sim/index.ts'
import type { Network } from '../network/network.ts'
import type { ContainerLives } from './containerLives.ts'
import { proceed, type Containers } from './containers.ts'
import type { NodeRuntime } from './nodeRuntime.ts'
import type { RuntimeState } from './runtimeState.ts'
import { signal } from './kernel/processes.ts'
import { processAt } from './kernel/kernelState.ts'

/** What goes wrong with containers when somebody wants it to: they die, hang, leak, or their node loses its power. */
export function createFaults(
  sim: Sim,
  network: Network,
  state: RuntimeState,
  containers: Containers,
  lives: ContainerLives,
): Pick<NodeRuntime, 'kill' | 'crash' | 'hang' | 'leak' | 'powerOff'> {
  const { finish, removeContainer } = lives
  return {
    kill(id, signalName = 'KILL') {
      const container = containers.running(id)
      const main = container && processAt(container.state.kernel, 1)
      if (!container || !main) return
      if (signalName === 'KILL') return finish(container.state, 137)
      signal(container.kernel, main, signalName)
      proceed(container)
    },
    crash(id, code = 1) {
      const container = containers.running(id)
      if (container) finish(container.state, code)
    },
    hang(id, isOn) {
      const container = containers.running(id)
      if (!container) return
      container.state.kernel.isHung = isOn
      network.answersChanged?.(id)
      if (!isOn) proceed(container)
    },
    leak(id, bytesPerSecond) {
      const container = containers.running(id)
      const main = container && processAt(container.state.kernel, 1)
      if (!container || !main) return
      main.memory = Object.freeze({
        bytes: containers.memoryBytes(container.state),
        bytesPerSecond,
        since: sim.now(),
        bytesMax: 0,
      })
      containers.watchMemory(container.state)
    },
    powerOff(node) {
      for (const [id, found] of [...state.containers]) if (found.config.node === node) removeContainer(id)
    },
  }
}
