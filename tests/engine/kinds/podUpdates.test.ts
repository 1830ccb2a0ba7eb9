import { expect, test } from 'vitest'
import { formatFieldError, type Pod } from '../../../src/engine/api/index.ts'
import { validateEphemeralContainersUpdate } from '../../../src/engine/kinds/core/pod/updateEphemeral.ts'
import { validatePodResize } from '../../../src/engine/kinds/core/pod/updateResize.ts'
import { podStatusErrors, preparePodStatus } from '../../../src/engine/kinds/core/pod/updateStatus.ts'
import type { Thing } from '../../golden/api/server.ts'
import { door, updateRefusal } from './refusal.ts'

const { bare, refusal } = door()

const asked = { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } }
const stored = bare.create({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: {
    containers: [{ name: 'web', image: 'nginx', resources: asked }],
    initContainers: [{ name: 'setup', image: 'busybox', resources: asked }],
  },
} as Thing).body as unknown as Pod

type Container = Pod['spec']['containers'][number]

const withContainer = (changes: Partial<Container>): Pod => ({
  ...stored,
  spec: { ...stored.spec, containers: [{ ...stored.spec.containers[0]!, ...changes }] },
})
const texts = (errors: readonly Parameters<typeof formatFieldError>[0][]): readonly string[] =>
  errors.map(formatFieldError)

test.each([
  ['more cpu', withContainer({ resources: { ...asked, requests: { cpu: '200m', memory: '64Mi' } } }), []],
  [
    'a new policy',
    withContainer({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] }),
    ['spec: Forbidden: only cpu and memory resources are mutable'],
  ],
  [
    'more disk',
    withContainer({ resources: { ...asked, requests: { ...asked.requests, 'ephemeral-storage': '1Gi' } } }),
    ['spec: Forbidden: only cpu and memory resources are mutable'],
  ],
  [
    'one more container, and another name',
    {
      ...stored,
      spec: {
        ...stored.spec,
        containers: [...stored.spec.containers, { ...stored.spec.containers[0]!, name: 'b' }],
        initContainers: [{ ...stored.spec.initContainers![0]!, name: 'prepare' }],
      },
    },
    [
      'spec.containers: Forbidden: containers may not be added or removed on resize',
      'spec.initContainers[0].name: Forbidden: initContainers may not be renamed or reordered on resize',
    ],
  ],
  [
    'no limit any more',
    withContainer({ resources: { requests: asked.requests } }),
    ['spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed'],
  ],
  [
    'guaranteed',
    withContainer({
      resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } },
    }),
    [],
  ],
  ['another image', withContainer({ image: 'httpd' }), ['spec: Forbidden: only cpu and memory resources are mutable']],
])('a resize: %s', (_name, next, expected) => {
  expect(texts(validatePodResize(next, stored))).toEqual(expected)
})

test('a resize keeps the class of service', () => {
  const alone: Pod = { ...stored, spec: { ...stored.spec, initContainers: undefined as never } }
  const all = { cpu: '1', memory: '1Gi' }
  const guaranteed: Pod = {
    ...alone,
    spec: { ...alone.spec, containers: [{ ...stored.spec.containers[0]!, resources: { requests: all, limits: all } }] },
  }
  expect(texts(validatePodResize(guaranteed, alone))).toContain(
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  )
})

test('a resize of init containers', () => {
  const withFirst = (changes: Partial<Container>): Pod => ({
    ...stored,
    spec: { ...stored.spec, initContainers: [{ ...stored.spec.initContainers![0]!, ...changes }] },
  })
  const more = { ...asked, requests: { cpu: '200m', memory: '64Mi' } }
  const byRestart = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }]
  expect(texts(validatePodResize(withFirst({ resources: more }), stored))).toEqual([])
  expect(texts(validatePodResize(withFirst({ resources: {} }), stored))).toEqual([
    'spec.initContainers[0].resources.requests: Forbidden: resource requests cannot be removed',
    'spec.initContainers[0].resources.limits: Forbidden: resource limits cannot be removed',
  ])
  expect(texts(validatePodResize(withFirst({ resizePolicy: byRestart }), stored)).slice(1)).toEqual([
    'spec.initContainers[0]: Forbidden: only cpu and memory resources for init or sidecar containers are mutable',
    'spec.initContainers[0]: Forbidden: non-sidecar init containers with a resize policy of RestartContainer cannot be resized',
  ])
})

