import { describe, expect, test } from 'vitest'
import { targetsText } from '../../../src/engine/kinds/autoscaling/targets.ts'
import { pathOf, type Thing } from '../../golden/api/server.ts'
import { door, template, updateRefusal } from './refusal.ts'

const { bare, refusal } = door()
const selector = { matchLabels: { app: 'web' } }

const thing = (apiVersion: string, kind: string, spec: object, name = 'web'): object => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
})
const daemonSet = (spec: object): object =>
  thing('apps/v1', 'DaemonSet', { selector, template: template(), ...spec }, 'agent')
const statefulSet = (spec: object): object =>
  thing('apps/v1', 'StatefulSet', { selector, serviceName: 'db', template: template(), ...spec }, 'db')
const claim = (spec: object): object => ({ metadata: { name: 'data' }, spec })
const goodClaim = claim({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } })
const mounting = (...names: string[]): object =>
  template({
    containers: [
      { name: 'c', image: 'i', volumeMounts: names.map((name, index) => ({ name, mountPath: `/m${index}` })) },
    ],
  })

test.each([
  ['nothing wrong', daemonSet({}), ''],
  [
    'no budget',
    daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: '0%' } } }),
    'cannot be 0 when maxSurge',
  ],
  [
    'both',
    daemonSet({ updateStrategy: { rollingUpdate: { maxUnavailable: '10%', maxSurge: '10%' } } }),
    'maxSurge: Invalid value: "10%": may not be set when maxUnavailable is non-zero',
  ],
  ['an empty selector', daemonSet({ selector: {} }), 'spec.selector: Invalid value: {}: empty selector is invalid for'],
  ['a mounted claim', statefulSet({ template: mounting('data'), volumeClaimTemplates: [goodClaim] }), ''],
  [
    'a mount of nothing',
    statefulSet({ template: mounting('data', 'logs'), volumeClaimTemplates: [goodClaim] }),
    'spec.template.spec.containers[0].volumeMounts[1].name: Not found: "logs"',
  ],
  [
    'a claim of nothing',
    statefulSet({ volumeClaimTemplates: [claim({})] }),
    '[spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required, ' +
      'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value]',
  ],
  [
    'a share above all',
    thing('policy/v1', 'PodDisruptionBudget', { maxUnavailable: '101%' }),
    'spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  ],
  [
    'a rate below zero',
    thing('autoscaling/v2', 'HorizontalPodAutoscaler', {
      maxReplicas: 3,
      scaleTargetRef: { kind: 'Deployment', name: 'web' },
      behavior: { scaleUp: { tolerance: '-1' } },
    }),
    'spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0',
  ],
  [
    'two scopes at odds',
    thing('v1', 'ResourceQuota', { scopes: ['Terminating', 'NotTerminating'] }),
    'spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes',
  ],
  [
    'a ratio that cannot be',
    thing('v1', 'LimitRange', {
      limits: [{ type: 'Pod', max: { cpu: '4' }, min: { cpu: '1' }, maxLimitRequestRatio: { cpu: '5' } }],
    }),
    'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "5": ratio 5 is greater than max/min = 4.000000',
  ],
  ['no template', thing('v1', 'ReplicationController', { selector: { app: 'web' } }), 'spec.template: Required value'],
])('%s', (_name, object, expected) => {
  if (expected === '') expect(refusal(object)).toBe('')
  else expect(refusal(object)).toContain(expected)
})

test('a new template of a DaemonSet is counted in its annotation', () => {
  const key = 'deprecated.daemonset.template.generation'
  const created = bare.create(daemonSet({}) as Thing).body as Thing
  const path = '/apis/apps/v1/namespaces/default/daemonsets/agent'
  expect((created.metadata as { annotations?: object }).annotations).toEqual({ [key]: '1' })
  const image = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'nginx:2' }]
  const { metadata } = bare.send('PATCH', path, image, 'application/json-patch+json').body as Thing
  expect(metadata).toMatchObject({ generation: 2, annotations: { [key]: '2' } })
  const pace = [{ op: 'add', path: '/spec/minReadySeconds', value: 5 }]
  const next = bare.send('PATCH', path, pace, 'application/json-patch+json').body as Thing
  expect(next.metadata).toMatchObject({ generation: 3, annotations: { [key]: '2' } })
})

test('a StatefulSet keeps its claims and its service', () => {
  const change = (stored: Thing): object => ({
    ...stored,
    spec: { ...(stored['spec'] as object), serviceName: 'other' },
  })
  expect(updateRefusal(bare, statefulSet({}), change)).toContain(
    'spec: Forbidden: updates to statefulset spec for fields',
  )
})

test('what an autoscaler measures, and wants', () => {
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }
  const rate = { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } }
  expect(targetsText([], [])).toBe('<none>')
  expect(targetsText([cpu], [])).toBe('cpu: <unknown>/50%')
  const seen = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 20 } } }
  expect(targetsText([cpu, rate, rate], [seen])).toBe('cpu: 20%/50%, <unknown>/10 + 1 more...')
})

describe('a report of state', () => {
  const statusRefusal = (object: object, status: object): string => {
    const stored = bare.create(object as Thing, 'default').body as Thing
    const path = `${pathOf(stored, 'default')}/${String(stored.metadata.name)}`
    const { body } = bare.send('PUT', `${path}/status`, {
      ...stored,
      status: { ...(stored['status'] as object), ...status },
    })
    bare.send('DELETE', path)
    return (body as { message?: string }).message ?? ''
  }
  test('of a StatefulSet names the other counter in full', () =>
    expect(statusRefusal(statefulSet({}), { replicas: 2, readyReplicas: 1, availableReplicas: 2 })).toContain(
      'status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas',
    ))
  test('of a DaemonSet cannot count collisions down', () =>
    expect(statusRefusal({ ...daemonSet({}), metadata: { name: 'once' } }, { collisionCount: -1 })).toContain(
      'status.collisionCount: Invalid value: -1: cannot be decremented',
    ))
})

test('a share without its sign counts as the number it spells', () => {
  const strategy = { rollingUpdate: { maxUnavailable: '1', maxSurge: 0 } }
  expect(refusal(daemonSet({ updateStrategy: strategy }))).toMatch(
    /^spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "1": a valid percent/,
  )
})

test('a node has one range of a family', () => {
  const node = (podCIDRs: string[]) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: { podCIDRs } })
  expect(refusal(node(['10.0.0.0/24', '10.0.0.0/24']))).toBe(
    '[spec.podCIDRs: Invalid value: ["10.0.0.0/24","10.0.0.0/24"]: may specify no more than one CIDR for each IP family, ' +
      'spec.podCIDRs[1]: Duplicate value: "10.0.0.0/24"]',
  )
  expect(refusal(node(['10.0.0.0/24', 'fd00::/64']))).toBe('')
})
