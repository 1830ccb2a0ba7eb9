import { readFileSync } from 'node:fs'
import { say } from '#engine'
import { clusterOf, createSession, parseScene } from '#session'
import { hashOf } from './hash.ts'

/** Plays a recorded run and prints its trace: `npm run replay -- file.json [--until 12s] [--json]`. */
const words = process.argv.slice(2)
const file = words.find((word, index) => !word.startsWith('--') && words[index - 1] !== '--until')
if (file === undefined) {
  process.stderr.write('usage: npm run replay -- file.json [--until 12s] [--json]\n')
  process.exit(2)
}
const scene = parseScene(readFileSync(file, 'utf8'))
const untilIndex = words.indexOf('--until')
const until = untilIndex < 0 ? scene.at : msOf(words[untilIndex + 1] ?? '')
const session = createSession({ cluster: clusterOf(scene), inputs: scene.inputs })
session.advanceTo(until)
const { trace } = session.cluster()
for (const record of trace.since(0))
  process.stdout.write(
    words.includes('--json')
      ? `${JSON.stringify(record)}\n`
      : `${clock(record.at)} #${record.seq} <-#${record.cause} ${say(record)}\n`,
  )
process.stderr.write(`${trace.count()} records, sha256 ${hashOf(trace)}\n`)

function msOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  if (match === null) throw new Error(`--until wants a time such as 12s, not ${text}`)
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h']
}

function clock(at: number): string {
  return (at / 1000).toFixed(3).padStart(10)
}
