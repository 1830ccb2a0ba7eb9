import { createInterface } from 'node:readline'
import { createHarness } from './ops.ts'

/** One JSON object a line in, one JSON object a line out, in order; nothing else is printed there. */
const harness = createHarness()
const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
for await (const line of lines) {
  if (line.trim() === '') continue
  process.stdout.write(`${JSON.stringify(harness.answer(line))}\n`)
}
