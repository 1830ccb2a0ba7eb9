import { describe, expect, test } from 'vitest'
import { createSession, createTerminal, notSimulatedIn } from '#session'

const pathsIn = (object: object): readonly string[] => notSimulatedIn(object).map(({ path }) => path)
const pod = (spec: object): object => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec })

describe('what is accepted and not simulated', () => {
  test.each<[name: string, object: object, paths: readonly string[]]>([
    ['nothing of a plain pod', pod({ containers: [{ name: 'a', image: 'nginx' }] }), []],
    ['sharing of processes', pod({ hostPID: true, shareProcessNamespace: true }), ['hostPID', 'shareProcessNamespace']],
    ['a switch that is off', pod({ hostPID: false, securityContext: {}, resourceClaims: [] }), []],
    ['a switch that asks by being off', pod({ hostUsers: false }), ['hostUsers']],
    [
      'a container of any list, at its place',
      pod({
        initContainers: [{ name: 'i', securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }],
        containers: [{ name: 'a' }, { name: 'b', securityContext: { capabilities: { drop: ['ALL'] } } }],
      }),
      ['initContainers[0].securityContext.seccompProfile', 'containers[1].securityContext.capabilities'],
    ],
    [
      'volumes of drivers that are not there, even unconfigured ones',
      pod({
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', nfs: {} },
          { name: 'c', emptyDir: { medium: 'Memory' } },
        ],
      }),
      ['volumes[2].emptyDir.medium', 'volumes[1].nfs'],
    ],
    [
      'the pod in a template',
      { kind: 'Deployment', spec: { template: { spec: { hostIPC: true } } } },
      ['template.spec.hostIPC'],
    ],
    ['a Service that wants a balancer', { kind: 'Service', spec: { type: 'LoadBalancer' } }, ['type']],
    ['no Service of another type', { kind: 'Service', spec: { type: 'NodePort', ipFamilyPolicy: 'SingleStack' } }, []],
    ['no text that is no object', {}, []],
  ])('finds %s', (_, object, paths) => expect(pathsIn(object)).toEqual(paths.map((path) => `spec.${path}`)))

  test('a kind whose controller is there acts; one whose is not says so', () => {
    expect(pathsIn({ kind: 'Deployment' })).toEqual([])
    expect(notSimulatedIn({ kind: 'NetworkPolicy' })).toEqual([
      { path: '', text: 'stored, but nothing filters traffic yet' },
    ])
  })
})

const manifest = `kubectl apply -f - <<'EOF'
apiVersion: v1
kind: Pod
metadata: { name: p }
spec:
  hostPID: true
  containers: [{ name: a, image: nginx }]
EOF`

test.each([
  ['says so after the command, apart from its words', { isAdvising: true }, manifest, 'note: pod/p: spec.hostPID: '],
  ['keeps silent where kubectl alone is asked for', {}, manifest, ''],
  ['keeps silent about trials', { isAdvising: true }, manifest.replace('apply', 'apply --dry-run=client'), ''],
])('a terminal %s', (_, options, line, said) => {
  const session = createSession({ cluster: { nodes: 1, kubelets: false } })
  session.advanceTo(5_000)
  const heard = { out: '', err: '' }
  createTerminal(session, {}, options).run(line, {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
  })
  expect(heard.out).toMatch(/^pod\/p created/)
  expect(heard.err.slice(0, said.length || 1)).toBe(said)
})
