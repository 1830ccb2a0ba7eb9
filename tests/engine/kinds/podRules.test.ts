import { expect, test } from 'vitest'
import type { Thing } from '../../golden/api/server.ts'
import { door, template } from './refusal.ts'

const { bare, refusal } = door()

const podOf = (spec: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
})
const withContainer = (fields: object, spec: object = {}): object =>
  podOf({ containers: [{ name: 'c', image: 'i', ...fields }], ...spec })
const withInit = (fields: object, spec: object = {}): object =>
  podOf({ initContainers: [{ name: 'first', image: 'i', ...fields }], ...spec })
const withVolume = (source: object, spec: object = {}): object =>
  podOf({ volumes: [{ name: 'v', ...source }], ...spec })
const templateOf = (spec: object, metadata: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' }, ...metadata }, spec: (template(spec) as { spec: object }).spec },
  },
})
const never = { restartPolicy: 'Never' }
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
const byLabel = { labelSelector: { matchLabels: { app: 'web' } } }
const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }

test('what is wrong with a host name of its own is told before other names', () => {
  const text = refusal(
    podOf({ hostNetwork: true, setHostnameAsFQDN: true, hostnameOverride: 'A'.repeat(65), activeDeadlineSeconds: 0 }),
  )
  expect([...text.matchAll(/spec\.(\w+): ([\w ]+)/g)].map(([, field, kind]) => `${field} ${kind}`)).toEqual([
    'hostnameOverride Forbidden',
    'hostnameOverride Forbidden',
    'hostnameOverride Too long',
    'hostnameOverride Invalid value',
    'activeDeadlineSeconds Invalid value',
  ])
  expect(text).toMatch(/setHostnameAsFQDN is true.*hostNetwork is true/)
})