test.each([
  ['is resized', { requests: { cpu: '2' }, limits: { cpu: '2' } }, []],
  ['asks for nothing any more', undefined, ['spec.resources: Forbidden: pod-level resources cannot be removed']],
  [
    'has no limit any more',
    { requests: { cpu: '1' } },
    ['spec.resources.limits: Forbidden: pod-level resource limits cannot be removed'],
  ],
  [
    'asks for huge pages',
    { requests: { cpu: '1', 'hugepages-2Mi': '2Mi' }, limits: { cpu: '1', 'hugepages-2Mi': '2Mi' } },
    ['spec: Forbidden: only cpu and memory resources are mutable at pod-level'],
  ],
])('a pod that as a whole %s', (_name, resources, expected) => {
  const withWhole = (whole: object | undefined): Pod => {
    const { resources: _gone, ...spec } = { ...stored.spec, resources: undefined }
    return { ...stored, spec: (whole === undefined ? spec : { ...spec, resources: whole }) as Pod['spec'] }
  }
  const old = withWhole({ requests: { cpu: '1' }, limits: { cpu: '1' } })
  expect(texts(validatePodResize(withWhole(resources), old))).toEqual(expected)
})

test('ephemeral containers are added, never changed or removed', () => {
  const shell = {
    name: 'shell',
    image: 'busybox',
    imagePullPolicy: 'Always',
    terminationMessagePolicy: 'File',
    terminationMessagePath: '/dev/termination-log',
    resources: {},
  }
  const withShell = (changes: object): Pod => ({
    ...stored,
    spec: { ...stored.spec, ephemeralContainers: [{ ...shell, ...changes }] },
  })
  expect(texts(validateEphemeralContainersUpdate(withShell({}), stored))).toEqual([])
  expect(texts(validateEphemeralContainersUpdate(stored, withShell({})))).toEqual([
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "shell" may not be removed\n',
  ])
  expect(texts(validateEphemeralContainersUpdate(withShell({ image: 'alpine' }), withShell({})))[0]).toContain(
    'existing ephemeral containers "shell" may not be changed',
  )
  expect(texts(validateEphemeralContainersUpdate(withShell({ ports: [{ containerPort: 80 }] }), stored))).toContain(
    'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
  )
})

const podOf = (spec: object, metadata: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
})

test.each([
  [
    'users of its own on the host',
    podOf({ hostUsers: false, hostIPC: true }),
    'spec.HostIPC: Forbidden: when `hostUsers` is',
  ],
  [
    'an open /proc',
    podOf({ containers: [{ name: 'c', image: 'i', securityContext: { procMount: 'Unmasked' } }] }),
    '`hostUsers` must be false to use `Unmasked`',
  ],
  [
    'a claim without a source',
    podOf({ resourceClaims: [{ name: 'gpu' }] }),
    'must specify one of: `resourceClaimName`',
  ],
  [
    'two sources in one',
    podOf({ volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'a' }, configMap: { name: 'b' } }] } }] }),
    'spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source',
  ],
  [
    'Linux things on Windows',
    podOf({ os: { name: 'windows' }, securityContext: { fsGroup: 5 } }),
    'spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod',
  ],
  [
    'an annotation at odds with the field',
    podOf(
      { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
      { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' } },
    ),
    'spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match',
  ],
  [
    'a disk of a name too long',
    podOf({ volumes: [{ name: 'v', iscsi: { targetPortal: 'p', iqn: 'x', lun: 0 } }] }),
    'spec.volumes[0].iscsi.iqn: Invalid value: "x": must be valid format starting with iqn, eui, or naa',
  ],
])('a pod with %s', (_name, object, expected) => {
  expect(refusal(object)).toContain(expected)
})

