import { expect, test } from 'vitest'
import { liveInStyleOf } from '../../../src/ui/editor/againstLive.ts'

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # the shop
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports:
        - containerPort: 80
`
const live = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default, labels: { a: b } }
spec:
  progressDeadlineSeconds: 600
  replicas: 3
  template:
    spec:
      containers:
        - image: nginx:1.27
          name: web
          imagePullPolicy: IfNotPresent
          ports: [{ containerPort: 80, protocol: TCP }]
      dnsPolicy: ClusterFirst
`

test('what runs as applied is the manifest to the letter', () => {
  expect(liveInStyleOf(manifest, live)).toBe(manifest)
})

test('shows only what differs', () => {
  expect(liveInStyleOf(manifest, live.replace('replicas: 3', 'replicas: 5').replace('1.27', '1.25'))).toBe(
    manifest.replace('replicas: 3', 'replicas: 5').replace('1.27', '1.25'),
  )
})

test('a field that does not run yet is missing, an item that still runs is there', () => {
  const less = live.replace('  replicas: 3\n', '')
  expect(liveInStyleOf(manifest, less)).toBe(manifest.replace('  replicas: 3\n', ''))
  const more = live.replace('      dnsPolicy', '        - name: proxy\n          image: envoy\n      dnsPolicy')
  expect(liveInStyleOf(manifest, more)).toContain('- name: proxy')
})

test('objects that do not run are missing; those of two documents are found by name', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n'
  expect(liveInStyleOf(`${service}---\n${manifest}`, live)).toBe(manifest)
  expect(liveInStyleOf(`${service}---\n${manifest}`, `${live}---\n${service}`)).toBe(`${service}---\n${manifest}`)
  expect(liveInStyleOf(manifest, '')).toBe('')
})