test.each<[string, object, string]>([
  [
    'a raw device of a pod with its own users',
    withContainer(
      { volumeDevices: [{ name: 'v', devicePath: '/dev/x' }] },
      { hostUsers: false, volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
    ),
    'spec.containers[0].volumeDevices: Forbidden: when `hostUsers` is false',
  ],
  ['an OS without a name', podOf({ os: { name: '' } }), 'spec.os.name: Required value'],
  [
    'annotations of a template at odds with its fields',
    templateOf(
      { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
      { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' } },
    ),
    'spec.template.spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match',
  ],
])('a pod with %s', (_name, object, expected) => {
  expect(refusal(object)).toBe(expected)
})

test.each<[string, object, string]>([
  ['a field by the name it had', { fieldRef: { fieldPath: 'spec.host' } }, ''],
  [
    'a label without its name',
    { fieldRef: { fieldPath: "['x']" } },
    `fieldRef.fieldPath: Invalid value: "['x']": error converting fieldPath: field label not supported: ['x']`,
  ],
  [
    'a divisor of what is not known',
    { resourceFieldRef: { resource: 'limits.gpu', divisor: '3' } },
    'resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: "limits.cpu", "limits.ephemeral-storage", ' +
      '"limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"',
  ],
  [
    'a file of no volume',
    { fileKeyRef: { key: 'A', path: 'env', volumeName: 'w' } },
    'fileKeyRef.volumeName: Not found: "w"',
  ],
  [
    'a file of a volume that is not empty',
    { fileKeyRef: { key: 'A', path: 'env', volumeName: 'v' } },
    'fileKeyRef.volumeName: Invalid value: "v": referenced volume must be of type emptyDir',
  ],
  [
    'a file further up',
    { fileKeyRef: { key: 'A', path: '../env', volumeName: 'e' } },
    `fileKeyRef.path: Invalid value: "../env": must not contain '..'`,
  ],
])('a variable from %s', (_name, valueFrom, expected) => {
  const volumes = [
    { name: 'v', configMap: { name: 'm' } },
    { name: 'e', emptyDir: {} },
  ]
  const at = expected === '' ? '' : 'spec.containers[0].env[0].valueFrom.'
  expect(refusal(withContainer({ env: [{ name: 'A', valueFrom }] }, { volumes }))).toBe(`${at}${expected}`)
})

test.each<[string, object, string]>([
  ['a map whose name ends with a dash', { envFrom: [{ configMapRef: { name: 'map-' } }] }, ''],
  [
    'no exit codes to look for',
    { ...never, restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [] } }] },
    '',
  ],
  [
    'a restart on resize where none is allowed',
    { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    "spec.containers[0].resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when pod `restartPolicy` is 'Never'",
  ],
])('a container with %s', (_name, fields, expected) => {
  expect(refusal(withContainer(fields, never))).toBe(expected)
})

test.each<[string, object, string]>([
  [
    'rules without a policy',
    { restartPolicyRules: [{ action: 'Jump' }] },
    'spec.initContainers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used',
  ],
  [
    'a restart on resize',
    { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    'spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: "RestartContainer": ' +
      "must not be set to 'RestartContainer' for non-sidecar initContainers",
  ],
  [
    'a restart on resize beside the others',
    { restartPolicy: 'Always', resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] },
    '',
  ],
])('an init container with %s', (_name, fields, expected) => {
  expect(refusal(withInit(fields))).toBe(expected)
})

test.each<[string, object, string]>([
  [
    'a partition too far',
    withVolume({ awsElasticBlockStore: { volumeID: 'a', partition: 256 } }),
    'spec.volumes[0].awsElasticBlockStore.partition: Invalid value: 256: must be between 1 and 255, inclusive',
  ],
  ['no partition', withVolume({ awsElasticBlockStore: { volumeID: 'a', partition: 0 } }), ''],
  [
    'a loud iSCSI name',
    withVolume({ iscsi: { targetPortal: 'p', iqn: 'IQN.2001-04.com.example:disk', lun: 0 } }),
    'spec.volumes[0].iscsi.iqn: Invalid value: "IQN.2001-04.com.example:disk": must be valid format starting with iqn, eui, or naa',
  ],
  ['a registry by its address', withVolume({ quobyte: { registry: '[::1]:7861', volume: 'v' } }), ''],
  [
    'a claim of its own, with a name and an owner',
    withVolume({
      ephemeral: {
        volumeClaimTemplate: {
          metadata: { finalizers: ['a/b'], uid: 'u', name: 'n', labels: { a: 'b' } },
          spec: claim,
        },
      },
    }),
    '[spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set, ' +
      'spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.uID: Forbidden: cannot be set, ' +
      'spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.finalizers: Forbidden: cannot be set]',
  ],
  [
    'a claim that it makes itself',
    podOf({
      volumes: [
        { name: 'v', ephemeral: { volumeClaimTemplate: { spec: claim } } },
        { name: 'w', persistentVolumeClaim: { claimName: 'p-v' } },
      ],
    }),
    'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "p-v": must not reference a PVC that gets created for an ephemeral volume',
  ],
])('a volume with %s', (_name, object, expected) => {
  expect(refusal(object)).toBe(expected)
})

test('a volume whose claim cannot be named is not there for containers', () => {
  const name = 'v'.repeat(63)
  const long = 'p'.repeat(200)
  const object = podOf(
    {
      volumes: [{ name, ephemeral: { volumeClaimTemplate: { spec: claim } } }],
      containers: [{ name: 'c', image: 'i', volumeMounts: [{ name, mountPath: '/v' }] }],
    },
    { name: long },
  )
  expect(refusal(object)).toBe(
    `[spec.volumes[0].name: Invalid value: "${name}": PVC name "${long}-${name}": must be no more than 253 characters, ` +
      `spec.containers[0].volumeMounts[0].name: Not found: "${name}"]`,
  )
})

test.each<[string, object, string]>([
  [
    'on Windows',
    podOf({ os: { name: 'windows' }, resources: { limits: { cpu: '1' } } }),
    'spec.resources: Forbidden: may not be set for a windows pod',
  ],
  [
    'with claims',
    podOf({ resources: { claims: [{ name: 'gpu' }] }, resourceClaims: [{ name: 'gpu', resourceClaimName: 'g' }] }),
    'spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level',
  ],
  [
    'with huge pages alone',
    podOf({ resources: { limits: { 'hugepages-2Mi': '2Mi' } } }),
    'spec.resources: Forbidden: HugePages require cpu or memory',
  ],
  [
    'with half a page',
    podOf({ resources: { limits: { 'hugepages-2Mi': '3Mi', cpu: '1' } } }),
    '[spec.resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi, ' +
      'spec.resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi]',
  ],
  [
    'with fewer pages than its containers',
    withContainer(
      { resources: { limits: { 'hugepages-2Mi': '4Mi', cpu: '1' } } },
      { resources: { limits: { 'hugepages-2Mi': '2Mi', cpu: '1' } } },
    ),
    '[spec.resources.requests[hugepages-2Mi]: Invalid value: "2Mi": must be greater than or equal to aggregate container requests of 4Mi, ' +
      'spec.resources.limits[hugepages-2Mi]: Invalid value: "2Mi": must be greater than or equal to aggregate container limits of 4Mi, ' +
      'spec.resources.containers[0][hugepages-2Mi].limits: Invalid value: "4Mi": must be less than or equal to pod limits of 2Mi]',
  ],
  [
    'with requests for one thing only',
    withContainer({ resources: { requests: { cpu: '2', memory: '1Gi' } } }, { resources: { requests: { cpu: '2' } } }),
    '',
  ],
])('resources of a pod as a whole, %s', (_name, object, expected) => {
  expect(refusal(object)).toBe(expected)
})

test.each<[string, object, string]>([
  [
    'a topology key that is no label',
    podOf({ topologySpreadConstraints: [{ ...spread, ...byLabel, topologyKey: 'a b' }] }),
    '',
  ],
  [
    'keys but no labels',
    podOf({ topologySpreadConstraints: [{ ...spread, matchLabelKeys: ['a b'] }] }),
    'spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
  ],
  [
    'a key that is among the labels',
    podOf(
      { topologySpreadConstraints: [{ ...spread, ...byLabel, matchLabelKeys: ['tier', 'app'] }] },
      { labels: { app: 'web' } },
    ),
    'spec.topologySpreadConstraints[0][1]: Invalid value: "app": exists in both matchLabelKeys and labelSelector',
  ],
  [
    'a neighbour by a key that is among the labels',
    podOf(
      {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'zone', ...byLabel, matchLabelKeys: ['app'] },
            ],
          },
        },
      },
      { labels: { app: 'web' } },
    ),
    'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0][0]: Invalid value: "app": exists in both matchLabelKeys and labelSelector',
  ],
  [
    'an operator of arithmetic',
    podOf({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: '>', values: ['1'] }] }],
          },
        },
      },
      tolerations: [{ key: 'a', operator: '<', value: '1' }],
    }),
    '[spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: ' +
      String.raw`Invalid value: "\u003e": not a valid selector operator, ` +
      String.raw`spec.tolerations[0].operator: Unsupported value: "\u003c": supported values: "Equal", "Exists"]`,
  ],
])('placement by %s', (_name, object, expected) => {
  expect(refusal(object)).toBe(expected)
})

