import { expect, test } from 'vitest'
import { createSession, viewOf, wordsOf } from '../../src/session/index.ts'

/** Everything that a learner may name, named `NAME`; keys of data and labels, which may have capitals, are `KEY`. */
const manifest = `
apiVersion: v1
kind: Namespace
metadata: {name: NAME}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: NAME, labels: {KEY: x}, annotations: {KEY: x, NAME: z}}
data: {KEY: v, NAME: w}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cm}
data: {DATA: v}
binaryData: {KEY: dg==}
---
apiVersion: v1
kind: Secret
metadata: {name: NAME}
stringData: {KEY: v}
data: {NAME: dg==}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: NAME}
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: NAME}
value: 100
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: NAME}
spec: {hard: {pods: "50", count/NAME.example.com: "3", requests.example.com/NAME: "4"}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: NAME}
spec: {limits: [{type: Container, defaultRequest: {cpu: 10m, memory: 8Mi}}]}
---
apiVersion: v1
kind: Service
metadata: {name: NAME}
spec: {selector: {KEY: v}, ports: [{name: NAME, port: 80, targetPort: NAME}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, labels: {KEY: v}}
spec:
  replicas: 2
  selector: {matchLabels: {KEY: v}}
  template:
    metadata: {labels: {KEY: v, app: NAME}, annotations: {KEY: v}}
    spec:
      serviceAccountName: NAME
      priorityClassName: NAME
      nodeSelector: {KEY: v}
      tolerations: [{key: KEY, operator: Exists}]
      volumes: [{name: NAME, configMap: {name: NAME}}, {name: token, secret: {secretName: NAME}}]
      containers:
      - name: NAME
        image: nginx:1.27
        ports: [{name: NAME, containerPort: 80}]
        env: [{name: KEY, value: v}, {name: NAME, valueFrom: {configMapKeyRef: {name: NAME, key: NAME}}}]
        envFrom: [{configMapRef: {name: NAME}}, {secretRef: {name: NAME}}]
        volumeMounts: [{name: NAME, mountPath: /NAME}, {name: token, mountPath: /token}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: NAME}
spec:
  serviceName: NAME
  selector: {matchLabels: {set: NAME}}
  template:
    metadata: {labels: {set: NAME}}
    spec: {containers: [{name: NAME, image: "redis:7"}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: NAME}
spec:
  selector: {matchLabels: {daemon: NAME}}
  template:
    metadata: {labels: {daemon: NAME}}
    spec: {containers: [{name: NAME, image: "redis:7"}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: NAME}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: NAME, image: busybox, command: [sh, -c, "NAME=5; KEY() { echo \\"$NAME\\"; }; KEY"]}]}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: NAME}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: NAME}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: NAME}
subjects: [{kind: User, name: NAME, apiGroup: rbac.authorization.k8s.io}]
`

const first = ['label node node-1 KEY=v', 'taint node node-1 KEY=v:NoSchedule', 'apply -f all.yaml']

const later = [
  'get all,cm,secret,sa,quota,limits,role,rolebinding -o wide',
  'get pods -l KEY',
  `get pods,svc -l '!KEY'`,
  'get cm -l KEY=x,NAME!=y',
  `get cm NAME -o 'jsonpath={.data.KEY}-{.data.NAME}-{.metadata.annotations}'`,
  'get pods -L KEY,NAME',
  'get cm NAME -o yaml --show-managed-fields',
  'get node -o custom-columns=A:.metadata.labels.KEY,B:.metadata.NAME,C:.NAME',
  'describe cm NAME',
  'describe cm cm',
  'describe deploy NAME',
  'describe quota NAME',
  'describe node node-1',
  'describe svc NAME',
  'logs job/NAME',
  'exec deploy/NAME -- printenv KEY NAME',
  `exec deploy/NAME -- sh -c 'cat /NAME/KEY /token/KEY; KEY=1; echo $KEY \${NAME} $NAME'`,
  'exec deploy/NAME -- NAME',
  'auth can-i get pods --as NAME',
  'auth can-i list pods --as NAME',
  'label cm NAME KEY- NAME=q',
  'annotate deploy NAME KEY=n NAME=m --overwrite',
  'set env deploy/NAME KEY=2 NAME-',
  'set image deploy/NAME NAME=nginx:1.26',
  `patch cm NAME -p '{"data":{"KEY":null,"DATA":"d"}}'`,
  `patch cm NAME --type merge -p '{"data":{"NAME":null,"KEY":"e"}}'`,
  `patch cm NAME --type json -p '[{"op":"add","path":"/data/NAME","value":"f"},{"op":"remove","path":"/data/KEY"}]'`,
  'apply --server-side --field-manager NAME -f all.yaml --force-conflicts',
  'get cm NAME cm -o json --show-managed-fields',
  'diff -f all.yaml',
  'rollout status deploy/NAME',
  'rollout history deploy/NAME',
  'scale sts NAME --replicas 2',
  'NAME',
  'get NAME',
  'get pods --NAME',
  'get pods -n NAME',
  'run NAME --image nginx -l KEY=z',
  'create quota KEY --hard NAME=1',
  'explain pod.NAME',
  'explain NAME',
  'create cm lit --from-literal KEY=1 --from-literal NAME=2',
  'get cm lit -o yaml',
  'uncordon NAME',
  'delete ns NAME',
  'delete -f all.yaml --wait=false',
]

