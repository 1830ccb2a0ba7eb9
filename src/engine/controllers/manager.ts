import type { Client } from '../client/index.ts'
import type { Controller } from './controller.ts'
import { createLoop, createLoopAudience, type Loop, type LoopAddress } from './loop.ts'
import { setOn, wake } from './working.ts'

/** The controller manager: all control loops in one process. */
export interface ControllerManager {
  /** Names of the loops, in the order users see. */
  readonly names: readonly string[]
  readonly isOn: (name: string) => boolean
  /** Turns one controller off or on; false if there is none of that name. */
  readonly setController: (name: string, isOn: boolean) => boolean
}

/** Runs controllers in the client's process; their timers have the process's name for a component. */
export function runControllers(client: Client, controllers: readonly Controller[]): ControllerManager {
  const { sim, name, server } = client.process
  const served = controllers.filter(({ for: kind }) => kind === '' || server.registry.findByKind(kind) !== undefined)
  const audience = createLoopAudience()
  const loops = new Map<string, Loop>()
  for (const controller of served) loops.set(controller.name, createLoop(client, audience, name, controller))
  sim.handle(name, (_part, event, address) => {
    const loop = loops.get((address as LoopAddress).controller)
    if (loop !== undefined) wake(loop, event)
  })
  return {
    names: [...loops.keys()],
    isOn: (loop) => loops.get(loop)?.state.isOn ?? false,
    setController(of, isOn) {
      const loop = loops.get(of)
      if (loop !== undefined) setOn(loop, isOn)
      return loop !== undefined
    },
  }
}
