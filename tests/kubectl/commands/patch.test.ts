import { expect, test } from 'vitest'
import { typed } from './lines.ts'

const files = {
  'cm.yaml': '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}\n',
  'torn.yaml': 'data: [\n',
}
const before = 'kubectl create -f cm.yaml'
const rejected = 'The request is invalid: the server rejected our request due to an error in our request'

// upstream: kubectl/pkg/cmd/patch/patch.go, apimachinery/pkg/util/yaml ToJSON
test.each([
  [`-p '['`, 'error: unable to parse "[": yaml: line 1: did not find expected node content'],
  [
    `-p '[{"op":"add"'`,
    `error: unable to parse "[{\\"op\\":\\"add\\"": yaml: line 1: did not find expected ',' or '}'`,
  ],
  [`-p 'a: b: c'`, 'error: unable to parse "a: b: c": yaml: mapping values are not allowed in this context'],
  ['--patch-file torn.yaml', 'error: unable to parse "": yaml: line 1: did not find expected node content'],
  [`-p '{"data":x}'`, "Error from server (BadRequest): invalid character 'x' looking for beginning of value"],
  [`-p '{"data":'`, 'Error from server (BadRequest): unexpected end of JSON input'],
  [
    `-p '[]'`,
    'Error from server (BadRequest): json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  [`--type json -p '[{"op":"add"}]'`, rejected],
  [`--type json -p '[{"op":"remove","path":"/none"}]'`, rejected],
  [`--type merge -p 'data: {k: w}'`, 'configmap/a patched'],
  [`--dry-run=client -p '{"data":'`, 'error: invalid JSON document'],
  [`--dry-run=client --type merge -p 'word'`, 'error: Invalid JSON Patch'],
])('kubectl patch cm a %s', (flags, text) =>
  expect(typed(`${before} && kubectl patch cm a ${flags}`, files).text).toBe(`configmap/a created\n${text}`),
)

test('what is not there is missed before the server looks at its patch', () =>
  expect(typed(`kubectl patch cm a -p '{"data":'`).text).toBe('Error from server (NotFound): configmaps "a" not found'))

test.each(['name', 'wide', 'jsonpath={.kind}'])('kubectl edit -o %s is refused, as nothing could be edited', (format) =>
  expect(typed(`${before} && kubectl edit cm a -o ${format}`, files).text).toBe(
    `configmap/a created\nerror: unable to match a printer suitable for the output format "${format}", allowed formats are: json,kyaml,yaml`,
  ),
)
