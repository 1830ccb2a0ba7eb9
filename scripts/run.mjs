// Runs one entry of src/headless: bundled once by esbuild, then started from the bundle until a source changes. The bundle
// starts several times faster than compiling on the fly, and its speed is what a browser would see.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cacheDirectory, root } from './freshness.mjs'
import { ensureGenerated } from './generate.mjs'

const [name = '', ...rest] = process.argv.slice(2)
const bundle = await freshBundle(name)
process.argv = [process.argv[0] ?? 'node', bundle, ...rest]
await import(pathToFileURL(bundle).href)

/** @param {string} entry */
async function freshBundle(entry) {
  const source = `src/headless/${basename(entry)}.ts`
  if (!existsSync(join(root, source))) {
    process.stderr.write(`There is no ${source}.\n`)
    process.exit(2)
  }
  const file = join(cacheDirectory, `${entry}.mjs`)
  if (!isCurrent(file)) await build(source, file)
  return file
}

/** A bundle is current while no file that went into it changed; packages are covered by the lock file. @param {string} file */
function isCurrent(file) {
  const list = `${file}.inputs.json`
  if (!existsSync(file) || !existsSync(list)) return false
  const made = statSync(file).mtimeMs
  /** @type {string[]} */
  const inputs = JSON.parse(readFileSync(list, 'utf8'))
  return inputs.every((input) => (statSync(join(root, input), { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < made)
}

/** @param {string} source @param {string} file */
async function build(source, file) {
  ensureGenerated()
  const esbuild = await import('esbuild')
  mkdirSync(cacheDirectory, { recursive: true })
  const draft = `${file}.${process.pid}.draft`
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    loader: { '.md': 'text', '.yaml': 'text' },
    banner: {
      js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
    },
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
  })
  const sources = Object.keys(metafile.inputs)
    .map((input) => input.replace(/\?.*$/, ''))
    .filter((input) => !input.startsWith('node_modules/'))
  const made = [...sources, 'package.json', 'package-lock.json', 'scripts/run.mjs', 'scripts/generate.mjs']
  writeFileSync(`${file}.inputs.json`, JSON.stringify([...new Set(made)]))
  renameSync(draft, file) // all at once: several harnesses may start together
}