test.each<[string, object, string]>([
  [
    'labels put on by mounting',
    { seLinuxChangePolicy: 'MountOption' },
    'seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"',
  ],
  [
    'a profile of no kind',
    { appArmorProfile: { type: '', localhostProfile: 'x' } },
    'appArmorProfile.type: Required value: type is required when appArmorProfile is set',
  ],
  [
    'a setting of the host written with slashes',
    { sysctls: [{ name: 'net/ipv4/ip_forward', value: '1' }] },
    'sysctls[0].name: Invalid value: "net/ipv4/ip_forward": may not be specified when \'hostNetwork\' is true',
  ],
])('a security context with %s', (_name, securityContext, expected) => {
  expect(refusal(podOf({ securityContext, hostNetwork: true }))).toBe(`spec.securityContext.${expected}`)
})

test.each<[string, object, object, object]>([
  [
    'no limits of its own leaves requests as they are',
    { requests: { cpu: '2' } },
    { requests: { cpu: '1', memory: '1Gi' } },
    { requests: { cpu: '2' } },
  ],
  [
    'limits asks for what its containers do, and else for the limits',
    { limits: { cpu: '4', memory: '4Gi' } },
    { requests: { cpu: '1', 'ephemeral-storage': '1Gi' } },
    { limits: { cpu: '4', memory: '4Gi' }, requests: { cpu: '1', memory: '4Gi' } },
  ],
  [
    'requests has the huge pages of its containers',
    { requests: { cpu: '2' } },
    { limits: { cpu: '2', 'hugepages-2Mi': '4Mi' } },
    { limits: { 'hugepages-2Mi': '4Mi' }, requests: { cpu: '2', 'hugepages-2Mi': '4Mi' } },
  ],
])('a pod that as a whole has %s', (_name, resources, ofContainer, expected) => {
  const pod = podOf({ resources, containers: [{ name: 'c', image: 'i', resources: ofContainer }] })
  const { body } = bare.create(pod as Thing, 'default', '?dryRun=All')
  expect((body as { spec: { resources: object } }).spec.resources).toEqual(expected)
})

test('only containers that are there from the start take ports of the host', () => {
  const ports = [{ containerPort: 80 }]
  const pod = podOf({
    hostNetwork: true,
    containers: [{ name: 'c', image: 'i', ports }],
    initContainers: [{ name: 'first', image: 'i', ports: [{ containerPort: 81 }] }],
  })
  const { body } = bare.create(pod as Thing, 'default', '?dryRun=All')
  expect(body).toMatchObject({
    spec: {
      containers: [{ ports: [{ containerPort: 80, hostPort: 80 }] }],
      initContainers: [{ ports: [{ containerPort: 81, hostPort: 81 }] }],
    },
  })
})
