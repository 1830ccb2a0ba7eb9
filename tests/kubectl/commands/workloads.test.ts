import { expect, test } from 'vitest'
import { createCluster, type KubeObject } from '../../../src/engine/index.ts'
import { createSession, run, splitWords } from '../../../src/kubectl/index.ts'

/** A cluster without components that acts on its objects, and a way to type lines into it. */
function terminal(files: Readonly<Record<string, string>> = {}) {
  const cluster = createCluster({ nodes: 1, addOns: false, controlPlane: 'api' })
  const folders = new Set(Object.keys(files).map((name) => name.slice(0, name.lastIndexOf('/'))))
  const type = (line: string): { out: string; err: string; code: number } => {
    let [out, err] = ['', '']
    const io = {
      readFile: (path: string) => files[path],
      listFiles: (path: string) => (folders.has(path) ? [] : undefined),
      out: (text: string) => void (out += text),
      err: (text: string) => void (err += text),
    }
    const { api, control, nodes } = cluster
    const context = { api, now: control.now, session: createSession(), io, nodes }
    const result = run(splitWords(line).slice(1), context)
    return { out, err, code: typeof result === 'number' ? result : result.stop() }
  }
  return { api: cluster.api, type }
}

const template = (image: string) => ({
  metadata: { labels: { app: 'db' } },
  spec: { containers: [{ name: 'db', image }] },
})

/** A stateful set or a daemon set with two revisions, the second being its own. */
function withHistory(kind: 'StatefulSet' | 'DaemonSet') {
  const { api, type } = terminal()
  const made = api.create({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'db' } },
      template: template('db:2'),
      ...(kind === 'StatefulSet' && { serviceName: 'db' }),
    },
  }) as KubeObject & { spec: { template: object } }
  const owner = { apiVersion: 'apps/v1', kind, name: 'db', uid: made.metadata.uid, controller: true }
  const whole = made.spec.template as { spec: { containers: object[] } }
  const old = { ...whole, spec: { ...whole.spec, containers: [{ ...whole.spec.containers[0], image: 'db:1' }] } }
  for (const [revision, kept] of [
    [1, old],
    [2, whole],
  ] as const)
    api.create({
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `db-${revision}`,
        namespace: 'default',
        ownerReferences: [owner],
        ...(revision === 1 && { annotations: { 'kubernetes.io/change-cause': 'first' } }),
      },
      revision,
      data: { spec: { template: { ...kept, $patch: 'replace' } } },
    })
  return { api, type, word: kind.toLowerCase() }
}

test.each(['StatefulSet', 'DaemonSet'] as const)('shows and goes back in the history of a %s', (kind) => {
  const { type, word } = withHistory(kind)
  expect(type(`kubectl rollout history ${word}/db`).out).toBe(
    `${word}.apps/db \nREVISION  CHANGE-CAUSE\n1         first\n2         <none>\n\n`,
  )
  expect(type(`kubectl rollout history ${word}/db --revision=1`).out).toContain('Image:\tdb:1')
  expect(type(`kubectl rollout undo ${word}/db --dry-run=client`).out).toMatch(
    new RegExp(`^${word}.apps/db will roll back to Pod Template:`),
  )
  expect(type(`kubectl rollout undo ${word}/db`).out).toBe(`${word}.apps/db rolled back\n`)
  expect(type(`kubectl get ${word} db -o jsonpath={.spec.template.spec.containers[0].image}`).out).toBe('db:1')
  expect(type(`kubectl rollout undo ${word}/db --to-revision=1`).out).toBe(
    `${word}.apps/db skipped rollback (current template already matches revision 1)\n`,
  )
  expect(type(`kubectl rollout undo ${word}/db --to-revision=9`).err).toBe(
    'error: unable to find specified revision 9 in history\n',
  )
  expect(type(`kubectl rollout restart ${word} db`).out).toBe(`${word}.apps/db restarted\n`)
  expect(type(`kubectl rollout pause ${word} db`).err).toBe(`error: ${word}s.apps "db" pausing is not supported\n`)
})

test.each([
  ['rollout history cm/conf', 'error retrieving history for "ConfigMap", no visitor method exists for { ConfigMap}'],
  ['rollout undo cm/conf', 'error retrieving rollbacker for "ConfigMap", no visitor method exists for { ConfigMap}'],
  ['rollout status cm/conf', 'no status viewer has been implemented for ConfigMap'],
])('refuses %s', (line, message) => {
  const { api, type } = terminal()
  api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf', namespace: 'default' } })
  expect(type(`kubectl ${line}`)).toMatchObject({ err: `error: ${message}\n`, code: 1 })
})

