import { describe, expect, test } from 'vitest'
import { addOns, checkClusterOptions, createCluster, restore, type HttpAnswer } from '../../../src/engine/index.ts'

const group = 'gateway.networking.k8s.io'

const cluster = createCluster({ controlPlane: 'api', addOns: ['gateway-api'] })

function post(version: string, plural: string, kind: string, spec: unknown, name = 'a'): HttpAnswer {
  const place = kind === 'GatewayClass' ? plural : `namespaces/default/${plural}`
  return cluster.http({
    method: 'POST',
    path: `/apis/${group}/${version}/${place}?fieldValidation=Strict&dryRun=All`,
    body: { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec },
    headers: { 'content-type': 'application/json' },
  })
}

const gateway = (spec: object): HttpAnswer => post('v1', 'gateways', 'Gateway', { gatewayClassName: 'sea', ...spec })
const route = (spec: object): HttpAnswer => post('v1', 'httproutes', 'HTTPRoute', spec)
const messageOf = ({ body }: HttpAnswer): string => (body as { readonly message: string }).message

const http = { name: 'http', protocol: 'HTTP', port: 80 }
const https = { name: 'https', protocol: 'HTTPS', port: 443, tls: { certificateRefs: [{ name: 'cert' }] } }
const web = { name: 'web', port: 8080 }