const gated = (spec: object): object => podOf({ schedulingGates: [{ name: 'example.com/wait' }], ...spec })
const nodes = (...terms: readonly object[]): object => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
})
const ssd = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
const terms = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'

test.each<[string, object, object, string]>([
  ['more labels of nodes', gated({ nodeSelector: { b: '1' } }), { nodeSelector: { b: '1', a: '2' } }, ''],
  [
    'other labels of nodes',
    gated({ nodeSelector: { b: '1' } }),
    { nodeSelector: { c: '1', a: '2' } },
    'spec.nodeSelector: Invalid value: {"a":"2","c":"1"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
  ],
  [
    'no terms any more',
    gated(nodes(ssd)),
    { affinity: undefined },
    `${terms}: Invalid value: null: no additions/deletions to non-empty NodeSelectorTerms list are allowed`,
  ],
  [
    'another term',
    gated(nodes(ssd)),
    nodes({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] }),
    `${terms}[0]: Invalid value: {"MatchExpressions":null,"MatchFields":[{"Key":"metadata.name","Operator":"In","Values":["n"]}]}: only additions are allowed (no mutations or deletions)`,
  ],
  ['the first term, where one was empty', gated(nodes({})), nodes(ssd), `${terms}[0]: Invalid value`],
  [
    'a debugger, by the wrong door',
    podOf({}),
    { ephemeralContainers: [{ name: 'd', image: 'i' }] },
    'spec: Forbidden: pod updates may not change fields other than',
  ],
])('an update of a pod with %s', (_name, before, changes, expected) => {
  const text = updateRefusal(bare, before, (pod) => ({ ...pod, spec: { ...(pod['spec'] as object), ...changes } }))
  if (expected === '') expect(text).toBe('')
  else expect(text).toContain(expected)
})

const runs = { name: 'web', ready: true, restartCount: 0, image: 'nginx', imageID: '', state: { running: {} } }
const ended = { ...runs, state: { terminated: { exitCode: 0 } } }
const once: Pod = { ...stored, spec: { ...stored.spec, restartPolicy: 'Never', nodeName: 'n' } }
const withStatus = (status: object, pod = once): Pod => ({
  ...pod,
  status: { ...pod.status, ...status } as Pod['status'],
})

