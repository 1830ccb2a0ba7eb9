import { expect, test } from 'vitest'
import { createCluster, type ClusterOptions } from '../../../src/engine/index.ts'
import { createSession, run, splitWords } from '../../../src/kubectl/index.ts'

/** A command line for one cluster; what it prints, with `= 1` where it fails. */
function terminalOf(options: ClusterOptions) {
  const { api, http, openHttp, control, nodes } = createCluster(options)
  const session = createSession()
  function type(line: string): string {
    let printed = ''
    const say = (part: string): void => void (printed += part)
    const io = { readFile: () => undefined, listFiles: () => undefined, out: say, err: say }
    const code = run(splitWords(line).slice(1), { api, http, openHttp, now: control.now, nodes, session, io })
    return `${printed.trimEnd()}${code === 0 ? '' : `\n= ${String(code)}`}`
  }
  return { type, api, control }
}

const url = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml'

test('without a metrics server there are no metrics', () => {
  const { type } = terminalOf({ nodes: 1, addOns: false })
  expect(type('kubectl top nodes')).toBe('error: Metrics API not available\n= 1')
  expect(type('kubectl top pods --sort-by=disk')).toBe('error: --sort-by accepts only cpu or memory\n= 1')
  expect(type('kubectl top pod a -l b=c')).toBe('error: only one of NAME or selector can be provided\n= 1')
  expect(type('kubectl top node a -l b=c')).toBe('error: only one of NAME or --selector can be provided\n= 1')
  expect(type('kubectl top pod a b')).toContain('pod [NAME | -l label]')
})

test('its manifest can be applied from where the world has it', () => {
  const { type, control } = terminalOf({ nodes: 1, addOns: false })
  expect(type(`kubectl apply -f ${url}`).split('\n')).toEqual([
    'serviceaccount/metrics-server created',
    'clusterrole.rbac.authorization.k8s.io/system:aggregated-metrics-reader created',
    'clusterrole.rbac.authorization.k8s.io/system:metrics-server created',
    'rolebinding.rbac.authorization.k8s.io/metrics-server-auth-reader created',
    'clusterrolebinding.rbac.authorization.k8s.io/metrics-server:system:auth-delegator created',
    'clusterrolebinding.rbac.authorization.k8s.io/system:metrics-server created',
    'service/metrics-server created',
    'deployment.apps/metrics-server created',
    'apiservice.apiregistration.k8s.io/v1beta1.metrics.k8s.io created',
  ])
  expect(type('kubectl apply -f https://example.com/x.yaml')).toContain('lookup example.com: no such host')
  expect(type('kubectl top nodes')).toBe('error: Metrics API not available\n= 1')
  control.advanceTo(60_000)
  expect(type('kubectl top nodes')).toBe(
    'NAME     CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)   \nnode-1   3m           0%       18Mi            0%',
  )
  expect(type('kubectl top nodes --no-headers --show-swap')).toBe(
    'node-1   3m    0%    18Mi   0%    <unknown>   <unknown>',
  )
})

test('pods, their containers, their order and their sum', () => {
  const { type, api, control } = terminalOf({ nodes: 1, addOns: ['metrics-server'] })
  const pod = (name: string, ...images: string[]) =>
    api.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', labels: { app: name } },
      spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) },
    })
  pod('small', 'nginx:1.27')
  pod('large', 'redis:7', 'nginx:1.27')
  control.advanceTo(65_000)
  expect(type('kubectl top pods --sum')).toBe(
    [
      'NAME    CPU(cores)   MEMORY(bytes)   ',
      'large   2m           14Mi            ',
      'small   0m           6Mi             ',
      '        ________     ________        ',
      '        2m           20Mi',
    ].join('\n'),
  )
  expect(
    type('kubectl top pods --containers --sort-by=memory -l app=large')
      .split('\n')
      .map((line) => line.trimEnd()),
  ).toEqual([
    'POD     NAME   CPU(cores)   MEMORY(bytes)',
    'large   c0     2m           8Mi',
    'large   c1     0m           6Mi',
  ])
  expect(
    type('kubectl top pods -A --sort-by=memory --no-headers')
      .split('\n')
      .map((line) => line.split(/\s+/)[0]),
  ).toEqual(['kube-system', 'kube-system', 'kube-system', 'default', 'default'])
  expect(type('kubectl top pod small --use-protocol-buffers=false')).toContain('small   0m')
  expect(type('kubectl top pod none')).toBe('Error from server (NotFound): pods "none" not found\n= 1')
  expect(type('kubectl top pods -l app=none')).toBe('No resources found in default namespace.')
  pod('fresh', 'nginx:1.27')
  expect(type('kubectl top pods -l app=fresh')).toBe('error: metrics not available yet\n= 1')
  expect(type('kubectl get podmetrics small')).toBe('NAME    CPU   MEMORY   WINDOW\nsmall   0     6Mi      15s')
})

test('a pod that is never measured is named', () => {
  const { type, api, control } = terminalOf({ nodes: 1, addOns: ['metrics-server'] })
  api.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'stuck', namespace: 'default' },
    spec: { nodeSelector: { a: 'b' }, containers: [{ name: 'c', image: 'nginx:1.27' }] },
  })
  control.advanceTo(150_000)
  expect(type('kubectl top pods')).toBe('error: Metrics not available for pod default/stuck, age: 2m30s\n= 1')
})
