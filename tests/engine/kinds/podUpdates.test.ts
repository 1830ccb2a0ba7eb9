import { expect, test } from 'vitest'
import { formatFieldError, type Pod } from '../../../src/engine/api/index.ts'
import { validateEphemeralContainersUpdate } from '../../../src/engine/kinds/core/pod/updateEphemeral.ts'
import { validatePodResize } from '../../../src/engine/kinds/core/pod/updateResize.ts'
import type { Thing } from '../../golden/api/server.ts'
import { door } from './refusal.ts'

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
  ['a new policy', withContainer({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] }), []],
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

test('a resize keeps the class of service, and init containers', () => {
  const alone: Pod = { ...stored, spec: { ...stored.spec, initContainers: undefined as never } }
  const all = { cpu: '1', memory: '1Gi' }
  const guaranteed: Pod = {
    ...alone,
    spec: { ...alone.spec, containers: [{ ...stored.spec.containers[0]!, resources: { requests: all, limits: all } }] },
  }
  expect(texts(validatePodResize(guaranteed, alone))).toContain(
    'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
  )
  const next: Pod = {
    ...stored,
    spec: { ...stored.spec, initContainers: [{ ...stored.spec.initContainers![0]!, resources: {} }] },
  }
  expect(texts(validatePodResize(next, stored))).toEqual([
    'spec: Forbidden: resources for non-sidecar init containers are immutable',
  ])
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
