import { describe, expect, test } from 'vitest'
import type { CertificateSigningRequest } from '../../../src/engine/api/index.ts'
import { certificateSigningRequest } from '../../../src/engine/kinds/certificates/certificateSigningRequest.ts'
import { askerOf } from './asked.ts'

describe('CertificateSigningRequest', () => {
  const pem = (type: string): string => btoa(`-----BEGIN ${type}-----\nAAAA\n-----END ${type}-----\n`)
  const spec = {
    request: pem('CERTIFICATE REQUEST'),
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
  }
  const { create, stored } = askerOf('certificates.k8s.io/v1', 'CertificateSigningRequest')

  test.each<[string, object, string]>([
    ['fine', {}, ''],
    ['no request', { request: '' }, 'PEM block type must be CERTIFICATE REQUEST'],
    ['an unknown usage', { usages: ['tea'] }, 'spec.usages[0]: Unsupported value: "tea"'],
    ['a usage twice', { usages: ['any', 'any'] }, 'spec.usages[1]: Duplicate value'],
    ['nobody in particular', { signerName: 'signer' }, "of the form 'example.com/signer-name'"],
    ['a legacy signer', { signerName: 'kubernetes.io/legacy-unknown' }, 'not allowed via this API version'],
    ['a hasty one', { expirationSeconds: 60 }, 'less than 600 seconds'],
  ])('%s', (_, rest, words) => {
    const told = create({ spec: { ...spec, ...rest } })
    if (words === '') expect(told).toBe('')
    else expect(told).toContain(words)
  })

  test('is written by who sends it', () =>
    expect(stored({ spec: { ...spec, username: 'somebody else' } })['spec']).toMatchObject({
      username: 'kubernetes-admin',
    }))

  test('is judged by one door, and signed by the other', () => {
    type Status = CertificateSigningRequest['status']
    const request = (status: Status) => ({ ...stored({ spec }), status }) as unknown as CertificateSigningRequest
    const { validateStatusUpdate, validateSubresource } = certificateSigningRequest
    const sign = (next: Status, old: Status) => validateStatusUpdate!(request(next), request(old))
    const judge = (next: Status, old: Status) => validateSubresource!('approval', request(next), request(old))
    const approved = { conditions: [{ type: 'Approved', status: 'True', reason: 'r', message: 'm' }] }
    const denied = { conditions: [...approved.conditions, { type: 'Denied', status: 'True' }] }
    const certificate = pem('CERTIFICATE')
    expect(sign(approved, {})).toMatchObject([{ detail: 'updates may not add a condition of type "Approved"' }])
    expect(judge(approved, {})).toEqual([])
    expect(judge({}, approved)).toMatchObject([{ detail: 'updates may not remove a condition of type "Approved"' }])
    expect(judge(denied, approved)).toMatchObject([{ field: 'status.conditions[1].type' }])
    expect(judge({ ...approved, certificate }, approved)).toMatchObject([{ field: 'status.certificate' }])
    expect(sign({ ...approved, certificate }, approved)).toEqual([])
    expect(sign({ ...approved, certificate: 'AAAA' }, { ...approved, certificate })).toMatchObject([
      { detail: 'must contain at least one CERTIFICATE PEM block' },
      { detail: 'updates may not modify existing certificate content' },
    ])
  })
})

describe('flow control', () => {
  test('FlowSchema', () => {
    const { create } = askerOf('flowcontrol.apiserver.k8s.io/v1', 'FlowSchema')
    const rule = {
      subjects: [{ kind: 'Group', group: { name: 'a' } }],
      resourceRules: [{ verbs: ['get'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'] }],
    }
    const schema = (more: object, rest: object = {}) =>
      create({ spec: { priorityLevelConfiguration: { name: 'a' }, rules: [{ ...rule, ...more }], ...rest } })
    expect(schema({})).toBe('')
    expect(schema({}, { matchingPrecedence: 1 })).toContain("only the schema named 'exempt'")
    expect(schema({ subjects: [{ kind: 'User', group: { name: 'a' } }] })).toContain(
      "user is required when subject kind is 'User'",
    )
    expect(schema({ resourceRules: [] })).toContain('has to be non-empty')
  })

  test('PriorityLevelConfiguration', () => {
    const { create } = askerOf('flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration')
    const queue = (queuing: object) => ({
      spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing } } },
    })
    expect(create(queue({}))).toBe('')
    expect(create(queue({ queues: 4, handSize: 8 }))).toContain('should not be greater than queues (4)')
    expect(create(queue({ queues: 512, handSize: 8 }))).toContain('required entropy bits of deckSize 512')
    expect(create({ spec: { type: 'Exempt' } })).toContain("must be 'Exempt' if and only if `name` is 'exempt'")
  })
})

test('APIService: its name follows from what it serves', () => {
  const { create } = askerOf('apiregistration.k8s.io/v1', 'APIService')
  const spec = { group: 'a.b', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10 }
  expect(create({ spec }, 'v1.a.b')).toBe('')
  expect(create({ spec }, 'v2.a.b')).toContain('must be `spec.version+"."+spec.group`: "v1.a.b"')
})

describe('devices', () => {
  const claim = askerOf('resource.k8s.io/v1', 'ResourceClaim')
  const exactly = { deviceClassName: 'gpu' }
  const devices = (rest: object) => ({ spec: { devices: { requests: [{ name: 'a', exactly }], ...rest } } })

  test.each<[string, object, string]>([
    ['fine', {}, ''],
    ['neither way', { requests: [{ name: 'a' }] }, 'exactly one of `exactly` or `firstAvailable` is required'],
    [
      'the same name',
      {
        requests: [
          { name: 'a', exactly },
          { name: 'a', exactly },
        ],
      },
      'Duplicate value: "a"',
    ],
    [
      'an unknown request',
      { constraints: [{ requests: ['b'], matchAttribute: 'a.b/c' }] },
      'must be the name of a request',
    ],
    ['a bare attribute', { constraints: [{ matchAttribute: 'c' }] }, 'a fully qualified name must be a domain'],
  ])('%s', (_, rest, words) => {
    const told = claim.create(devices(rest))
    if (words === '') expect(told).toBe('')
    else expect(told).toContain(words)
  })

  test('a claim stays what it is', () =>
    expect(claim.update(devices({}), devices({ constraints: [{ matchAttribute: 'a.b/c' }] }))).toContain(
      'spec: Invalid value',
    ))

  test('a slice is somewhere', () => {
    const slice = askerOf('resource.k8s.io/v1', 'ResourceSlice')
    const spec = { driver: 'a.b', pool: { name: 'p', generation: 1, resourceSliceCount: 1 } }
    expect(slice.create({ spec: { ...spec, nodeName: 'n', devices: [{ name: 'gpu-0' }] } })).toBe('')
    expect(slice.create({ spec })).toContain('exactly one of `nodeName`')
    expect(slice.create({ spec: { ...spec, allNodes: true, devices: [{ name: 'G' }] } })).toContain('RFC 1123 label')
  })
})
