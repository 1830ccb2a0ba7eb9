import { expect, test } from 'vitest'
import { builtInKinds, customJsonSchemaOf, jsonSchemaOf } from './door.ts'
import { isObject, splitApiVersion } from './json.ts'
import type { Json } from './json.ts'

const definitionsOf = (schema: Json | undefined): Readonly<Record<string, Json>> =>
  (schema?.definitions ?? {}) as Readonly<Record<string, Json>>

test('closes every object, so that a misspelt field is marked', () => {
  const schema = jsonSchemaOf('apps', 'v1', 'Deployment')
  expect(schema?.additionalProperties).toBe(false)
  expect(
    Object.values(definitionsOf(schema)).filter((definition) => definition.additionalProperties !== false),
  ).toEqual([])
})

test('says what an editor completes', () => {
  const schema = jsonSchemaOf('apps', 'v1', 'Deployment', (type, field) => `${type}.${field}`)
  const { Container, ContainerPort } = definitionsOf(schema)
  expect(schema?.required).toEqual(['apiVersion', 'kind'])
  expect(schema?.properties).toMatchObject({ apiVersion: { enum: ['apps/v1'] }, kind: { enum: ['Deployment'] } })
  expect(Container?.required).toEqual(['name'])
  expect(Container?.properties).toMatchObject({
    imagePullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'], description: 'Container.imagePullPolicy' },
    ports: { type: 'array', items: { $ref: '#/definitions/ContainerPort' } },
    resources: { allOf: [{ $ref: '#/definitions/ResourceRequirements' }], description: 'Container.resources' },
  })
  expect(ContainerPort?.properties).toMatchObject({ containerPort: { type: 'integer' } })
})

test.each(builtInKinds().map(([gvk]) => gvk))('refers to nothing that is missing: %s', (gvk) => {
  const [apiVersion = '', kind = ''] = gvk.split(' ')
  const { group, version } = splitApiVersion(apiVersion)
  const schema = jsonSchemaOf(group, version, kind)
  const known = Object.keys(definitionsOf(schema)).map((name) => `#/definitions/${name}`)
  expect(refsIn(schema).filter((ref) => !known.includes(ref))).toEqual([])
})

test('turns a structural schema into one for the editor', () => {
  const port = { 'x-kubernetes-int-or-string': true }
  const spec = { type: 'object', nullable: true, properties: { port }, required: ['port'] }
  const schema = customJsonSchemaOf('example.com', 'v1', 'Boat', { type: 'object', properties: { spec } })
  expect(schema).toMatchObject({ additionalProperties: false, required: ['apiVersion', 'kind', 'metadata'] })
  expect(schema.properties).toMatchObject({
    apiVersion: { enum: ['example.com/v1'] },
    spec: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: { port: { type: ['integer', 'string'] } },
    },
  })
})

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (!isObject(value)) return []
  const own = typeof value.$ref === 'string' ? [value.$ref] : []
  return [...own, ...Object.values(value).flatMap(refsIn)]
}
