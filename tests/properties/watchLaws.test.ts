import { expect, test } from 'vitest'
import type { KubeList, KubeObject, WatchEvent } from '../../src/engine/api/index.ts'
import { bareServer } from '../golden/api/server.ts'
import { createChance } from './chance.ts'

const stories = process.env['DRYDOCK_LONG'] ? 200 : 10
const selections = ['', 'labelSelector=tier%3Da', 'fieldSelector=metadata.name%3Dx1', 'labelSelector=tier%21%3Da']
const base = '/api/v1/namespaces/default/configmaps'

type Known = Map<string, string>

/** What a watcher knows of an object: all but its type, which a list says once for all. */
const textOf = ({ kind: _kind, apiVersion: _apiVersion, ...rest }: KubeObject): string =>
  JSON.stringify([rest.metadata.resourceVersion, rest.metadata.labels, rest])

const listed = (list: KubeList): Known => new Map(list.items.map((object) => [object.metadata.name, textOf(object)]))

function hear(known: Known, events: readonly WatchEvent[]): void {
  for (const { type, object } of events) {
    const { name } = (object as KubeObject).metadata
    if (type === 'DELETED') known.delete(name)
    else known.set(name, textOf(object as KubeObject))
  }
}

const withType = (known: Known): readonly string[] =>
  [...known.keys()].sort().map((name) => `${name} ${known.get(name)}`)

test('a list and the events after it are the list of any later revision', () => {
  for (let seed = 1; seed <= stories; seed++) {
    const chance = createChance(seed)
    const bare = bareServer()
    const { server } = bare
    const views = selections.map((query, index) => {
      const [field, text] = query.split('=')
      const options = field ? { [field]: decodeURIComponent(text!) } : {}
      const place = { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' }
      const first = bare.send('GET', `${base}?${query}`).body as KubeList
      const since = { ...options, resourceVersion: first.metadata.resourceVersion }
      const user = { name: 'admin', groups: ['system:masters'] }
      const watch = server.watch({ ...place, options: since, user, showsFields: true, verb: 'watch' }, `laws/${index}`)
      return { query, watch, known: listed(first) }
    })
    for (let act = 0; act < 40; act++) {
      const name = `x${chance.int(4)}`
      const labels = { tier: chance.pick(['a', 'b']) }
      const choice = chance.int(4)
      if (choice === 0)
        bare.send('POST', base, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: {} })
      else if (choice === 1) bare.send('DELETE', `${base}/${name}`)
      else if (choice === 2)
        bare.send(
          'PATCH',
          `${base}/${name}`,
          { metadata: { labels }, data: { n: String(act) } },
          'application/merge-patch+json',
        )
      else
        bare.send(
          'PATCH',
          `${base}/${name}?fieldManager=m${chance.int(2)}&force=true`,
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { m: String(act) } },
          'application/apply-patch+yaml',
        )
      for (const { query, watch, known } of views) {
        hear(known, watch.take())
        expect(withType(known), `seed ${seed}, act ${act}, ${query}`).toEqual(
          withType(listed(bare.send('GET', `${base}?${query}`).body as KubeList)),
        )
      }
    }
  }
})