test.each<[string, object, object, readonly string[]]>([
  [
    'a condition of no name, from before the beginning',
    {},
    { conditions: [{ type: '-', status: 'True', observedGeneration: -1 }], observedGeneration: -2 },
    [
      'status.conditions[0].observedGeneration: Invalid value: -1: must be a non-negative integer',
      'status.conditions[0].Type: Invalid value: "-": name part must consist of alphanumeric',
      'status.observedGeneration: Invalid value: -2: must be a non-negative integer',
    ],
  ],
  [
    'a place to come, where it already is somewhere',
    {},
    { nominatedNodeName: 'm' },
    ['status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node'],
  ],
  [
    'another class of service',
    {},
    { qosClass: 'Guaranteed' },
    ['status.qosClass: Invalid value: "Guaranteed": field is immutable'],
  ],
  [
    'a container that lives again',
    { containerStatuses: [ended] },
    { containerStatuses: [ended, runs] },
    ['status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state'],
  ],
  [
    'a claim of nothing',
    {},
    { resourceClaimStatuses: [{ name: 'gpu', resourceClaimName: 'A' }] },
    [
      'status.resourceClaimStatuses[0].name: Invalid value: "gpu": must match the name of an entry in `spec.resourceClaims`',
      'status.resourceClaimStatuses[0].resourceClaimName: Invalid value: "A": a lowercase RFC 1123 subdomain',
    ],
  ],
  [
    'a claim for extended resources of nobody',
    {},
    {
      extendedResourceClaimStatus: {
        requestMappings: [
          { containerName: 'no', resourceName: 'x/y', requestName: 'r' },
          { containerName: 'web', resourceName: 'x/y', requestName: 'R' },
        ],
      },
    },
    [
      'status.extendedResourceClaimStatus.requestMappings[0].containerName: Invalid value: "no": must match the name',
      'status.extendedResourceClaimStatus.requestMappings[1].resourceName: Invalid value: "x/y": must match the extended',
      'status.extendedResourceClaimStatus.requestName: Invalid value: "R": a lowercase RFC 1123 label',
      'status.extendedResourceClaimStatus.resourceClaimName: Required value',
    ],
  ],
  [
    'addresses twice, one of them bad, one as before',
    { podIPs: [{ ip: '010.0.0.1' }] },
    { podIPs: [{ ip: '010.0.0.1' }, { ip: '10.0.0.300' }] },
    [
      'status.podIPs[1]: Invalid value: "10.0.0.300": must be a valid IP address',
      'status.podIPs: Invalid value: [{"IP":"010.0.0.1"},{"IP":"10.0.0.300"}]: may specify no more than one IP for each IP family',
    ],
  ],
  [
    'a user of no number',
    {},
    { containerStatuses: [{ ...runs, user: { linux: { uid: -1, gid: 0, supplementalGroups: [-2] } } }] },
    [
      'status.containerStatuses[0].user.linux.uid: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'status.containerStatuses[0].user.linux.supplementalGroups[0]: Invalid value: -2: must be between 0',
    ],
  ],
  [
    'devices of somebody else, which are neither well nor ill',
    {},
    {
      containerStatuses: [
        {
          ...runs,
          allocatedResourcesStatus: [
            {
              name: 'claim:gpu',
              resources: [
                { resourceID: 'a', health: 'So so', message: '' },
                { resourceID: 'a', health: 'Unknown' },
              ],
            },
            { name: 'x/y' },
            { name: 'cpu' },
          ],
        },
      ],
      ephemeralContainerStatuses: [{ ...runs, allocatedResourcesStatus: [{ name: 'cpu' }] }],
    },
    [
      'allocatedResourcesStatus[0].name: Invalid value: "claim:gpu": must match one of the container\'s resource claims in a format',
      'allocatedResourcesStatus[0].resources[0].health: Unsupported value: "So so": supported values: "Healthy", "Unhealthy", "Unknown"',
      'allocatedResourcesStatus[0].resources[0].message: Required value: must be non-empty if specified',
      'allocatedResourcesStatus[0].resources[1].resourceID: Duplicate value: "a"',
      'allocatedResourcesStatus[1].name: Invalid value: "x/y": must match one of the container\'s resource requests',
      'status.ephemeralContainerStatuses[0].allocatedResourcesStatus: Forbidden: must not be specified in container status',
    ],
  ],
])('a report of a pod with %s', (_name, before, after, expected) => {
  const errors = texts(podStatusErrors(withStatus(after), withStatus(before)))
  expect(errors).toHaveLength(expected.length)
  errors.forEach((error, index) => expect(error).toContain(expected[index]))
})

test('where one container may restart all, any of them lives again', () => {
  const restartPolicyRules = [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [9] } }]
  const all: Pod = {
    ...once,
    spec: { ...once.spec, initContainers: [{ ...once.spec.initContainers![0]!, restartPolicyRules }] },
  }
  expect(
    podStatusErrors(withStatus({ containerStatuses: [runs] }, all), withStatus({ containerStatuses: [ended] }, all)),
  ).toEqual([])
})

test('a report keeps owners, class and generations that it does not tell', () => {
  const old = withStatus({
    observedGeneration: 3,
    conditions: [{ type: 'Ready', status: 'True', observedGeneration: 2 }],
  })
  const draft = {
    ...once,
    metadata: { ...once.metadata, ownerReferences: [{ name: 'a' }] },
    status: {
      conditions: [
        { type: 'Ready', status: 'False' },
        { type: 'x', status: 'True' },
      ],
    },
  } as unknown as Parameters<typeof preparePodStatus>[0]
  preparePodStatus(draft, old)
  expect(draft.metadata.ownerReferences).toBeUndefined()
  expect(draft.status).toEqual({
    qosClass: 'Burstable',
    observedGeneration: 3,
    conditions: [
      { type: 'Ready', status: 'False', observedGeneration: 2 },
      { type: 'x', status: 'True' },
    ],
  })
})