/** Hashes of templates, and the columns that they widen. */
const chance = /\b[bcdfghjklmnpqrstvwxz2456789]{5,10}\b|[0-9a-f]{8}-[0-9a-f-]{27}/g

/** All that is printed where names are these, as if they were `NAME`, `KEY` and `DATA`. */
function told(name: string, key: string, data: string): string[] {
  const named = (text: string): string => text.replaceAll('NAME', name).replaceAll('KEY', key).replaceAll('DATA', data)
  const session = createSession({ cluster: { seed: 3, nodes: 2, addOns: false } })
  const files = viewOf({ 'all.yaml': named(manifest) })
  session.advanceTo(5_000)
  const typed = (line: string): string => {
    let text = ''
    const add = (more: string): void => void (text += more)
    const running = session.kubectl({ argv: wordsOf(named(line)), files }, { out: add, err: add })
    const end = session.now() + 60_000
    while (!running.isDone() && session.now() < end) session.advanceTo(session.now() + 500)
    if (!running.isDone()) running.stop()
    let plain = text
    for (const [given, shown] of [
      [data, 'DATA'],
      [name, 'NAME'],
      [key, 'KEY'],
    ] as const)
      plain = plain.replaceAll(given, shown).replaceAll(given.toUpperCase(), shown)
    return `$ ${line}\n${plain.replace(chance, '#').replace(/ +|-{2,}/g, ' ')}`
  }
  const before = first.map(typed)
  session.advanceTo(60_000)
  return [...before, ...later.map(typed)]
}

// a name of the same length and place in the alphabet, which no object has
test.each([
  ['constructor', 'constructor', 'toString', 'constructos', 'constructos', 'toStrinh'],
  ['constructor', 'toString', '__proto__', 'constructos', 'toStrinh', '__protp__'],
  ['constructor', 'hasOwnProperty', 'valueOf', 'constructos', 'hasOwnPropertz', 'valueOg'],
])(
  'objects, keys and words may be called %s, %s and %s',
  (name, key, data, ...others) => {
    const [otherName, otherKey, otherData] = others
    const lines = told(name, key, data)
    expect(lines.join('\n')).toContain('pod/NAME-0 1/1 Running')
    expect(lines).toEqual(told(otherName, otherKey, otherData))
  },
  60_000,
)

test('a path of a patch that leads to what all objects inherit changes none of them', () => {
  const session = createSession({ cluster: { seed: 3, nodes: 1, addOns: false } })
  const quiet = { out: () => {}, err: () => {} }
  const type = (argv: readonly string[]): void => void session.kubectl({ argv, files: viewOf({}) }, quiet)
  type(['create', 'cm', 'a', '--from-literal=k=v'])
  for (const path of ['/__proto__/polluted', '/data/__proto__/polluted', '/data/constructor/prototype/polluted'])
    type(['patch', 'cm', 'a', '--type=json', '-p', JSON.stringify([{ op: 'add', path, value: 'x' }])])
  for (const kind of ['merge', 'strategic'])
    type(['patch', 'cm', 'a', `--type=${kind}`, '-p', '{"__proto__":{"polluted":"x"},"data":{"__proto__":"y"}}'])
  expect('polluted' in {}).toBe(false)
})
