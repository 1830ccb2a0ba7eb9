import { parseAllDocuments } from 'yaml'
import { expect, test } from 'vitest'
import { decode, decodeFailure, strictDecodingError, typeOf } from './door.ts'
import { isObject, sorted, splitApiVersion } from './json.ts'
import type { Json } from './json.ts'
import { recordingsOf } from './recordings.ts'

const container = { name: 'web', image: 'nginx' }
const pod = (spec: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec })
const podOf = (fields: object) => pod({ containers: [{ ...container, ...fields }] })
const field = (path: string, value: string, type: string) =>
  `json: cannot unmarshal ${value} into Go struct field ${path} of type ${type}`

test('gives a clean body back itself', () => {
  const body = podOf({
    ports: [{ containerPort: 80 }],
    resources: { limits: { cpu: 1, memory: '1Gi' } },
    livenessProbe: { httpGet: { port: 'http' } },
  })
  const { object, unknown, error } = decode('Pod', body)
  expect(object).toBe(body)
  expect([unknown, error]).toEqual([[], undefined])
})

test('leaves out unknown fields, and says where they stood', () => {
  const body = pod({ containers: [{ ...container, imagee: 'x' }], colour: null })
  const { object, unknown } = decode('Pod', body)
  expect(unknown).toEqual(['spec.containers[0].imagee', 'spec.colour'])
  expect(object).toEqual(pod({ containers: [container] }))
  expect(body.spec).toHaveProperty('colour')
})

test('takes null for absent, and in lists and maps for the zero value', () => {
  const body = {
    ...pod({ containers: [container], nodeSelector: null }),
    metadata: { name: 'web', labels: { a: null } },
  }
  const { object, unknown, error } = decode<object>('Pod', body)
  expect([unknown, error]).toEqual([[], undefined])
  expect(object).toEqual({ ...pod({ containers: [container] }), metadata: { name: 'web', labels: { a: '' } } })
})

test('keeps a label called __proto__ a label', () => {
  const labels: unknown = JSON.parse('{"__proto__":"x","a":null}')
  const { object } = decode<{ metadata: { labels: object } }>('Pod', { metadata: { labels: labels as object } })
  expect(Object.getOwnPropertyNames(object.metadata.labels)).toContain('__proto__')
  expect(Object.getPrototypeOf(object.metadata.labels)).toBe(Object.prototype)
})

