import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { descriptions } from '#descriptions'
import { createCluster, describedBy } from '#engine'
import { serveCluster, type Served } from '../../src/headless/serve/server.ts'
import { realKubectl, type RealKubectl } from './serve/realKubectl.ts'

const manifest = (image: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: '${image}', ports: [{containerPort: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.harbour.example}
spec:
  group: harbour.example
  names: {plural: boats, singular: boat, kind: Boat, shortNames: [bt]}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{name: Length, type: integer, jsonPath: .spec.length}]
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {length: {type: integer, minimum: 1, description: in metres}}}
`

const boat = (length: number): string => `
apiVersion: harbour.example/v1
kind: Boat
metadata: {name: tug}
spec: {length: ${length}}
`

let served: Served
let kubectl: RealKubectl | undefined

beforeAll(async () => {
  served = await serveCluster(createCluster({ seed: 1, nodes: 2 }), {
    port: 0,
    speed: 20,
    describe: describedBy(descriptions),
  })
  kubectl = await realKubectl(served.url)
}, 30_000)
afterAll(() => served.close())

/** Runs a command that must do well. */
async function good(line: string, stdin?: string): Promise<string> {
  const { code, stdout, stderr } = await kubectl!.run(line, stdin)
  expect({ line, code, stderr: code === 0 ? '' : stderr }).toEqual({ line, code: 0, stderr: '' })
  return stdout
}

describe('the real kubectl against npm run serve', () => {
  test('finds what is served', async ({ skip }) => {
    skip(kubectl === undefined, 'the real kubectl cannot run here')
    expect(await good('version')).toContain('Server Version: v1.36.3')
    expect(await good('api-resources')).toMatch(/^deployments +deploy +apps\/v1 +true +Deployment$/m)
    expect(await good('get nodes')).toMatch(/^node-2 +Ready/m)
    expect(await good("get --raw '/readyz?verbose'")).toContain('readyz check passed')
    expect(await good('explain pod.spec.containers.image')).toContain('FIELD: image <string>')
  })

  test('applies, waits, looks, compares and deletes', async ({ skip }) => {
    skip(kubectl === undefined, 'the real kubectl cannot run here')
    expect(await good('apply -f -', manifest('nginx:1.27'))).toBe('deployment.apps/web created\nservice/web created\n')
    expect(await good('rollout status deploy/web')).toContain('successfully rolled out')
    await good('wait --for=condition=Available deploy/web --timeout=10s')
    expect(await good('get deploy web')).toMatch(/^web +2\/2 +2 +2 /m)
    expect(await good('get deploy web -o yaml')).toContain('kubectl.kubernetes.io/last-applied-configuration')
    expect(await good('describe deploy web')).toContain('Scaled up replica set')
    expect(await good('apply -f -', manifest('nginx:1.27'))).toBe(
      'deployment.apps/web unchanged\nservice/web unchanged\n',
    )
    const diff = await kubectl!.run('diff -f -', manifest('nginx:1.26'))
    expect(diff).toMatchObject({ code: 1, stdout: expect.stringContaining('+      - image: nginx:1.26') })
    expect(await good('apply -f -', manifest('nginx:1.26'))).toContain('deployment.apps/web configured')
    expect(await good('rollout status deploy/web')).toContain('successfully rolled out')
    expect(await good('rollout undo deploy/web')).toContain('rolled back')
    expect(await good('logs deploy/web --tail=1')).not.toBe('')
    expect(await good('delete -f -', manifest('nginx:1.26'))).toContain('"web" deleted')
  })

  test('follows a watch and a log, and runs a command', async ({ skip }) => {
    skip(kubectl === undefined, 'the real kubectl cannot run here')
    const watching = kubectl!.follow('get pods -w')
    await good('run one --image=nginx:1.27')
    await watching.until(/^one /m)
    await good('wait --for=condition=Ready pod/one --timeout=10s')
    expect(await good('exec one -- echo hi')).toBe('hi\n')
    expect(await good('exec -i one -- cat', 'by standard input')).toBe('by standard input')
    expect((await kubectl!.run("exec one -- sh -c 'exit 3'")).stderr).toContain('exit code 3')
    const log = kubectl!.follow('logs -f one')
    await log.until(/start worker processes/)
    await good('delete pod one --grace-period=1')
    const rows = await watching.until(/^one +1\/1 +Running[^]*^one .* Terminating/m)
    expect(rows.match(/^NAME/gm)).toHaveLength(1)
    for (const following of [watching, log]) following.stop()
  })

  test('stays with a pod until it has ended, and prints what it writes once', async ({ skip }) => {
    skip(kubectl === undefined, 'the real kubectl cannot run here')
    const once = await kubectl!.run('run x -i --rm --image=busybox --restart=Never -- echo hi')
    expect(once).toMatchObject({ code: 0, stdout: 'hi\npod "x" deleted from default namespace\n' })
    const slow = "run z --image=busybox --restart=Never --attach -- sh -c 'sleep 60; for i in 1 2; do echo $i; done'"
    expect(await kubectl!.run(slow)).toMatchObject({ code: 0, stdout: '1\n2\n' })
  })

  test('applies on the server, and makes things by typed clients, which speak protobuf', async ({ skip }) => {
    skip(kubectl === undefined, 'the real kubectl cannot run here')
    expect(await good('apply --server-side -f -', manifest('nginx:1.27'))).toContain(
      'deployment.apps/web serverside-applied',
    )
    const conflict = await kubectl!.run('apply --server-side --field-manager=other -f -', manifest('nginx:1.26'))
    expect(conflict.stderr).toContain('conflict with "kubectl"')
    expect(await good('create namespace made')).toBe('namespace/made created\n')
    expect(await good('create secret generic s --from-literal=a=b')).toBe('secret/s created\n')
    expect(await good('get secret s -o jsonpath={.data.a}')).toBe('Yg==')
    expect(await good('auth can-i create pods')).toBe('yes\n')
    expect((await kubectl!.run('auth can-i create pods --as=jane')).stdout).toBe('no\n')
  })

  test('knows a custom kind as soon as it is served', async ({ skip }) => {
    skip(kubectl === undefined, 'the real kubectl cannot run here')
    await good('apply -f -', definition)
    await good('wait --for=condition=Established crd/boats.harbour.example --timeout=10s')
    expect(await good('apply -f -', boat(12))).toBe('boat.harbour.example/tug created\n')
    expect(await good('get bt')).toMatch(/^NAME +LENGTH\ntug +12\n$/)
    expect(await good('explain boat.spec.length')).toContain('in metres')
    expect((await kubectl!.run('apply -f -', boat(0))).stderr).toContain('should be greater than or equal to 1')
  })

  test('passes on what the server refuses', async ({ skip }) => {
    skip(kubectl === undefined, 'the real kubectl cannot run here')
    const wrong = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"datas":{}}'
    const { code, stderr } = await kubectl!.run('create -f -', wrong)
    expect(code).toBe(1)
    expect(stderr).toContain('strict decoding error: unknown field "datas"')
    expect((await kubectl!.run('get pods nothing')).stderr).toBe(
      'Error from server (NotFound): pods "nothing" not found\n',
    )
  })
})
