import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fingerprint, isFresh, markFresh, root } from './freshness.mjs'

/** What is made from development dependencies instead of being kept in the repository. */
const generators = [
  {
    name: 'schema',
    script: 'scripts/generate-schema.ts',
    inputs: [
      'scripts/generate-schema.ts',
      'scripts/generate-schema',
      'node_modules/@kubernetes/client-node/package.json',
    ],
    outputs: ['src/engine/generated/schema.ts', 'src/engine/generated/descriptions.ts'],
  },
]

/**
 * Runs the generators whose outputs are missing or stale (or all of them); their chatter goes to standard error, because
 * the harness owns standard output.
 * @param {{ force?: boolean }} [options]
 */
export function ensureGenerated({ force = false } = {}) {
  for (const { name, script, inputs, outputs } of generators) {
    if (!existsSync(join(root, script))) continue
    const print = fingerprint(inputs)
    if (!force && isFresh(name, print, outputs)) continue
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', script], { cwd: root, stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error(`${script} failed`)
    markFresh(name, print)
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  ensureGenerated({ force: process.argv.includes('--force') })
}
