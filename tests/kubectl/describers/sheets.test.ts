import { expect, test } from 'vitest'
import type { KubeObject } from '../../../src/engine/index.ts'
import { createSheet } from '../../../src/kubectl/describers/defineDescriber.ts'
import { describeGeneric, wordsOf } from '../../../src/kubectl/describers/generic.ts'
import { describers } from '../../../src/kubectl/describers/index.ts'

/** The lines that the sheet of an object has; `lists` holds what else the cluster has, by plural. */
function linesOf(object: object, lists: Readonly<Record<string, readonly object[]>> = {}): readonly string[] {
  const whole = { metadata: { name: 'x', namespace: 'default', creationTimestamp: '2026-09-01T08:00:00Z' }, ...object }
  const one = whole as unknown as KubeObject
  const group = one.apiVersion.includes('/') ? one.apiVersion.split('/')[0] : ''
  const describer = describers.find((each) => each.kind === one.kind && each.group === group)
  const sheet = createSheet()
  const cluster = {
    api: { findKind: () => undefined },
    kind: (word: string) => ({ plural: word.split('.')[0] }),
    list: ({ plural }: { plural: string }) => lists[plural] ?? [],
    find: () => undefined,
  }
  const subject = { info: {}, object: one, sheet, cluster, now: 0, events: () => undefined } as never
  if (describer === undefined) describeGeneric(subject)
  else describer.describe(subject)
  return sheet.text().trimEnd().split('\n')
}

const container = { name: 'c', image: 'nginx' }
const pv = (spec: object) => ({ apiVersion: 'v1', kind: 'PersistentVolume', spec: { accessModes: [], ...spec } })
const pod = (spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  spec: { containers: [container], ...spec },
  status: {},
})
const template = { spec: { containers: [container] } }

test.each([
  [
    'a CSI volume and its attributes',
    pv({ csi: { driver: 'd', volumeHandle: 'h', volumeAttributes: { b: '2', a: '1' } } }),
    [
      '    Type:\tCSI (a Container Storage Interface (CSI) volume source)',
      '    Driver:\td',
      '    FSType:\t',
      '    VolumeHandle:\th',
      '    ReadOnly:\tfalse',
      '    VolumeAttributes:\t    a=1',
      '    \t    b=2',
    ],
  ],
  ['an unknown source', pv({}), ['  <unknown>']],
  ['no required node affinity', pv({ nodeAffinity: {} }), ['Node Affinity:\t<none>']],
  ['an iSCSI volume, without a colon', pv({ iscsi: { iqn: 'i' } }), ['    ISCSIInterface\t', '    SecretRef:\t<nil>']],
  [
    'a pod that asks as a whole',
    pod({ resources: { requests: { cpu: '1' } } }),
    ['Resources:', '  Requests:', '    cpu:\t1'],
  ],
  [
    'spread constraints without domains',
    pod({
      topologySpreadConstraints: [
        {
          topologyKey: 'zone',
          maxSkew: 1,
          minDomains: 3,
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['c', 'b'] }] },
        },
      ],
    }),
    ['Topology Spread Constraints:\tzone:DoNotSchedule when max skew 1 is exceeded for selector a in (b,c)'],
  ],
  [
    'a limit that is the node’s',
    pod({
      containers: [
        { ...container, env: [{ name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }] },
      ],
    }),
    ['      CPU:\tnode allocatable (limits.cpu)'],
  ],
  [
    'a request in its divisor',
    pod({
      containers: [
        {
          ...container,
          resources: { requests: { memory: '128Mi' } },
          env: [{ name: 'M', valueFrom: { resourceFieldRef: { resource: 'requests.memory', divisor: '1Mi' } } }],
        },
      ],
    }),
    ['      M:\t128 (requests.memory)'],
  ],
  [
    'devices',
    pod({ containers: [{ ...container, volumeDevices: [{ devicePath: '/dev/b', name: 'v' }] }] }),
    ['    Devices:\t<none>', '      /dev/b from v'],
  ],
  [
    'a host path without a type',
    pod({ volumes: [{ name: 'v', hostPath: { path: '/p' } }] }),
    ['    HostPathType:\t<none>'],
  ],
  [
    'an ephemeral volume',
    pod({
      volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec: { storageClassName: 'fast' } } } }],
    }),
    ['    StorageClass:\tfast', '    Capacity:\t'],
  ],
  [
    'a daemon set',
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { spec: { ...template.spec, nodeSelector: { z: '1', y: '2' } } },
      },
    },
    ['Node-Selector:\ty=2,z=1', 'Desired Number of Nodes Scheduled: 0'],
  ],
  [
    'a job of many indexes',
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      spec: { completionMode: 'Indexed', template },
      status: { completedIndexes: Array.from({ length: 30 }, (_, index) => index * 2).join(',') },
    },
    ['Completed Indexes:\t0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30,32,34,36,...'],
  ],
  [
    'a cron job without a zone',
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      spec: { schedule: '@daily', jobTemplate: { spec: { template } } },
    },
    ['Suspend:\t<unset>', 'Time Zone:\t<unset>'],
  ],
  [
    'a policy of nothing',
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: {} } },
    ['  Not affecting egress traffic', '  Policy Types: <none>'],
  ],
  [
    'a role with URLs, a row each verb',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get', 'head'] }],
    },
    ['  \t[/metrics]\t[]\t[get]', '  \t[/metrics]\t[]\t[head]'],
  ],
  [
    'an empty slice',
    { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', endpoints: [] },
    ['Ports: <unset>', 'Endpoints: <none>'],
  ],
  [
    'endpoints',
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }],
    },
    ['Subsets:', '  Addresses:\t10.0.0.1', '  NotReadyAddresses:\t<none>', '  Ports:', '    <unset>\t80\tTCP'],
  ],
  [
    'an object of any kind',
    {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      spec: { clusterIP: 'x', replicas: null, tags: ['a', ['b', 1]], nested: { uid: 'u' } },
    },
    [
      'API Version:\texample.com/v1',
      '  Cluster IP:\tx',
      '  Nested:',
      '    UID:\tu',
      '  Replicas:\t<nil>',
      '  Tags:',
      '    a',
      '    [b 1]',
    ],
  ],
])('describes %s', (_, object, expected) => {
  const lines = linesOf(object)
  expect(lines.filter((line) => expected.includes(line))).toEqual(expected)
})

test('names the pods that use a claim', () => {
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: {}, status: { conditions: [] } }
  const user = { metadata: { name: 'b', uid: 'u' }, spec: { volumes: [{ persistentVolumeClaim: { claimName: 'x' } }] } }
  expect(linesOf(claim, { pods: [user, { metadata: { name: 'a', uid: 'v' }, spec: {} }] })).toContain('Used By:\tb')
})

test.each([
  ['resourceVersion', 'Resource Version'],
  ['podIP', 'Pod IP'],
  ['clusterIPs', 'Cluster I Ps'],
  ['uid', 'UID'],
  ['apiVersion', 'API Version'],
  ['x-kubernetes', 'X - Kubernetes'],
  ['a.b/c', 'a.b/c'],
])('spreads %s into words: %s', (field, words) => {
  expect(wordsOf(field)).toBe(words)
})
