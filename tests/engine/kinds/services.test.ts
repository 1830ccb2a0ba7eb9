import { describe, expect, test } from 'vitest'
import { askerOf } from './asked.ts'

const { create, update, warnings, stored, bare } = askerOf('v1', 'Service')
const ports = [{ port: 80 }]

test.each<[string, object, string]>([
  [
    'hints that contradict',
    {
      metadata: {
        name: 'web',
        annotations: {
          'service.kubernetes.io/topology-aware-hints': 'auto',
          'service.kubernetes.io/topology-mode': 'Disabled',
        },
      },
      spec: { ports },
    },
    'metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "Disabled": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified',
  ],
  [
    'no port to default the target from',
    { spec: { ports: [{ port: 0 }] } },
    '[spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive]',
  ],
  [
    'two families for one stack',
    { spec: { ports, ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4', 'IPv6'] } },
    "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
  ],
  [
    'an address of the family the cluster lacks',
    { spec: { ports, clusterIP: 'fd00::1' } },
    'spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster',
  ],
])('refuses %s', (_, rest, words) => expect(create(rest)).toBe(words))

describe('an update', () => {
  const balancer = { type: 'LoadBalancer', ports }
  test.each<[string, object, object, string]>([
    [
      'a class where there is no balancer is told twice over',
      { ports },
      { ports, loadBalancerClass: 'example.com/a' },
      "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
    ],
    [
      'a class that goes',
      { ...balancer, loadBalancerClass: 'a/b' },
      balancer,
      'Invalid value: null: may not change once set',
    ],
  ])('%s', (_, before, after, words) => expect(update({ spec: before }, { spec: after })).toContain(words))

  const replaced = (name: string, before: object, after: object) => {
    bare.create({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: before } as never, 'default')
    const body = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: after }
    return (bare.send('PUT', `/api/v1/namespaces/default/services/${name}`, body).body as { spec: { ports: object[] } })
      .spec
  }

  test('keeps node ports by the names of their ports', () => {
    const before = {
      type: 'NodePort',
      ports: [
        { name: 'a', port: 80, nodePort: 30_001 },
        { name: 'b', port: 81, nodePort: 30_002 },
      ],
    }
    const after = {
      type: 'NodePort',
      ports: [
        { name: 'b', port: 90 },
        { name: 'a', port: 91 },
      ],
    }
    expect(replaced('ports', before, after).ports).toMatchObject([{ nodePort: 30_002 }, { nodePort: 30_001 }])
  })

  test('drops the node ports of a type that has none', () => {
    const before = { type: 'NodePort', ports: [{ port: 80, nodePort: 30_003 }] }
    const after = replaced('drops', before, { type: 'ClusterIP', ports: [{ port: 80, nodePort: 30_003 }] })
    expect(after.ports[0]).not.toHaveProperty('nodePort')
  })
})

test('warns of addresses that could be written better', () => {
  const spec = { type: 'LoadBalancer', ports, loadBalancerIP: '010.0.0.1', loadBalancerSourceRanges: ['FD00::/8'] }
  expect(warnings({ spec })).toEqual([
    'spec.loadBalancerIP: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"',
    'spec.loadBalancerSourceRanges[0]: IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")',
  ])
})

test('a Service without pods of its own has both families', () =>
  expect(stored({ spec: { clusterIP: 'None', ports } })['spec']).toMatchObject({
    ipFamilyPolicy: 'RequireDualStack',
    ipFamilies: ['IPv4', 'IPv6'],
  }))
