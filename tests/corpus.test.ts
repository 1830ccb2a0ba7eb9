import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createSession, viewOf, wordsOf, type Session } from '../src/session/index.ts'

// What the Kubernetes documentation tells people to apply and to type, through the public door: each case is answered in kubectl's
// words, within a bounded time, and never by an exception.

const root = resolve(import.meta.dirname, '../../shared/corpus')
const examples = join(root, 'docs-examples')
const isThere = existsSync(examples)
/** wall ms for one case; a hang is far beyond */
const wallMsMax = 10_000
const commandMsMax = 120_000
/** every so many of them, so that the file stays quick; npm run test:long takes them all */
const isWhole = process.env['DRYDOCK_LONG'] === '1'
const manifestEvery = isWhole ? 1 : 8
const commandEvery = isWhole ? 1 : 20

interface Said {
  readonly out: string
  readonly err: string
  readonly code: number
}

describe.skipIf(!isThere)('the manifests of the documentation', () => {
  const manifests = isThere
    ? readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(yaml|json)$/.test(name))
    : []

  test.each(manifests.sort().filter((_, index) => index % manifestEvery === 0))('%s', (name) => {
    const startedAt = performance.now()
    const text = readFileSync(join(examples, name), 'utf8')
    const session = createSession({ cluster: { seed: 1, nodes: 3 } })
    const files = { 'docs.yaml': text }
    for (const namespace of namespacesOf(text)) say(session, ['create', 'namespace', namespace])
    session.advanceTo(1000)
    const applied = say(session, ['apply', '-f', 'docs.yaml'], files)
    checkRefusal(applied)
    const made = applied.out.split('\n').flatMap((line) => /^(\S+) created$/.exec(line)?.[1] ?? [])
    if (made.length > 0) {
      session.advanceTo(session.now() + 120_000)
      expect(say(session, ['get', 'all', '--all-namespaces']).code).toBe(0)
      const named = say(session, ['describe', '-f', 'docs.yaml'], files)
      if (applied.code === 0) expect(named).toMatchObject({ code: 0, err: '' })
    }
    const deleted = say(session, ['delete', '-f', 'docs.yaml', '--wait=false'], files)
    for (const one of made) expect(deleted.out).toContain(`"${one.slice(one.indexOf('/') + 1)}"`)
    session.advanceTo(session.now() + 60_000)
    expect(performance.now() - startedAt).toBeLessThan(wallMsMax)
  })
})

describe.skipIf(!isThere)('the commands of the documentation', () => {
  const lines = isThere ? readFileSync(join(root, 'docs-commands.txt'), 'utf8').split('\n').filter(Boolean) : []
  const sample = lines.filter((_, index) => index % commandEvery === 0)
  const batches = Array.from({ length: Math.ceil(sample.length / 40) }, (_, index) =>
    sample.slice(index * 40, (index + 1) * 40),
  )

  test.each(batches.map((batch, index) => [index, batch] as const))('part %i', (_, batch) => {
    const session = createSession({ cluster: { seed: 1, nodes: 3 } })
    say(session, ['create', 'deployment', 'nginx', '--image=nginx'])
    say(session, ['run', 'web', '--image=nginx'])
    session.advanceTo(10_000)
    for (const line of batch) {
      const argv = argvOf(line)
      if (argv === undefined) continue
      const startedAt = performance.now()
      checkRefusal(say(session, argv, {}, 30_000), line)
      expect(performance.now() - startedAt, line).toBeLessThan(wallMsMax)
    }
  })
})

/** Whatever fails says why. Exit codes of a remote command, and 1 for a difference, need no words. */
function checkRefusal({ out, err, code }: Said, line = ''): void {
  if (code !== 0 && code !== 130) expect(err + out, `${line} ended with ${code}`).not.toBe('')
  expect(err, line).not.toMatch(/TypeError|undefined|\[object|NaN/)
  for (const [, after] of err.matchAll(/no matches for kind "[^"]*" in version "[^"]*"\n([^\n]*)/g))
    expect(after).toBe('ensure CRDs are installed first')
}

/** The namespaces a manifest takes for granted. */
function namespacesOf(text: string): readonly string[] {
  const all = [...text.matchAll(/^ {2}namespace: *["']?([a-z0-9-]+)["']?\s*$/gm)].map(([, name]) => name!)
  const own = new Set(
    [...text.matchAll(/kind: Namespace\n(?:.*\n)*? {2}name: *["']?([a-z0-9-]+)/g)].map(([, name]) => name),
  )
  return [...new Set(all)].filter((name) => !own.has(name) && !['default', 'kube-system', 'kube-public'].includes(name))
}

function argvOf(line: string): readonly string[] | undefined {
  try {
    return wordsOf(line.replace(/^kubectl\s*/, ''))
  } catch {
    return undefined // the fence cut it in the middle of a quotation
  }
}

function say(
  session: Session,
  argv: readonly string[],
  files: Readonly<Record<string, string>> = {},
  msMax = commandMsMax,
): Said {
  let out = ''
  let err = ''
  const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) }
  const running = session.kubectl({ argv, files: viewOf(files) }, output)
  const limit = session.now() + msMax
  while (!running.isDone() && session.now() < limit) session.advanceTo(session.now() + 200)
  if (!running.isDone()) running.stop()
  return { out, err, code: running.code() }
}