/** Made by openssl for jane, of two organizations, with three names. */
const request = [
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQkxEQ0IwZ0lCQURBck1Rd3dDZ1lEVlFRS0RBTmtaWFl4RERBS0JnTlZC',
  'QW9NQTI5d2N6RU5NQXNHQTFVRQpBd3dFYW1GdVpUQlpNQk1HQnlxR1NNNDlBZ0VHQ0NxR1NNNDlBd0VIQTBJQUJFcldRN2Rhc2c0MkxtYytO',
  'eHBDCnoxYnI3UFNIWS9HaTVIemNrdjJpWFJJWHFubEhYcDRDSm5HZ3RwSGlUQzJGc20yZHM2NDJVS2lOVzduQ2VpZkYKK1ZPZ1JUQkRCZ2tx',
  'aGtpRzl3MEJDUTR4TmpBME1ESUdBMVVkRVFRck1DbUNEM2RsWWk1bGVHRnRjR3hsTG1OdgpiWWNFQ2dBQUFZY1EvUUFBQUFBQUFBQUFBQUFB',
  'QUFBQUFUQUtCZ2dxaGtqT1BRUURBZ05KQURCR0FpRUFtN3lVCnBXZXQyc1RjWXc1WHVQNUpQb1cxeCtjbU54L0ZHbERhS2tlcDc0d0NJUUNq',
  'dG5IY3hwaWp3TjdnTzRUUXFhaWgKNkM5d3hWZWtaWnpmY2FlcnZ5WTRKdz09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=',
].join('')

test('says yes to a certificate request once, and no longer no', () => {
  const { api, type } = terminal()
  const spec = { request, signerName: 'example.com/client', usages: ['client auth'] }
  api.create({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'me' },
    spec,
  })
  expect(type('kubectl certificate approve me').out).toBe('certificatesigningrequest.certificates.k8s.io/me approved\n')
  expect(type('kubectl certificate deny me').err).toBe('error: certificate signing request "me" is already Approved\n')
  const { out } = type('kubectl describe csr me')
  expect(out).toContain('Status:             Approved\n')
  expect(out.slice(out.indexOf('Subject:'), out.indexOf('Events:'))).toBe(`Subject:
  Common Name:    jane
  Serial Number:  
  Organization:   dev
                  ops
Subject Alternative Names:
         DNS Names:     web.example.com
         IP Addresses:  10.0.0.1
                        fd00::1
`)
})

test('adds a container to a pod that runs', () => {
  const { api, type } = terminal()
  const containers = [{ name: 'web', image: 'nginx' }]
  api.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec: { containers } })
  const { out, err } = type('kubectl debug web --image=busybox:1.37 --target=web -- sleep 60')
  expect(err).toBe('')
  expect(out).toMatch(/^Targeting container "web"\..*\nDefaulting debug container name to debugger-[a-z0-9]{5}\.\n$/)
  const pod = JSON.parse(type('kubectl get pod web -o json').out) as { spec: { ephemeralContainers: object[] } }
  expect(pod.spec.ephemeralContainers).toMatchObject([
    { image: 'busybox:1.37', command: ['sleep', '60'], targetContainerName: 'web' },
  ])
  expect(type('kubectl debug web').err).toBe('error: you must specify --image when not using --copy-to.\n')
})

test('applies a kustomization', () => {
  const { type } = terminal({
    'app/kustomization.yaml': 'resources: [c.yaml]\nnamePrefix: dev-',
    'app/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata: {a: b}\n',
  })
  expect(type('kubectl apply -k app').out).toBe('configmap/dev-conf created\n')
  expect(type('kubectl kustomize app').out).toBe(
    'apiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\nmetadata:\n  name: dev-conf\n',
  )
  expect(type('kubectl delete -k app').out).toBe('configmap "dev-conf" deleted from default namespace\n')
})

test.each([
  ['proxy', /^error: proxy does nothing in this terminal: /],
  ['plugin list', /^error: unable to find any kubectl plugins in your PATH\n$/],
  ['help nothing', /^Unknown help topic \[`nothing`\]\n\n\nBasic Commands/],
])('answers kubectl %s', (line, said) => {
  expect(terminal().type(`kubectl ${line}`).err).toMatch(said)
})
