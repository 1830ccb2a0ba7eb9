export { createClient, type Client, type Target } from './client.ts'
export { watchLatencyMs, type Change, type Indexers, type Informer } from './informer.ts'
export { createProcess, type Process } from './process.ts'
export { type EventInput } from './recorder.ts'
