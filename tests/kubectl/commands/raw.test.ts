import { expect, test } from 'vitest'
import { bodyText, createCluster } from '../../../src/engine/index.ts'
import { createSession, run, type Follow } from '../../../src/kubectl/index.ts'
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

test('a watch goes on until the server ends it', () => {
  const { text, code } = typed(
    `kubectl create --raw ${path} -f cm.json && kubectl get --raw '${path}?watch=true&timeoutSeconds=3&fieldSelector=metadata.name=one'`,
    files,
  )
  expect(text.split('\n')[1]).toMatch(/^\{"type":"ADDED","object":\{.*"name":"one"/)
  expect(code).toBe(0)
})

test('a watch goes on until it is stopped', () => {
  const { api, openHttp, control } = createCluster({ nodes: 1, addOns: false })
  control.advanceTo(5_000)
  let printed = ''
  const io = { readFile: () => undefined, listFiles: () => undefined, out: (text: string) => void (printed += text) }
  const context = { api, openHttp, now: control.now, session: createSession(), io: { ...io, err: io.out } }
  const running = run(['get', '--raw', `${path}?watch=true&resourceVersion=`], context) as Follow
  expect(running.poll()).toBeUndefined()
  api.request({
    verb: 'create',
    group: '',
    version: 'v1',
    resource: 'configmaps',
    namespace: 'default',
    body: { metadata: { name: 'late' } },
  })
  control.advanceTo(6_000)
  expect(running.poll()).toBeUndefined()
  expect(printed.trimEnd().split('\n').at(-1)).toMatch(/^\{"type":"ADDED","object":\{.*"name":"late"/)
  expect(running.stop()).toBe(130)
})

test.each([
  ['/version', /^\{\n {2}"major": "1",\n[^]*"\n\}$/],
  ['/', /^\{\n {2}"paths": \[\n {4}"\/api",\n/],
  ['/api', /^\{"kind":"APIVersions",.*\}\n$/],
  ['/api?pretty=T', /^\{\n {2}"kind": "APIVersions",\n[^]*\}$/],
  ['/version?pretty=false', /^\{\n/],
  ['/openapi/v3', /^\{"paths":.*\}$/],
  ['/healthz', /^ok$/],
])('%s is written as the server writes it', (place, text) => {
  const { http } = createCluster({ nodes: 1, addOns: false })
  expect(bodyText(http({ method: 'GET', path: place }).body, place, 'kubectl/v1.36.3')).toMatch(text)
})
