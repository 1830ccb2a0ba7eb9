import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSession } from '../../src/session/index.ts'
import { hashOf } from '../../src/headless/hash.ts'
import { play } from './play.ts'

const folder = import.meta.dirname

// A scenario is a transcript: its commands are played, and the whole file is written anew with what they answer.
// `npm test -- -u` keeps the new answers; read the diff as you read code.
test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', async (name) => {
  const text = readFileSync(join(folder, name), 'utf8')
  const { text: played, session } = play(text)
  await expect(played).toMatchFileSnapshot(join(folder, name))
  if (session === undefined) return
  const again = createSession({ cluster: session.cluster().options, inputs: session.inputs() })
  again.advanceTo(session.now())
  expect(hashOf(again.cluster().trace), 'a replay of the inputs gives the same trace').toBe(hashOf(session.cluster().trace))
  const { cluster } = again
  const end = hashOf(cluster().trace)
  again.seek(session.now() / 2)
  again.seek(session.now())
  expect(hashOf(cluster().trace), 'a rewind and a replay give the same trace').toBe(end)
})