describe('the option', () => {
  test('names what is there, and is refused otherwise', () => {
    expect(addOns.map(({ name }) => name)).toEqual(['metrics-server', 'gateway-api'])
    expect(() => checkClusterOptions({ addOns: ['gateway'] })).toThrow('there is no add-on "gateway"')
    expect(() => createCluster({ controlPlane: 'api', addOns: ['gateway'] })).toThrow('there is no add-on')
    checkClusterOptions({ addOns: true })
    checkClusterOptions({ addOns: [] })
  })

  test('a list has cluster DNS too; without it nothing more is installed', () => {
    const full = createCluster({ nodes: 0, addOns: ['gateway-api'] })
    expect(full.api.find('Deployment', 'coredns', { namespace: 'kube-system' })).toBeDefined()
    const plain = createCluster({ nodes: 0 })
    expect(plain.api.find('CustomResourceDefinition', `gateways.${group}`)).toBeUndefined()
  })

  test('its kinds are served from the first moment, after a restore too', () => {
    for (const one of [cluster, restore(cluster.control.save())]) {
      const { body } = one.http({ method: 'GET', path: `/apis/${group}/v1` })
      const { resources } = body as { readonly resources: readonly { readonly name: string }[] }
      expect(resources.map(({ name }) => name).sort()).toEqual([
        'gatewayclasses',
        'gatewayclasses/status',
        'gateways',
        'gateways/status',
        'httproutes',
        'httproutes/status',
        'referencegrants',
      ])
    }
  })

  test('its definitions stand by the rules for definitions when somebody sends them back', () => {
    for (const { definitions } of addOns)
      for (const { metadata } of definitions) {
        const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${metadata.name}`
        const { body } = cluster.http({ method: 'GET', path })
        const { code } = cluster.http({ method: 'PUT', path, body, headers: { 'content-type': 'application/json' } })
        expect([metadata.name, code]).toEqual([metadata.name, 200])
      }
  })
})

describe('objects', () => {
  test.each<[string, string, string, string, unknown]>([
    ['a class', 'v1', 'gatewayclasses', 'GatewayClass', { controllerName: 'example.com/gateway-controller' }],
    ['a gateway', 'v1', 'gateways', 'Gateway', { gatewayClassName: 'sea', listeners: [http, https] }],
    ['an old gateway', 'v1beta1', 'gateways', 'Gateway', { gatewayClassName: 'sea', listeners: [http] }],
    ['an empty route', 'v1', 'httproutes', 'HTTPRoute', {}],
    [
      'a split',
      'v1',
      'httproutes',
      'HTTPRoute',
      {
        parentRefs: [{ name: 'a' }],
        hostnames: ['*.example.com'],
        rules: [
          {
            backendRefs: [
              { ...web, weight: 90 },
              { ...web, name: 'next', weight: 10 },
            ],
          },
        ],
      },
    ],
    [
      'a redirect',
      'v1',
      'httproutes',
      'HTTPRoute',
      {
        rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
      },
    ],
    [
      'a grant',
      'v1beta1',
      'referencegrants',
      'ReferenceGrant',
      {
        from: [{ group, kind: 'HTTPRoute', namespace: 'shop' }],
        to: [{ group: '', kind: 'Service' }],
      },
    ],
  ])('%s is accepted', (_, version, plural, kind, spec) => {
    const answer = post(version, plural, kind, spec)
    expect([answer.code, answer.code === 201 ? '' : messageOf(answer)]).toEqual([201, ''])
  })

  test('defaults are filled in', () => {
    const { body } = route({ parentRefs: [{ name: 'a' }], rules: [{ backendRefs: [web] }] })
    expect(body).toMatchObject({
      spec: {
        parentRefs: [{ group, kind: 'Gateway', name: 'a' }],
        rules: [
          {
            backendRefs: [{ group: '', kind: 'Service', weight: 1 }],
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          },
        ],
      },
    })
    expect(gateway({ listeners: [http] }).body).toMatchObject({
      spec: { listeners: [{ allowedRoutes: { namespaces: { from: 'Same' } } }] },
      status: {
        conditions: [
          { type: 'Accepted', status: 'Unknown' },
          { type: 'Programmed', reason: 'Pending' },
        ],
      },
    })
  })

  test.each<[object, string]>([
    [{ listeners: [] }, 'spec.listeners: Invalid value: 0: spec.listeners in body should have at least 1 items'],
    [{ listeners: [http, { ...http, port: 81 }] }, 'spec.listeners[1]: Duplicate value: {"name":"http"}'],
    [
      { listeners: [http, { ...http, name: 'b' }] },
      'Combination of port, protocol and hostname must be unique for each listener',
    ],
    [{ listeners: [{ ...http, tls: https.tls }] }, "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']"],
    [{ listeners: [{ ...https, tls: { mode: 'Passthrough' } }] }, 'tls mode must be Terminate for protocol HTTPS'],
    [{ listeners: [{ ...https, tls: {} }] }, 'certificateRefs or options must be specified when mode is Terminate'],
    [{ listeners: [{ name: 't', port: 5, protocol: 'TLS' }] }, 'tls mode must be set for protocol TLS'],
    [{ listeners: [{ name: 't', port: 5, protocol: 'TCP', hostname: 'a.b' }] }, 'hostname must not be specified'],
    [{ listeners: [http], addresses: [{ value: '1.2.3' }] }, 'spec.addresses[0]'],
    [{ listeners: [http], addresses: [{ value: '1.2.3.4' }, { value: '1.2.3.4' }] }, 'IPAddress values must be unique'],
    [{ listeners: [{ ...http, port: 70000 }] }, 'should be less than or equal to 65535'],
    [{ listeners: [http], colour: 'blue' }, 'strict decoding error: unknown field "spec.colour"'],
    [{ listeners: [http], infrastructure: { labels: { 'a b': 'c' } } }, 'Label keys must be in the form'],
  ])('a gateway %j is refused', (spec, message) => expect(messageOf(gateway(spec))).toContain(message))

  const prefix = { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }
  test.each<[object, string]>([
    [{ backendRefs: [{ name: 'web' }] }, 'Must have port for Service reference'],
    [{ matches: [{ path: { value: 'shop' } }] }, "must be an absolute path and start with '/'"],
    [{ matches: [{ path: { value: '/a//b' } }] }, "must not contain '//' when type one of"],
    [{ matches: [{ path: { value: '/a/..' } }] }, "must not end with '/..' when type one of"],
    [{ matches: [{ method: 'BREW' }] }, 'Unsupported value: "BREW": supported values: "GET", "HEAD"'],
    [{ filters: [{ type: 'URLRewrite' }] }, 'filter.urlRewrite must be specified for URLRewrite filter.type'],
    [{ filters: [{ type: 'CORS', cors: {}, urlRewrite: {} }] }, 'filter.urlRewrite must be nil if'],
    [
      { filters: [prefix], matches: [{ path: { type: 'Exact', value: '/a' } }] },
      'When using URLRewrite filter with path',
    ],
    [{ filters: [prefix, prefix] }, 'URLRewrite filter cannot be repeated'],
    [{ timeouts: { request: '1s', backendRequest: '2s' } }, 'backendRequest timeout cannot be longer'],
    [{ timeouts: { request: 'soon' } }, 'should match'],
  ])('a rule %j is refused', (rule, message) => expect(messageOf(route({ rules: [rule] }))).toContain(message))

  test('a route names a parent once, or each of its sections', () => {
    expect(messageOf(route({ parentRefs: [{ name: 'a' }, { name: 'a' }] }))).toContain('sectionName must be unique')
    expect(messageOf(route({ parentRefs: [{ name: 'a' }, { name: 'a', sectionName: 'b' }] }))).toContain(
      'sectionName must be specified when',
    )
    expect(route({ parentRefs: [{ name: 'a' }, { name: 'a', namespace: 'b' }] }).code).toBe(201)
  })

  test('a class keeps its controller', () => {
    const path = `/apis/${group}/v1/gatewayclasses`
    const headers = { 'content-type': 'application/merge-patch+json' }
    cluster.api.create({
      apiVersion: `${group}/v1`,
      kind: 'GatewayClass',
      metadata: { name: 'sea' },
      spec: { controllerName: 'example.com/one' },
    })
    const body = { spec: { controllerName: 'example.com/two' } }
    const answer = cluster.http({ method: 'PATCH', path: `${path}/sea`, body, headers })
    expect(messageOf(answer)).toContain('Value is immutable')
  })
})
