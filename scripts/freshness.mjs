import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

// Plain JavaScript, because the headless harness starts through it and Node 20 cannot read TypeScript by itself.

/** The folder that holds package.json. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Where things made from the sources are kept between runs; deleting it is always safe. */
export const cacheDirectory = join(root, 'node_modules', '.cache', 'drydock')

/**
 * Every file below the given files and folders (relative to the root), in a stable order; what does not exist is left out.
 * @param {string[]} paths
 * @returns {string[]}
 */
export function filesBelow(paths) {
  return paths.flatMap((path) => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false })
    if (!stats) return []
    if (!stats.isDirectory()) return [path]
    return filesBelow(
      readdirSync(join(root, path))
        .sort()
        .map((name) => `${path}/${name}`),
    )
  })
}

/**
 * A fingerprint of the contents below some paths: unlike file times, it survives a fresh checkout.
 * @param {string[]} paths
 */
export function fingerprint(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const file of filesBelow(paths)) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/**
 * Whether the outputs exist and were made from exactly these inputs, according to the stamp of that name.
 * @param {string} name
 * @param {string} print
 * @param {string[]} outputs
 */
export function isFresh(name, print, outputs) {
  const stamp = stampOf(name)
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== print) return false
  return outputs.every((output) => existsSync(join(root, output)))
}

/**
 * Notes what the outputs of that name were made from.
 * @param {string} name
 * @param {string} print
 */
export function markFresh(name, print) {
  mkdirSync(cacheDirectory, { recursive: true })
  writeFileSync(stampOf(name), print)
}

/** @param {string} name */
function stampOf(name) {
  return join(cacheDirectory, `${name}.stamp`)
}
