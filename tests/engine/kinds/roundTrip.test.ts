import { expect, test } from 'vitest'
import { recordingsOf } from '../../golden/api/recordings.ts'
import { bareServer, isServed, pathOf, type Bare, type Thing } from '../../golden/api/server.ts'

interface Case {
  readonly name: string
  readonly input: Thing
  readonly output: Thing
  readonly given?: readonly Thing[]
}

const always = (recordingsOf('defaults').get('given-always') ?? []) as readonly { name: string; object: Thing }[]
const cases = [...recordingsOf('defaults')]
  .filter(([file]) => file !== 'given-always')
  .flatMap(([, list]) => list as unknown as readonly Case[])
  .filter(({ given, input }) => given === undefined && isServed(input.kind))

test('what was accepted is accepted again, and stays as it is', () => {
  const wrong: string[] = []
  const bare = bareServer()
  for (const { name, object } of always) bare.create(object, name.startsWith('default/') ? 'default' : 'golden')
  for (const one of cases) {
    const problem = sendBack(bare, one)
    if (problem !== undefined) wrong.push(`${one.input.kind} ${one.name}: ${problem}`)
  }
  expect(wrong).toEqual([])
})

/** Creates the object and sends the answer back unchanged; says what went wrong, if anything. */
function sendBack(bare: Bare, { input, output }: Case): string | undefined {
  const namespace = output.metadata.namespace ?? 'golden'
  bare.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  const created = bare.create(input, namespace)
  if (created.code !== 201) return undefined // an object of that name is there already
  const stored = created.body as Thing
  const path = `${pathOf(stored, namespace)}/${String(stored.metadata.name)}`
  const answer = bare.send('PUT', path, stored)
  bare.send('DELETE', `${path}?gracePeriodSeconds=0`)
  if (answer.code !== 200) return JSON.stringify(answer.body).slice(0, 300)
  const [before, after] = [stored, answer.body as Thing].map((object) => JSON.stringify(object))
  return before === after ? undefined : `${before}\n${after}`
}
