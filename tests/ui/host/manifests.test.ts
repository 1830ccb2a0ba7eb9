import { expect, test } from 'vitest'
import { createSession } from '#session'
import { applyManifest, notSimulatedProblems, problemsOf } from '../../../src/ui/host/manifests.ts'

const text = `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicass: 3
  template:
    spec:
      containers:
      - name: web
        image: nginx
        ports:
        - containerPort: 99999
`

test.each<[name: string, stderr: string, line: number]>([
  [
    'an unknown field of the second document',
    'Error from server (BadRequest): error when creating "manifest.yaml": Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replicass"\n',
    11,
  ],
  [
    'a bad value deep in a list',
    'The Deployment "web" is invalid: \n* spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive\n',
    18,
  ],
  [
    'a line that YAML names',
    'error: error parsing manifest.yaml: error converting YAML to JSON: yaml: line 4: mapping values are not allowed in this context\n',
    4,
  ],
  [
    'a field of the wrong type that a decoder names without its place in a list',
    'Error from server (BadRequest): error when creating "manifest.yaml": Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type string\n',
    18,
  ],
  ['a missing field: where it would stand', 'The Deployment "web" is invalid: spec.selector: Required value\n', 10],
])('finds %s', (_name, stderr, line) => {
  expect(problemsOf(text, stderr).map((problem) => problem.line)).toEqual([line])
})

test('notes what is not simulated at its line', () => {
  const asked = text.replace('    spec:\n      containers', '    spec:\n      hostPID: true\n      containers')
  expect(notSimulatedProblems(asked)).toEqual([
    expect.objectContaining({
      line: 14,
      column: 7,
      severity: 'info',
      message: expect.stringMatching(/^hostPID: not sim/),
    }),
  ])
  expect(notSimulatedProblems('a: [')).toEqual([])
})

test('a kind that nobody serves is told at its own document, whatever stands before it', () => {
  const three = `${text}---\napiVersion: example.com/v1\nkind: Boat\nmetadata:\n  name: b\n`
  const stderr =
    'error: resource mapping not found for name: "b" namespace: "" from "manifest.yaml": no matches for kind "Boat" in version "example.com/v1"\nensure CRDs are installed first\n'
  expect(problemsOf(three, stderr)[0]).toMatchObject({ line: three.split('\n').indexOf('kind: Boat') + 1 })
})

test('an apply names the file of its tab', () => {
  const session = createSession({ cluster: { nodes: 1, addOns: false } })
  const { problems } = applyManifest(session, 'a: [\n', false, 'boats.yaml')
  expect(problems[0]?.message).toContain('error parsing boats.yaml')
  expect(session.inputs()[0]).toMatchObject({ argv: ['apply', '-f', 'boats.yaml'], files: { 'boats.yaml': 'a: [\n' } })
})
