import { expect, test } from 'vitest'
import { bareServer, pathOf, type Thing } from '../golden/api/server.ts'
import { corpusManifests, recordedManifests } from './seeds.ts'

test.each([
  ['recorded manifests', recordedManifests()],
  ['the documentation’s manifests', corpusManifests()],
])('what was accepted is accepted again unchanged: %s', (_name, manifests) => {
  const refused: string[] = []
  for (const [index, manifest] of manifests.entries()) {
    const bare = bareServer(manifest.metadata.namespace === undefined ? [] : [manifest.metadata.namespace])
    const created = bare.send('POST', pathOf(manifest, manifest.metadata.namespace ?? 'default'), manifest)
    if (created.code !== 201) continue
    const object = created.body as Thing
    const path = `${pathOf(object, object.metadata.namespace ?? 'default')}/${object.metadata.name}`
    const answer = bare.send('PUT', path, object)
    const label = `${index} ${object.kind} ${object.metadata.name}`
    if (answer.code !== 200) refused.push(`${label}: ${JSON.stringify((answer.body as { message?: string }).message)}`)
    else if (JSON.stringify(answer.body) !== JSON.stringify(object))
      refused.push(`${label}: ${differing(object, answer.body)}`)
  }
  expect(refused).toEqual([])
})

/** Where two objects first differ. */
function differing(a: unknown, b: unknown, path = ''): string {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? '' : `${path}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = differing((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${path}.${key}`)
    if (found !== '') return found
  }
  return ''
}
