import { expect, test } from 'vitest'
import { typed } from './lines.ts'

test('all of a cluster in one text: lists, then what containers wrote', () => {
  const { text, code } = typed(
    'kubectl run x --image=busybox --restart=Never -- echo hi && kubectl wait --for=jsonpath={.status.phase}=Succeeded pod/x && kubectl cluster-info dump --namespaces default',
  )
  expect(text.match(/"kind": "\w+List"/g)).toEqual(
    ['Node', 'Event', 'ReplicationController', 'Service', 'DaemonSet', 'Deployment', 'ReplicaSet', 'Pod'].map(
      (kind) => `"kind": "${kind}List"`,
    ),
  )
  expect(text).toMatch(
    /\n==== START logs for container x of pod default\/x ====\nhi\n==== END logs for container x of pod default\/x ====$/,
  )
  expect(code).toBe(0)
})

test.each([
  ['--cpu-percent=50', ': empty input'],
  ['--memory=50%', ': empty input'],
  ['--cpu=500m', ': %!w(<nil>)'],
])('an autoscaler that is there already is told of in the words of its older version: %s', (flag, why) => {
  const { text } = typed(
    `kubectl create deployment web --image=nginx && kubectl autoscale deployment web --max=3 && kubectl autoscale deployment web --max=3 ${flag}`,
  )
  expect(text).toContain(
    `error: failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1${why}`,
  )
})
