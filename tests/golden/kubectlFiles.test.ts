import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { kinds } from '../../src/engine/kinds/index.ts'
import { run, splitWords } from '../../src/kubectl/index.ts'
import { sortKeys } from '../../src/kubectl/printers/json.ts'
import { createStubApi } from './kubectl/stubApi.ts'

interface Recording {
  readonly name: string
  readonly kind?: string
  readonly manifest?: string
  readonly manifest2?: string
  readonly before?: object
  readonly patchType?: string
  readonly patch?: unknown
  readonly status?: object | null
  readonly kubectl: {
    readonly command: string
    readonly stdout?: string
    readonly stderr: string
    readonly code: number
  }
}

const read = (name: string): readonly Recording[] =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`./data/kubectl/${name}`, import.meta.url)), 'utf8')) as Recording[]
const served = new Set(kinds.map(({ kind }) => kind))

function play(command: string, manifest: string, live: object | undefined) {
  const { api, sent } = createStubApi(live)
  let [stdout, stderr] = ['', '']
  const io = {
    readFile: (path: string) => (path === 'manifest.yaml' ? manifest : undefined),
    listFiles: () => undefined,
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
  }
  const code = run(splitWords(command).slice(1), { api, now: () => 0, io })
  return { stdout, stderr, code, sent }
}

const applied = read('apply.json')

test.each(applied.filter(({ kind }) => served.has(kind!)))(
  'sends the patch of the real kubectl: $name',
  (recording) => {
    const { stdout, stderr, sent } = play(recording.kubectl.command, recording.manifest2!, recording.before)
    expect(sortKeys(sent[0]?.body ?? null)).toEqual(sortKeys(recording.patch))
    expect({ stdout, stderr: stderr.trimEnd() }).toEqual({
      stdout: recording.kubectl.stdout,
      stderr: recording.kubectl.stderr.trimEnd(),
    })
  },
)

test.skip.each(applied.filter(({ kind }) => !served.has(kind!)))('kind not served yet: $name', () => undefined)

const unread = read('parse.json').filter(({ status }) => !status)

test.each(unread)('complains of a file as the real kubectl: $name', ({ manifest, kubectl }) => {
  const { stderr, code, sent } = play(kubectl.command, manifest!, undefined)
  expect({ stderr, code }).toEqual({ stderr: kubectl.stderr, code: kubectl.code })
  expect(sent.filter(({ verb }) => verb === 'patch')).toEqual([])
})