test.each([
  [
    'a string for a number',
    podOf({ ports: [{ containerPort: '80' }] }),
    field('ContainerPort.spec.containers.ports.containerPort', 'string', 'int32'),
  ],
  [
    'a fraction for an integer',
    pod({ terminationGracePeriodSeconds: 2.5 }),
    field('PodSpec.spec.terminationGracePeriodSeconds', 'number 2.5', 'int64'),
  ],
  [
    'a number for a named string',
    pod({ restartPolicy: 1 }),
    field('PodSpec.spec.restartPolicy', 'number', 'v1.RestartPolicy'),
  ],
  [
    'a string for a list of named strings',
    podOf({ securityContext: { capabilities: { add: 'ALL' } } }),
    field('Capabilities.spec.containers.securityContext.capabilities.add', 'string', '[]v1.Capability'),
  ],
  [
    'an item of a list of named strings',
    podOf({ securityContext: { capabilities: { add: [1] } } }),
    field('Capabilities.spec.containers.securityContext.capabilities.add', 'number', 'v1.Capability'),
  ],
  [
    'a string for a struct',
    pod({ securityContext: 'x' }),
    field('PodSpec.spec.securityContext', 'string', 'v1.PodSecurityContext'),
  ],
  [
    'a list for resources',
    podOf({ resources: { limits: [] } }),
    field('ResourceRequirements.spec.containers.resources.limits', 'array', 'v1.ResourceList'),
  ],
  [
    'below an embedded struct',
    podOf({ livenessProbe: { httpGet: { path: 1 } } }),
    field('HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.path', 'number', 'string'),
  ],
  [
    'a volume source',
    pod({ volumes: [{ name: 'v', emptyDir: 'x' }] }),
    field('Volume.spec.volumes.VolumeSource.emptyDir', 'string', 'v1.EmptyDirVolumeSource'),
  ],
  [
    'a boolean port',
    podOf({ readinessProbe: { tcpSocket: { port: true } } }),
    field('TCPSocketAction.spec.containers.readinessProbe.ProbeHandler.tcpSocket.port', 'bool', 'int32'),
  ],
  ['a spec that is a list', { spec: [] }, field('Pod.spec', 'array', 'v1.PodSpec')],
  ['only the first of several', pod({ hostname: 1, subdomain: 2 }), field('PodSpec.spec.hostname', 'number', 'string')],
  [
    'a bad time',
    { metadata: { creationTimestamp: '2026-13-01T00:00:00Z' } },
    'parsing time "2026-13-01T00:00:00Z": month out of range',
  ],
  [
    'a bad quantity, even after a wrong type',
    podOf({ image: 1, resources: { limits: { cpu: '1x' } } }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
])('refuses %s', (_, body, message) => {
  expect(decode<object>('Pod', body).error).toBe(message)
})

test('a schema of a custom resource is looked into, but not below what decodes itself', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'array', items: { typo: 1 } }, b: { typo: 1, additionalProperties: true } },
  }
  const body = { spec: { versions: [{ schema: { openAPIV3Schema: schema } }] } }
  const { object, unknown, error } = decode<object>('CustomResourceDefinition', body)
  expect([unknown, error]).toEqual([['spec.versions[0].schema.openAPIV3Schema.properties.b.typo'], undefined])
  expect(JSON.stringify(object)).not.toContain('typo')
})

const recordings = recordingsOf('validation')

test.skipIf(recordings === undefined)('answers as the recorded server did', () => {
  // parse.json holds texts that are no manifests at all.
  const files = [...(recordings ?? [])].filter(([file]) => file !== 'parse.json')
  const verdicts = files.flatMap(([file, records]) => records.map((record) => verdictOn(file, record)))
  const known = verdicts.filter((verdict) => verdict !== undefined)
  const refusals = known.filter(({ want }) => want !== '')
  const right = (list: typeof known) => list.filter(({ want, got }) => want === got).length
  console.log(
    `decoding: ${right(refusals)} of ${refusals.length} refusals, ${right(known) - right(refusals)} of ${known.length - refusals.length} clean bodies`,
  )
  expect(known.filter(({ want, got }) => want !== got)).toEqual([])
})

/** What the server said about decoding, and what we say; undefined where the record shows neither. */
function verdictOn(file: string, record: Json): { name: unknown; want: string; got: string } | undefined {
  const body = bodyOf(record.manifest)
  if (body === undefined) return undefined
  const { group, version } = splitApiVersion(String(body.apiVersion))
  const type = typeOf(group, version, String(body.kind))
  const message = isObject(record.status) ? String(record.status.message) : ''
  const isAccepted = file === 'accepted.json' && !String((record.kubectl as Json).command).includes('--validate')
  if (type === undefined || (message === '' && !isAccepted)) return undefined
  const { unknown, error } = decode(type, sorted(body) as Json)
  const failure = error ?? (unknown.length > 0 ? strictDecodingError(unknown) : undefined)
  const got = failure === undefined ? '' : decodeFailure(String(body.kind), version, failure)
  return { name: record.name, want: message.includes('cannot be handled as') ? message : '', got }
}

function bodyOf(manifest: unknown): Json | undefined {
  const first = parseAllDocuments(String(manifest ?? ''), { logLevel: 'silent' })
  const document = Array.isArray(first) ? first[0] : undefined
  if (document === undefined || document.errors.length > 0) return undefined
  const value: unknown = document.toJS()
  return isObject(value) && typeof value.kind === 'string' && typeof value.apiVersion === 'string' ? value : undefined
}
