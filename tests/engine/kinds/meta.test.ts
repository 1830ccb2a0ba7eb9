import { expect, test } from 'vitest'
import { askerOf } from './asked.ts'

const configMap = askerOf('v1', 'ConfigMap')
const causes = (body: unknown): unknown => (body as { details?: { causes?: unknown } }).details?.causes

test('finalizers are asked for their form first, then for a prefix, each by its place', () => {
  const asked = configMap.create({ metadata: { name: 'web', finalizers: ['orphan', 'oops', '-'] } })
  expect(asked.replace(/name part must consist.*?\(.*?\)\?\[A-Za-z0-9\]'\)/, '…')).toBe(
    '[metadata.finalizers: Invalid value: "-": …, ' +
      'metadata.finalizers[1]: Invalid value: "oops": name is neither a standard finalizer name nor is it fully qualified, ' +
      'metadata.finalizers[2]: Invalid value: "-": name is neither a standard finalizer name nor is it fully qualified]',
  )
})

test('a label that an update brings is looked at by the registry and by the kind', () => {
  const path = '/api/v1/namespaces/default/configmaps/labelled'
  const make = (labels: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'labelled', labels } })
  configMap.bare.create(make({}) as never, 'default')
  const { body } = configMap.bare.send('PUT', path, make({ a: 'not good' }))
  // the whole, the change, the change once more, and the whole that a ConfigMap's own rules look at
  expect(causes(body)).toHaveLength(4)
})

test('a base for names may end in a dash', () => {
  const bad = (generateName: string) => configMap.create({ metadata: { generateName } })
  expect(bad('web-')).toBe('')
  expect(bad('We-')).toContain('metadata.generateName: Invalid value: "We-"')
})
