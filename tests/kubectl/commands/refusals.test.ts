import { expect, test } from 'vitest'
import { createCluster } from '../../../src/engine/index.ts'
import { createSession, run, splitWords } from '../../../src/kubectl/index.ts'

const files: Readonly<Record<string, string>> = {
  'two.yaml': `{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {x: "1"}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
`,
  'two.json':
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}',
  'bare.yaml': '{apiVersion: v1, kind: Namespace}',
  'web.yaml':
    '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec: {containers: [{name: c, image: a}]}}}}',
}

/** What a line prints on a cluster with one config map and nothing that acts. */
function typed(line: string): string {
  const { api, control, http } = createCluster({ nodes: 1, addOns: false, controlPlane: 'api' })
  api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cm', namespace: 'default' }, data: { k: 'v' } })
  let text = ''
  const say = (part: string): void => void (text += part)
  const io = { readFile: (path: string) => files[path], listFiles: () => undefined, out: say, err: say }
  const result = run(splitWords(line).slice(1), { api, http, now: control.now, session: createSession(), io })
  if (typeof result !== 'number') result.stop()
  return text.trimEnd()
}

// Recorded with kubectl 1.36.3.
test.each([
  ['kubectl get cm/cm nope/x', `error: the server doesn't have a resource type "nope"`],
  ['kubectl get cm x -n nope', 'Error from server (NotFound): namespaces "nope" not found'],
  ['kubectl get cm --subresource=status', 'error: subresource cannot be used when bulk resources are specified'],
  ['kubectl get cm --context=x', 'Error in configuration: context was not found for specified context: x'],
  ['kubectl run a --image=b --context=x', 'error: context "x" does not exist'],
  ['kubectl create token a --context=x', 'Error in configuration: context was not found for specified context: x'],
  ['kubectl get --raw /api --context=x', 'error: context "x" does not exist'],
  ['kubectl get cm --cluster=x', 'error: no server found for cluster "x"'],
  ['kubectl get cm --user=x', 'error: auth info "x" does not exist'],
  ['kubectl get cm cm -o custom-columns=A:.x[2]', 'A\n<none>'],
  ['kubectl label cm cm a=b=c', 'error: invalid label spec: a=b=c'],
  ['kubectl config set-cluster a --proxy-url=b', 'Cluster "a" set.'],
  [
    'kubectl cluster-info dump --output-directory=x',
    'error: cluster-info dump writes no folders in this terminal: leave --output-directory out',
  ],
  [
    'kubectl apply -f bare.yaml',
    'error: error when retrieving current configuration of:\nResource: "/v1, Resource=namespaces", GroupVersionKind: "/v1, Kind=Namespace"\nName: "", Namespace: ""\nfrom server for: "bare.yaml": resource name may not be empty',
  ],
  ['kubectl create -f two.json', 'configmap/a created\nconfigmap/b created'],
  ['kubectl create -f two.yaml -l x=1', 'configmap/a created'],
  ['kubectl create job j --from=cm/cm', 'error: unknown object type *v1.ConfigMap'],
  ['kubectl create cm x --from-file=a=b=c', "error: key names or file paths cannot contain '='"],
  [
    'kubectl label cm cm --local x=1',
    'error: can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set',
  ],
  ['kubectl label cm cm x=1 gone-', 'label "gone" not found.\nconfigmap/cm labeled'],
  [
    'kubectl set image cm cm c=x',
    'error: configmaps/cm the object is not a pod or does not have a pod template: *v1.ConfigMap',
  ],
  [
    'kubectl set subject cm cm --user=x',
    'error: configmaps/cm setting subjects is only supported for RoleBinding/ClusterRoleBinding',
  ],
  ['kubectl set image -f web.yaml c=b --local -o jsonpath={.spec.template.spec.containers[0].image}', 'b'],
  [
    'kubectl taint nodes node-1 a=b:NoSchedule a-',
    'error: can not both modify and remove the following taint(s) in the same command: a=',
  ],
  ['kubectl wait', 'error: unrecognized condition: []'],
  ['kubectl wait cm/cm --for=condition=X --timeout=0', 'error: condition not met for configmaps/cm'],
  ['kubectl delete --all', 'error: at least one resource must be specified to use a selector'],
  [
    'kubectl patch cm cm -p foo',
    'Error from server (BadRequest): json: cannot unmarshal string into Go value of type map[string]interface {}',
  ],
  [`kubectl patch cm cm -p '{"data":{"k":"w"}}' --dry-run=client -o jsonpath={.data.k}`, 'w'],
  [
    'kubectl autoscale cm cm --max=2',
    'error: cannot autoscale a ConfigMap: could not find scale subresource for /v1, Resource=configmaps in discovery information',
  ],
  ['kubectl gt', 'error: unknown command "gt" for "kubectl"\n\nDid you mean this?\n\tset\n\tget\n\tcp'],
])('%s', (line, text) => {
  expect(typed(line)).toBe(text)
})

test('what cannot be decoded of a raw query is passed over', () =>
  expect(typed("kubectl get --raw '/api/v1/namespaces/default/configmaps?labelSelector=%&x=%zz'")).toContain(
    '"name":"cm"',
  ))
