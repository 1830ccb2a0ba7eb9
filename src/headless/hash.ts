import { createHash } from 'node:crypto'
import type { Trace } from '#engine'

/** The SHA-256 of the trace so far: one JSON line a record, as the page computes it too. */
export function hashOf(trace: Trace): string {
  const hash = createHash('sha256')
  for (const record of trace.since(0)) hash.update(`${JSON.stringify(record)}\n`)
  return hash.digest('hex')
}
