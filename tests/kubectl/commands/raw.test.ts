import { expect, test } from 'vitest'
import { typed } from './lines.ts'

const files = {
  'cm.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"one"},"data":{"a":"b"}}',
}
const path = '/api/v1/namespaces/default/configmaps'

// Recorded with kubectl 1.36.3.
test.each([
  ['kubectl get --raw version', 'error: --raw must be a valid URL path: parse "version": invalid URI for request'],
  ['kubectl get --raw /nope', 'Error from server (NotFound): the server could not find the requested resource'],
  ['kubectl get --raw /api -o json', 'error: --raw and --output are mutually exclusive'],
  [
    'kubectl get --raw /api -w',
    'error: --raw may not be specified with other flags that filter the server request or alter the output',
  ],
  [
    'kubectl get --raw /apis/batch',
    '{"kind":"APIGroup","apiVersion":"v1","name":"batch","versions":[{"groupVersion":"batch/v1","version":"v1"}],"preferredVersion":{"groupVersion":"batch/v1","version":"v1"}}',
  ],
  [`kubectl create --raw ${path} -f cm.json --edit`, 'error: --raw and --edit are mutually exclusive'],
  [`kubectl create --raw ${path} -f a -f b`, 'error: --raw can only use a single local file or stdin'],
  [`kubectl create --raw ${path} -f http://a/b`, 'error: --raw cannot read from a url'],
  [`kubectl create --raw ${path} -f nope.json`, 'error: open nope.json: no such file or directory'],
  [`kubectl replace --raw ${path}/one -f cm.json`, 'Error from server (NotFound): configmaps "one" not found'],
  [`kubectl delete --raw ${path}/one`, 'Error from server (NotFound): configmaps "one" not found'],
])('%s', (line, text) => expect(typed(line, files)).toEqual({ text, code: 1 - Number(text.startsWith('{')) }))

test('what is posted to a path is stored, and what is deleted at it is gone', () => {
  const { text } = typed(
    `kubectl create --raw ${path} -f cm.json && kubectl get cm one -o jsonpath={.data} && kubectl delete --raw ${path}/one && kubectl get cm one`,
    files,
  )
  expect(text).toMatch(
    /^\{"apiVersion":"v1","kind":"ConfigMap","metadata":\{"name":"one",.*\}\n\{"a":"b"\}\{"kind":"Status",.*"status":"Success",.*\}\nError from server \(NotFound\): configmaps "one" not found$/,
  )
})

test('a list by its path takes the limit of its query', () =>
  expect(typed("kubectl get --raw '/api/v1/namespaces?limit=1'").text).toMatch(
    /"continue":"[^"]+","remainingItemCount":\d/,
  ))

test('--raw asks in the name that --as says', () =>
  expect(typed(`kubectl get --raw ${path} --as=jane`).text).toContain(
    'configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "default"',
  ))
