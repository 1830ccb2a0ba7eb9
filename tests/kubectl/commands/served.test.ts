import { expect, test } from 'vitest'
import { typed } from './lines.ts'

// Recorded with kubectl 1.36.3.
test.each([
  [
    'kubectl api-resources -o json --api-group=nope',
    '{\n    "kind": "APIResourceList",\n    "apiVersion": "v1",\n    "groupVersion": "",\n    "resources": null\n}',
  ],
  [
    'kubectl api-resources -o yaml --api-group=nope',
    'apiVersion: v1\ngroupVersion: ""\nkind: APIResourceList\nresources: null',
  ],
  [
    'kubectl api-resources -o kyaml --api-group=events.k8s.io',
    '---\n{\n  kind: "APIResourceList",\n  apiVersion: "v1",\n  groupVersion: "",\n  resources: [{\n    name: "events",\n    singularName: "event",\n    namespaced: true,\n    group: "events.k8s.io",\n    version: "v1",\n    kind: "Event",\n    verbs: [\n      "create",\n      "delete",\n      "deletecollection",\n      "get",\n      "list",\n      "patch",\n      "update",\n      "watch",\n    ],\n    shortNames: [\n      "ev",\n    ],\n  }],\n}',
  ],
  ['kubectl alpha', 'No alpha commands are available in this version of kubectl'],
])('%s', (line, text) => expect(typed(line)).toEqual({ text, code: 0 }))

test.each([
  ['kubectl version foo bar', 'error: extra arguments: [foo bar]'],
  ['kubectl completion', "error: Shell not specified.\nSee 'kubectl completion -h' for help and examples"],
  ['kubectl completion foo', `error: Unsupported shell type "foo".\nSee 'kubectl completion -h' for help and examples`],
  [
    'kubectl completion bash zsh',
    "error: Too many arguments. Expected only the shell type.\nSee 'kubectl completion -h' for help and examples",
  ],
  ['kubectl plugin list --name-only', 'error: unable to find any kubectl plugins in your PATH'],
  ['kubectl explain pod.spec.containers[0]', 'error: invalid jsonpath syntax, first node must be field node'],
  ['kubectl explain pod..spec', 'error: invalid jsonpath syntax, first node must be field node'],
  ['kubectl explain pod.spec[x]', 'error: invalid array index x'],
  ['kubectl explain ""', 'error: a resource must be present, got: /, Resource='],
  ['kubectl explain events.events.k8s.io', 'KIND:       Event\nVERSION:    v1\n\nerror: field "io" does not exist'],
  [
    'kubectl explain deployments.v1.apps',
    'GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\nerror: field "apps" does not exist',
  ],
])('%s', (line, text) => expect(typed(line)).toEqual({ text, code: 1 }))

test('a group may follow the plural before the path', () =>
  expect(typed('kubectl explain deployments.apps.spec.replicas').text).toContain('FIELD: replicas <integer>'))

test('a short name of two kinds is told once, with what else it may mean', () =>
  expect(typed('kubectl get ev -o name').text.match(/Warning.*/g)).toEqual([
    'Warning: short name "ev" could also match lower priority resource events.events.k8s.io',
  ]))

test('version tells both builds whole', () =>
  expect(JSON.parse(typed('kubectl version -o json').text)).toMatchObject({
    clientVersion: { gitVersion: 'v1.36.3', goVersion: 'go1.26.5' },
    serverVersion: { gitVersion: 'v1.36.3', emulationMinor: '36', minCompatibilityMinor: '35' },
  }))
