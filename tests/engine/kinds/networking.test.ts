import { describe, expect, test } from 'vitest'
import { askerOf } from './asked.ts'

const group = 'networking.k8s.io/v1'

describe('Ingress', () => {
  const { create, update } = askerOf(group, 'Ingress')
  const service = { name: 'web', port: { number: 80 } }
  const path = (one: object) => ({ spec: { rules: [{ http: { paths: [{ backend: { service }, ...one }] } }] } })
  const backend = (one: object) => ({ spec: { defaultBackend: one } })

  test.each<[string, object, string]>([
    ['no path where any will do', path({ pathType: 'ImplementationSpecific' }), ''],
    ['no path where one is needed', path({ pathType: 'Exact' }), 'must be an absolute path'],
    ['an encoded slash', path({ pathType: 'Prefix', path: '/a%2fb' }), "must not contain '%2f'"],
    ['a dot at the end', path({ pathType: 'Prefix', path: '/a/.' }), "cannot end with '/.'"],
    ['two ports', backend({ service: { name: 'a', port: { name: 'b', number: 1 } } }), 'cannot set both port name'],
    ['a port out of range', backend({ service: { name: 'a', port: { number: 70_000 } } }), 'between 1 and 65535'],
    ['a nameless service', backend({ service: { name: '', port: { number: 1 } } }), 'service.name: Required value'],
    ['a bad reference', backend({ resource: { kind: 'a/b', name: '..' } }), "may not contain '/'"],
    [
      'another class beside the annotation',
      {
        metadata: { name: 'web', annotations: { 'kubernetes.io/ingress.class': 'a' } },
        spec: { ingressClassName: 'b', defaultBackend: { service } },
      },
      'annotations.kubernetes.io/ingress.class: Invalid value: "a": must match `ingressClassName`',
    ],
  ])('%s', (_, rest, words) => expect(create(rest)).toContain(words))

  test('a secret name that was accepted once may stay', () => {
    const rest = path({ pathType: 'Prefix', path: '/' })
    expect(update(rest, { spec: { ...rest.spec, tls: [{ secretName: 'A' }] } })).toContain('spec.tls[0].secretName')
  })
})

describe('NetworkPolicy', () => {
  const { create, stored } = askerOf(group, 'NetworkPolicy')
  const from = (one: object) => ({ spec: { podSelector: {}, ingress: [{ from: [one] }] } })
  const block = (cidr: string, ...except: string[]) => from({ ipBlock: { cidr, except } })

  test.each<[string, object, string]>([
    ['a part of a range', block('10.0.0.0/8', '10.1.0.0/16'), ''],
    ['a part of a range of the other family', block('fd00::/8', 'fd12::/16'), ''],
    ['the whole as its part', block('10.0.0.0/8', '10.0.0.0/8'), 'must be a strict subset'],
    ['a part elsewhere', block('fd00::/16', 'fe00::/32'), 'must be a strict subset'],
    ['nobody', from({}), 'spec.ingress[0].from[0]: Required value: must specify a peer'],
    [
      'an end without a beginning',
      { spec: { podSelector: {}, egress: [{ ports: [{ endPort: 5 }] }] } },
      'may not be specified when `port` is not specified',
    ],
  ])('%s', (_, rest, words) => (words === '' ? expect(create(rest)).toBe('') : expect(create(rest)).toContain(words)))

  test('is about what it names', () => {
    const types = (spec: object) => (stored({ spec })['spec'] as { policyTypes: string[] }).policyTypes
    expect(types({ podSelector: {} })).toEqual(['Ingress'])
    expect(types({ podSelector: {}, egress: [{}] })).toEqual(['Ingress', 'Egress'])
  })
})

describe('the rest', () => {
  test('IngressClass: parameters in no namespace for the cluster', () => {
    const { create } = askerOf(group, 'IngressClass')
    const parameters = { kind: 'P', name: 'p', scope: 'Cluster', namespace: 'a' }
    expect(create({ spec: { controller: 'a.io/b', parameters } })).toContain("`parameters.scope` is set to 'Cluster'")
    expect(create({ spec: {} })).toBe('spec.controller: Required value')
  })

  test('IPAddress: its name is an address', () => {
    const { create } = askerOf(group, 'IPAddress')
    const spec = { parentRef: { resource: 'services', namespace: 'default', name: 'web' } }
    expect(create({ spec }, '10.96.0.7')).toBe('')
    expect(create({ spec }, 'seven')).toContain('must be a valid IP address')
    expect(create({ spec: {} }, '10.96.0.7')).toBe('spec.parentRef: Required value')
  })

  test('ServiceCIDR: a second family may join, nothing else changes', () => {
    const { create, update } = askerOf(group, 'ServiceCIDR')
    const spec = (...cidrs: string[]) => ({ spec: { cidrs } })
    expect(create(spec())).toBe('spec.cidrs: Required value: at least one CIDR required')
    expect(create(spec('10.0.0.0/16', '10.1.0.0/16'))).toContain('no more than one IP for each IP family')
    expect(update(spec('10.0.0.0/16'), spec('10.0.0.0/16', 'fd00::/112'))).toBe('')
    expect(update(spec('10.0.0.0/16'), spec('10.1.0.0/16'))).toContain('spec.cidrs[0]: Invalid value')
  })
})
