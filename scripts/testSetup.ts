import { ensureGenerated } from './generate.mjs'

/** Vitest's global setup: the schema must exist before the first test imports it. */
export default function setup(): void {
  ensureGenerated()
}
