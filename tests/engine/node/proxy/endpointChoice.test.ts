import { describe, expect, test } from 'vitest'
import { endpointsFor, rulesOf, type PortRule } from '../../../../src/engine/node/proxy/index.ts'
import type { EndpointSlice, Service } from '../../../../src/engine/api/index.ts'
import { service, slice, type EndpointInput } from '../network/harbour.ts'

function ruleFor(endpoints: readonly EndpointInput[], spec: object = {}): PortRule {
  return rulesOf(service('web', '10.96.0.50', spec) as Service, [slice('web', endpoints) as EndpointSlice])[0]!
}

const ready = { address: '10.244.0.2', node: 'n1' }
const elsewhere = { address: '10.244.1.2', node: 'n2' }
const starting = { address: '10.244.0.3', node: 'n1', ready: false }
const leaving = { address: '10.244.0.4', node: 'n1', ready: false, serving: true, terminating: true }
const dying = { address: '10.244.0.5', node: 'n1', ready: false, serving: false, terminating: true }

describe('which endpoints a node uses', () => {
  test.each([
    { name: 'the ready ones', endpoints: [ready, starting, leaving], used: ['10.244.0.2'] },
    {
      name: 'leaving ones that still serve, when none is ready',
      endpoints: [starting, leaving, dying],
      used: ['10.244.0.4'],
    },
    { name: 'none that neither serve nor are ready', endpoints: [starting, dying], used: [], otherwise: 'refused' },
    { name: 'none of none', endpoints: [], used: [], otherwise: 'refused' },
  ])('$name', ({ endpoints, used, otherwise }) => {
    const choice = endpointsFor(ruleFor(endpoints), { node: 'n1' }, 'internal')
    expect(choice.endpoints.map(({ address }) => address)).toEqual(used)
    if (otherwise) expect(choice.otherwise).toBe(otherwise)
  })

  const local = { internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local' }
  test.each([
    { name: 'its own only', node: 'n1', endpoints: [ready, elsewhere], used: ['10.244.0.2'] },
    {
      name: 'its own leaving ones, when none of its own is ready',
      node: 'n1',
      endpoints: [leaving, elsewhere],
      used: ['10.244.0.4'],
    },
    {
      name: 'nothing, silently, when all are elsewhere',
      node: 'n3',
      endpoints: [ready],
      used: [],
      otherwise: 'silent',
    },
    {
      name: 'nothing, refusing, when there are none at all',
      node: 'n3',
      endpoints: [starting],
      used: [],
      otherwise: 'refused',
    },
  ])('with a Local policy: $name', ({ node, endpoints, used, otherwise }) => {
    for (const way of ['internal', 'external'] as const) {
      const choice = endpointsFor(ruleFor(endpoints, local), { node }, way)
      expect(choice.endpoints.map(({ address }) => address)).toEqual(used)
      if (otherwise) expect(choice.otherwise).toBe(otherwise)
    }
  })

  const inA = { ...ready, zones: ['a'] }
  const inB = { ...elsewhere, zones: ['b'] }
  test.each([
    { name: 'those hinted for its zone', zone: 'a', endpoints: [inA, inB], used: ['10.244.0.2'] },
    { name: 'all, when no hint is for its zone', zone: 'c', endpoints: [inA, inB], used: ['10.244.0.2', '10.244.1.2'] },
    { name: 'all, when one has no hint', zone: 'a', endpoints: [inA, elsewhere], used: ['10.244.0.2', '10.244.1.2'] },
    {
      name: 'all, on a node without a zone',
      zone: undefined,
      endpoints: [inA, inB],
      used: ['10.244.0.2', '10.244.1.2'],
    },
  ])('with hints: $name', ({ zone, endpoints, used }) => {
    const choice = endpointsFor(ruleFor(endpoints), { node: 'n1', zone }, 'internal')
    expect(choice.endpoints.map(({ address }) => address)).toEqual(used)
  })

  test('is the same object on all nodes while nothing depends on the place', () => {
    const rule = ruleFor([ready, starting])
    expect(endpointsFor(rule, { node: 'n1' }, 'internal')).toBe(endpointsFor(rule, { node: 'n2' }, 'external'))
  })
})

describe('the rules of a Service', () => {
  test('have a frontend for each address, and for the node port', () => {
    const spec = {
      type: 'NodePort',
      externalIPs: ['1.2.3.4'],
      ports: [{ name: '', port: 80, protocol: 'TCP', nodePort: 30080 }],
    }
    expect(ruleFor([], spec).frontends).toEqual(['10.96.0.50:80/TCP', '1.2.3.4:80/TCP', '*:30080/TCP'])
  })

  test.each([
    ['headless', { clusterIP: 'None' }],
    ['without an address yet', { clusterIP: undefined, clusterIPs: undefined }],
    ['external', { type: 'ExternalName', externalName: 'example.com' }],
  ])('are none for one that is %s', (_, spec) => {
    expect(rulesOf(service('web', '10.96.0.50', spec) as Service, [])).toEqual([])
  })

  test('count an address once when it moves between slices, its ready entry first', () => {
    const slices = [slice('web', [{ ...ready, ready: false }]), slice('web', [ready])] as EndpointSlice[]
    const [rule] = rulesOf(service('web', '10.96.0.50') as Service, slices)
    expect(rule!.endpoints.map(({ address, isReady }) => [address, isReady])).toEqual([['10.244.0.2', true]])
  })
})
