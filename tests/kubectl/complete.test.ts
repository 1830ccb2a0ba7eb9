import { expect, test } from 'vitest'
import type { Api, KindInfo } from '../../src/engine/api/index.ts'
import { complete } from '../../src/kubectl/index.ts'

const kind = (plural: string, name: string, shortNames: readonly string[], namespaced = true): KindInfo => ({
  group: '',
  version: 'v1',
  kind: name,
  plural,
  singular: name.toLowerCase(),
  shortNames,
  categories: [],
  namespaced,
  verbs: ['list'],
  subresources: [],
})
const infos = [kind('pods', 'Pod', ['po']), kind('namespaces', 'Namespace', ['ns'], false)]
const names: Readonly<Record<string, readonly string[]>> = {
  pods: ['web-1', 'web-2', 'db'],
  namespaces: ['default', 'lab'],
}
const api = {
  kinds: () => infos,
  findKind: (word: string) =>
    infos.find(({ plural, singular, shortNames }) => [plural, singular, ...shortNames].includes(word)),
  list: (word: string) => (names[word] ?? []).map((name) => ({ metadata: { name } })),
} as unknown as Api

test.each([
  ['kubectl desc', ['describe']],
  ['kubectl rollout re', ['restart', 'resume']],
  ['kubectl get po', ['pods']],
  ['kubectl get pods w', ['web-1', 'web-2']],
  ['kubectl delete po/d', ['po/db']],
  ['kubectl get pods -n l', ['lab']],
  ['kubectl logs web', ['web-1', 'web-2']],
  ['kubectl get pods --show', ['--show-kind', '--show-labels', '--show-managed-fields']],
  ['kubectl create deployment --im', ['--image=']],
  ['ls ', []],
])('%s', (line, expected) => {
  expect(complete(line, line.length, api).map(({ value }) => value)).toEqual(expected)
})
