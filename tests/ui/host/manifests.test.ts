import { expect, test } from 'vitest'
import { problemsOf } from '../../../src/ui/host/manifests.ts'

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
  ['a missing field: where it would stand', 'The Deployment "web" is invalid: spec.selector: Required value\n', 10],
])('finds %s', (_name, stderr, line) => {
  expect(problemsOf(text, stderr).map((problem) => problem.line)).toEqual([line])
})
