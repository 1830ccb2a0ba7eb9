import { expect, test } from 'vitest'
import { bareServer, type Thing } from '../../golden/api/server.ts'
import { template } from './refusal.ts'

const bare = bareServer()
const dryRun = '?dryRun=All&fieldValidation=Strict'

const podOf = (spec: object, metadata: object = {}): Thing => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', ...metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
})
const created = (object: Thing) => {
  const { code, body, warnings } = bare.create(object, 'default', dryRun)
  expect(code).toBe(201)
  return { body: body as { spec: { containers: { securityContext?: object }[] } }, warnings }
}
const files = (...paths: string[]) => paths.map((path) => ({ key: 'k', path }))
const appArmor = 'container.apparmor.security.beta.kubernetes.io/c'
const outdated = `metadata.annotations[${appArmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`

test.each<[string, Thing, readonly string[]]>([
  [
    'a preferred node whose label cannot be',
    podOf({
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, preference: { matchExpressions: [{ key: 'a', operator: 'In', values: ['fine', 'b c'] }] } },
          ],
        },
      },
    }),
    [
      'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[1]: ' +
        "b c is invalid, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
        "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', " +
        "regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
  ],
  [
    'a port name that stands there twice',
    podOf({
      initContainers: [{ name: 'first', image: 'i', ports: [{ name: 'web', containerPort: 1 }] }],
      containers: [{ name: 'c', image: 'i', ports: [{ name: 'web', containerPort: 2 }] }],
    }),
    [
      'spec.containers[0].ports[0]: duplicate port name "web" with spec.initContainers[0].ports[0], ' +
        'services and probes that select ports by name will use spec.initContainers[0].ports[0]',
    ],
  ],
  [
    'files in the place of several others',
    podOf({ volumes: [{ name: 'v', configMap: { name: 'x', items: files('a', 'a/b/', 'a/b/c') } }] }),
    [
      'volume "v" (ConfigMap "x"): overlapping paths: "a/b" with "a"',
      'volume "v" (ConfigMap "x"): overlapping paths: "a/b/c" with "a"',
      'volume "v" (ConfigMap "x"): overlapping paths: "a/b/c" with "a/b"',
    ],
  ],
  [
    'files of several sources in one place',
    podOf({
      volumes: [
        {
          name: 'v',
          projected: {
            sources: [
              {},
              { secret: { name: 's', items: files('a') } },
              { configMap: { name: 'x', items: files('b', 'a/c', 'b/c') } },
            ],
          },
        },
      ],
    }),
    [
      'volume "v" (Projected) has no sources provided',
      'volume "v" (Projected): overlapping paths: "a/c" (ConfigMap "x") with "a" (Secret "s")',
      'volume "v" (Projected): overlapping paths: "b/c" (ConfigMap "x") with "b" (ConfigMap "x")',
    ],
  ],
  [
    'addresses written in a long way',
    podOf({
      dnsConfig: { nameservers: ['10.0.0.1', '2001:DB8::0:1'] },
      hostAliases: [{ ip: '0:0::1', hostnames: ['here'] }],
    }),
    [
      'spec.dnsConfig.nameservers[1]: IPv6 address "2001:DB8::0:1" should be in RFC 5952 canonical format ("2001:db8::1")',
      'spec.hostAliases[0].ip: IPv6 address "0:0::1" should be in RFC 5952 canonical format ("::1")',
    ],
  ],
  [
    'a profile of AppArmor before all else',
    podOf({}, { name: 'a.b', annotations: { [appArmor]: 'runtime/default' } }),
    [
      outdated,
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ],
  ],
])('a pod with %s', (_name, object, expected) => {
  expect(created(object).warnings).toEqual(expected)
})

const default_ = { type: 'RuntimeDefault' }

test.each<[string, string, object | undefined, object | undefined, readonly string[]]>([
  ['becomes a field', 'localhost/mine', undefined, { type: 'Localhost', localhostProfile: 'mine' }, [outdated]],
  ['is as the whole pod has it', 'runtime/default', default_, undefined, []],
  ['is other than the whole pod has it', 'unconfined', default_, { type: 'Unconfined' }, [outdated]],
  ['means nothing', 'localhost/', undefined, undefined, [outdated]],
])('an AppArmor annotation of a new pod that %s', (_name, text, ofPod, ofContainer, warnings) => {
  const securityContext = ofPod === undefined ? {} : { appArmorProfile: ofPod }
  const answer = created(podOf({ securityContext }, { annotations: { [appArmor]: text } }))
  expect(answer.body.spec.containers[0]!.securityContext).toEqual(
    ofContainer === undefined ? undefined : { appArmorProfile: ofContainer },
  )
  expect(answer.warnings).toEqual(warnings)
})

test('an AppArmor annotation of a pod of Windows is left alone', () => {
  const answer = created(podOf({ os: { name: 'windows' } }, { annotations: { [appArmor]: 'unconfined' } }))
  expect(answer.body.spec.containers[0]!.securityContext).toBeUndefined()
})

test('an update of a pod brings no warnings, a template does', () => {
  const stored = bare.create(podOf({}, { name: 'q', annotations: { [appArmor]: 'unconfined' } }))
  expect(stored.warnings).toHaveLength(1)
  const pod = stored.body as Thing
  const changed = { ...pod, metadata: { ...pod.metadata, labels: { a: 'b' } } }
  expect(bare.send('PUT', '/api/v1/namespaces/default/pods/q', changed)).toMatchObject({
    code: 200,
    warnings: [],
  })
  const ofTemplate = template({ dnsConfig: { nameservers: ['::0'] } })
  const spec = { selector: { matchLabels: { app: 'web' } }, template: ofTemplate }
  expect(created({ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'r' }, spec }).warnings).toEqual([
    'spec.template.spec.dnsConfig.nameservers[0]: IPv6 address "::0" should be in RFC 5952 canonical format ("::")',
  ])
})

test('thousands of files in one place do not take long to be warned of', () => {
  const { warnings } = created(
    podOf({ volumes: [{ name: 'v', configMap: { name: 'x', items: files(...Array<string>(10_000).fill('a')) } }] }),
  )
  expect(warnings).toEqual(['volume "v" (ConfigMap "x"): overlapping paths: "a" with "a"'])
})
