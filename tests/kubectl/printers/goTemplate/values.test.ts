import { expect, test } from 'vitest'
import { carriedOut, type Row } from './carryOut.ts'

// What Go's text/template made of these.
const values: readonly Row[] = [
  ['', ''],
  ['plain text', 'plain text'],
  ['{{.kind}}', 'Pod'],
  [
    '{{.}}',
    'map[data:map[odd:a! pass:cEBzcyB3b3Jk torn:cGE] kind:Pod metadata:map[labels:map[app:web tier:front] name:web-0 owner:<nil>] spec:map[big:1.234567891e+06 containers:[map[image:nginx:1.27 name:nginx ports:[80 443]] map[name:side]] empty: greeting:héllo ☸ list:[1 2 3] mixed:[1 a true <nil> 2.5 map[k:v]] none:[] on:true ratio:0.5 replicas:3]]',
  ],
  ['{{$.metadata.name}}', 'web-0'],
  ['{{.missing}}', '<no value>'],
  ['{{.missing.deeper}}', '<no value>'],
  ['{{.metadata.owner}}', '<no value>'],
  [
    '{{.metadata.owner.name}}',
    '',
    'template: output:1:11: executing "output" at <.metadata.owner.name>: nil pointer evaluating interface {}.name',
  ],
  [
    '{{.kind.name}}',
    '',
    'template: output:1:7: executing "output" at <.kind.name>: can\'t evaluate field name in type interface {}',
  ],
  [
    '{{.spec.containers.name}}',
    '',
    'template: output:1:7: executing "output" at <.spec.containers.name>: can\'t evaluate field name in type interface {}',
  ],
  ['{{.spec.ratio}} {{.spec.big}} {{.spec.replicas}}', '0.5 1.234567891e+06 3'],
  ['{{.spec.mixed}}', '[1 a true <nil> 2.5 map[k:v]]'],
  ['{{.metadata.labels}}', 'map[app:web tier:front]'],
  ['{{nil}}', '', 'template: output:1:2: executing "output" at <nil>: nil is not a command'],
  ['{{1}} {{-2}} {{0x1F}} {{0b11}} {{0o17}} {{017}} {{1_000}}', '1 -2 31 3 15 15 1000'],
  ['{{1.5}} {{1e3}} {{0x1p4}} {{1e30}} {{.5}}', '1.5 1000 16 1e+30 0.5'],
  ["{{'a'}} {{'☸'}} {{'\\n'}} {{'\\x41'}}", '97 9784 10 65'],
  ['{{1+2i}} {{2i}}', '(1+2i) (0+2i)'],
  [
    '{{9223372036854775808}}',
    '',
    'template: output:1:2: executing "output" at <9223372036854775808>: 9223372036854775808 overflows int',
  ],
  ['{{99999999999999999999}}', '', 'template: output:1: integer overflow: "99999999999999999999"'],
  ['{{"a\\tb\\u2638\\x41\\101"}}', 'a\tb☸AA'],
  ['{{`a\\t"b"`}}', 'a\\t"b"'],
  ['{{true}} {{false}}', 'true false'],
  ['{{.kind 1}}', '', 'template: output:1:2: executing "output" at <.kind>: kind is not a method but has arguments'],
  ['{{1 2}}', '', 'template: output:1:2: executing "output" at <1>: can\'t give argument to non-function 1'],
  ['{{(index .spec.containers 0).name}}', 'nginx'],
  ['{{(.metadata).labels.app}}', 'web'],
  ['{{(.kind).x}}', '', 'template: output:1:3: executing "output" at <.kind>: can\'t evaluate field x in type string'],
  [
    '{{.metadata.labels.app.x}}',
    '',
    'template: output:1:11: executing "output" at <.metadata.labels.app.x>: can\'t evaluate field x in type interface {}',
  ],
  ['{{"x".y}}', '', 'template: output:1: unexpected . after term "\\"x\\""'],
  ['{{print.x}}', '', 'template: output:1:2: executing "output" at <print>: can\'t evaluate field x in type string'],
]

test.each(values.map((row) => [row[0], row] as const))('values: %s', (_, row) => {
  expect(carriedOut(row[0])).toEqual(row)
})
