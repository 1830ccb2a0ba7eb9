import type { Cluster } from '#engine'

/** The SHA-256 of the trace so far: one JSON line a record, as the headless harness computes it too. */
export async function hashOf(trace: Cluster['trace']): Promise<string> {
  let text = ''
  for (const record of trace.since(0)) text += `${JSON.stringify(record)}\n`
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
