import { expose } from 'comlink'
import { createHost } from './host/host.ts'
import type { Frame } from './protocol.ts'

/** The engine's worker: alone here do frames of wall time become virtual milliseconds. */
const host = createHost(
  (frame: Frame) => self.postMessage({ type: 'frame', frame }),
  () => performance.now(),
)

self.addEventListener('message', ({ data }: MessageEvent<{ type: string; port?: MessagePort }>) => {
  if (data.type === 'door' && data.port) expose(host.door, data.port)
})

setInterval(() => host.tick(performance.now()), 16)
