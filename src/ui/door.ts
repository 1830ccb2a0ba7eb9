import { wrap } from 'comlink'
import type { Frame, WorkerDoor } from './protocol.ts'

/** A way to a cluster: commands by `door`, news by `onFrame`. */
export interface Connection {
  readonly door: WorkerDoor
  /** set once; frames that came before are kept for it */
  listen(onFrame: (frame: Frame) => void): void
}

type Message = { readonly type: 'frame'; readonly frame: Frame }

/** Starts the engine's worker. It posts frames; its door is served on a port of its own. */
export function connectWorker(onDeath: (message: string) => void): Connection {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'drydock' })
  const { port1, port2 } = new MessageChannel()
  worker.postMessage({ type: 'door', port: port2 }, [port2])
  worker.addEventListener('error', ({ message }) => onDeath(message || 'The worker could not start.'))
  return { door: wrap<WorkerDoor>(port1), listen: listenTo(worker) }
}

function listenTo(worker: Worker): Connection['listen'] {
  const early: Frame[] = []
  let tell = (frame: Frame): void => void early.push(frame)
  worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'frame') tell(data.frame)
  })
  return (onFrame) => {
    tell = onFrame
    early.splice(0).forEach(onFrame)
  }
}
