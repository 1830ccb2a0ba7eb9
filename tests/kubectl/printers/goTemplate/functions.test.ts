import { expect, test } from 'vitest'
import { carriedOut, type Row } from './carryOut.ts'

// What Go's text/template made of these.
const functions: readonly Row[] = [
  ['{{len .spec.containers}} {{len .kind}} {{len .metadata.labels}} {{len .spec.greeting}}', '2 3 2 10'],
  [
    '{{len .missing}}',
    '',
    'template: output:1:2: executing "output" at <len .missing>: error calling len: reflect: call of reflect.Value.Type on zero Value',
  ],
  [
    '{{len .metadata.owner}}',
    '',
    'template: output:1:2: executing "output" at <len .metadata.owner>: error calling len: len of nil pointer',
  ],
  ['{{len 3}}', '', 'template: output:1:2: executing "output" at <len 3>: error calling len: len of type int'],
  ['{{len}}', '', 'template: output:1:2: executing "output" at <len>: wrong number of args for len: want 1 got 0'],
  ['{{len 1 2}}', '', 'template: output:1:2: executing "output" at <len>: wrong number of args for len: want 1 got 2'],
  ['{{.kind | len}}', '3'],
  ['{{index .spec.list 1}} {{index .metadata.labels "app"}} {{index "abc" 1}}', '2 web 98'],
  [
    '{{index .spec.containers 2}}',
    '',
    'template: output:1:2: executing "output" at <index .spec.containers 2>: error calling index: reflect: slice index out of range',
  ],
  [
    '{{index .spec.containers 3}}',
    '',
    'template: output:1:2: executing "output" at <index .spec.containers 3>: error calling index: index out of range: 3',
  ],
  [
    '{{index .spec.containers -1}}',
    '',
    'template: output:1:2: executing "output" at <index .spec.containers -1>: error calling index: index out of range: -1',
  ],
  [
    '{{index .spec.containers "x"}}',
    '',
    'template: output:1:2: executing "output" at <index .spec.containers "x">: error calling index: cannot index slice/array with type string',
  ],
  [
    '{{index .metadata.labels 1}}',
    '',
    'template: output:1:2: executing "output" at <index .metadata.labels 1>: error calling index: value has type int; should be string',
  ],
  [
    '{{index .metadata.labels nil}}',
    '',
    'template: output:1:2: executing "output" at <index .metadata.labels nil>: error calling index: value is nil; should be of type string',
  ],
  [
    '{{index .missing 1}}',
    '',
    'template: output:1:2: executing "output" at <index .missing 1>: error calling index: index of untyped nil',
  ],
  [
    '{{index .metadata.owner "x"}}',
    '',
    'template: output:1:2: executing "output" at <index .metadata.owner "x">: error calling index: index of untyped nil',
  ],
  [
    '{{index .spec.replicas 1}}',
    '',
    'template: output:1:2: executing "output" at <index .spec.replicas 1>: error calling index: can\'t index item of type int64',
  ],
  ['{{index .spec.containers 0 "ports" 1}}', '443'],
  [
    '{{index .metadata "nothing" "deeper"}}',
    '',
    'template: output:1:2: executing "output" at <index .metadata "nothing" "deeper">: error calling index: index of nil pointer',
  ],
  [
    '{{slice .spec.list 1}} {{slice .spec.list 1 2}} {{slice .kind 1 2}} {{slice .spec.list 0 1 2}} {{slice .spec.list 0 4}}',
    '[2 3] [2] o [1] [1 2 3 <nil>]',
  ],
  [
    '{{slice .spec.list 3 2}}',
    '',
    'template: output:1:2: executing "output" at <slice .spec.list 3 2>: error calling slice: invalid slice index: 3 > 2',
  ],
  [
    '{{slice .spec.list 0 9}}',
    '',
    'template: output:1:2: executing "output" at <slice .spec.list 0 9>: error calling slice: index out of range: 9',
  ],
  [
    '{{slice .kind 0 1 2}}',
    '',
    'template: output:1:2: executing "output" at <slice .kind 0 1 2>: error calling slice: cannot 3-index slice a string',
  ],
  [
    '{{slice .metadata}}',
    '',
    'template: output:1:2: executing "output" at <slice .metadata>: error calling slice: can\'t slice item of type map[string]interface {}',
  ],
  [
    '{{slice .kind .spec.replicas}}',
    '',
    'template: output:1:2: executing "output" at <slice .kind .spec.replicas>: error calling slice: cannot index slice/array with type interface {}',
  ],
  ['{{slice .spec.greeting 0 2 | printf "%q"}}', '"h\\xc3"'],
  ['{{and 1 0 2}} {{and 1 2}} {{or 0 "" "x"}} {{or 0 ""}} {{not 0}} {{not .kind}}', '0 2 x  true false'],
  ['{{or true (index .spec.list 9)}}', 'true'],
  [
    '{{and}}',
    '',
    'template: output:1:2: executing "output" at <and>: wrong number of args for and: want at least 1 got 0',
  ],
  [
    '{{eq .kind "Pod"}} {{eq 1 2 1}} {{ne .kind "Pod"}} {{eq .missing nil}} {{eq .metadata.owner nil}} {{eq .spec.replicas 3}}',
    'true true false true true true',
  ],
  [
    '{{eq 1 "1"}}',
    '',
    'template: output:1:2: executing "output" at <eq 1 "1">: error calling eq: incompatible types for comparison: int and string',
  ],
  [
    '{{eq .spec.list .spec.list}}',
    '',
    'template: output:1:2: executing "output" at <eq .spec.list .spec.list>: error calling eq: non-comparable type [%!s(int64=1) %!s(int64=2) %!s(int64=3)]: []interface {}',
  ],
  [
    '{{eq .spec.list .metadata}}',
    '',
    'template: output:1:2: executing "output" at <eq .spec.list .metadata>: error calling eq: non-comparable types [%!s(int64=1) %!s(int64=2) %!s(int64=3)]: []interface {}, map[string]interface {}: map[labels:map[app:web tier:front] name:web-0 owner:<nil>]',
  ],
  [
    '{{eq .spec.ratio 1}}',
    '',
    'template: output:1:2: executing "output" at <eq .spec.ratio 1>: error calling eq: incompatible types for comparison: float64 and int',
  ],
  [
    '{{eq}}',
    '',
    'template: output:1:2: executing "output" at <eq>: wrong number of args for eq: want at least 1 got 0',
  ],
  [
    '{{eq 1}}',
    '',
    'template: output:1:2: executing "output" at <eq 1>: error calling eq: missing argument for comparison',
  ],
  ['{{lt 1 2}} {{le 2 2}} {{gt "b" "a"}} {{ge 1.5 2.5}}', 'true true true false'],
  [
    '{{lt 1 1.5}}',
    '',
    'template: output:1:2: executing "output" at <lt 1 1.5>: error calling lt: incompatible types for comparison: int and float64',
  ],
  [
    '{{lt .missing 1}}',
    '',
    'template: output:1:2: executing "output" at <lt .missing 1>: error calling lt: invalid type for comparison',
  ],
  [
    '{{lt true false}}',
    '',
    'template: output:1:2: executing "output" at <lt true false>: error calling lt: invalid type for comparison',
  ],
  ['{{lt 1}}', '', 'template: output:1:2: executing "output" at <lt>: wrong number of args for lt: want 2 got 1'],
  ['{{ne 1 2 3}}', '', 'template: output:1:2: executing "output" at <ne>: wrong number of args for ne: want 2 got 3'],
  ['{{print 1 2 "a" "b" 3}}|{{print}}|{{println 1 "a"}}', '1 2ab3||1 a\n'],
  ['{{print .missing .metadata.owner}}', '<nil> <nil>'],
  ['{{html "<a href=\'x\'>&\\"" .missing}}', '&lt;a href=&#39;x&#39;&gt;&amp;&#34;&lt;no value&gt;'],
  ['{{js "it\'s <b> \\"x\\" = ☸\\n\\u0001\\u00ad"}}', 'it\\\'s \\u003Cb\\u003E \\"x\\" \\u003D ☸\\u000A\\u0001\\u00AD'],
  ['{{urlquery "a b&c=☸~-_."}}', 'a+b%26c%3D%E2%98%B8~-_.'],
  [
    '{{call .kind}}',
    '',
    'template: output:1:2: executing "output" at <call .kind>: error calling call: non-function .kind of type string',
  ],
  ['{{call nil}}', '', 'template: output:1:2: executing "output" at <call nil>: error calling call: call of nil'],
  [
    '{{.spec.replicas | call}}',
    '',
    'template: output:1:19: executing "output" at <call>: error calling call: non-function <int64 Value> of type int64',
  ],
  [
    '{{exists .metadata "labels" "app"}} {{exists .metadata "labels" "no"}} {{exists .spec.containers 1}} {{exists .spec.containers 2}} {{exists .missing 1}}',
    'true false true false false',
  ],
  ['{{.data.pass | base64decode}}', 'p@ss word'],
  [
    '{{base64decode .data.torn}}',
    '',
    'template: output:1:2: executing "output" at <base64decode .data.torn>: error calling base64decode: base64 decode failed: illegal base64 data at input byte 0',
  ],
  [
    '{{base64decode .data.odd}}',
    '',
    'template: output:1:2: executing "output" at <base64decode .data.odd>: error calling base64decode: base64 decode failed: illegal base64 data at input byte 1',
  ],
  [
    '{{base64decode .missing}}',
    '',
    'template: output:1:15: executing "output" at <.missing>: invalid value; expected string',
  ],
  ['{{base64decode 1}}', '', 'template: output:1:15: executing "output" at <1>: expected string; found 1'],
  [
    '{{base64decode .spec.replicas}}',
    '',
    'template: output:1:20: executing "output" at <.spec.replicas>: wrong type for value; expected string; got int64',
  ],
  [
    '{{base64decode .metadata.owner}}',
    '',
    'template: output:1:24: executing "output" at <.metadata.owner>: wrong type for value; expected string; got interface {}',
  ],
  ['{{nofunc 1}}', '', 'template: output:1: function "nofunc" not defined'],
  ['{{.kind | nofunc}}', '', 'template: output:1: function "nofunc" not defined'],
  ['{{upper .kind}}', '', 'template: output:1: function "upper" not defined'],
]

test.each(functions.map((row) => [row[0], row] as const))('functions: %s', (_, row) => {
  expect(carriedOut(row[0])).toEqual(row)
})
