import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { playScenario } from './play.ts'

const folder = import.meta.dirname

// A scenario is a transcript: its commands are played, and the whole file is written anew with what they answer.
// `npm test -- -u` keeps the new answers; read the diff as you read code.
test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s', async (name) => {
  const text = readFileSync(join(folder, name), 'utf8')
  await expect(playScenario(text)).toMatchFileSnapshot(join(folder, name))
})
