import { expect, test } from 'vitest'
import { carriedOut, type Row } from './carryOut.ts'

// What Go's text/template made of these.
const blocks: readonly Row[] = [
  ['{{if .kind}}a{{else}}b{{end}}', 'a'],
  ['{{if .missing}}a{{else if .spec.on}}b{{else}}c{{end}}', 'b'],
  [
    '{{if eq 1 "a"}}{{end}}',
    '',
    'template: output:1:5: executing "output" at <eq 1 "a">: error calling eq: incompatible types for comparison: int and string',
  ],
  ['{{with .metadata}}{{.name}}{{end}}', 'web-0'],
  ['{{with .missing}}a{{else with .kind}}{{.}}{{else}}c{{end}}', 'Pod'],
  ['{{with $x := .kind}}{{$x}}{{end}}', 'Pod'],
  ['{{with $x := .kind}}{{end}}{{$x}}', '', 'template: output:1: undefined variable "$x"'],
  ['{{range .spec.list}}{{.}},{{end}}', '1,2,3,'],
  ['{{range $i, $c := .spec.containers}}{{$i}}={{$c.name}} {{end}}', '0=nginx 1=side '],
  ['{{range $k, $v := .metadata.labels}}{{$k}}={{$v}} {{end}}', 'app=web tier=front '],
  ['{{range $v := .metadata.labels}}{{$v}} {{end}}', 'web front '],
  ['{{range .spec.none}}x{{else}}none{{end}}', 'none'],
  ['{{range .missing}}x{{else}}none{{end}}', 'none'],
  ['{{range 3}}{{.}}{{end}}{{range $i := .spec.replicas}}{{$i}}{{end}}', '012012'],
  ['{{range -1}}x{{else}}none{{end}}', 'none'],
  [
    '{{range $i, $v := 3}}{{end}}',
    '',
    'template: output:1:18: executing "output" at <3>: can\'t use 3 to iterate over more than one variable',
  ],
  ['{{range .kind}}{{end}}', '', 'template: output:1:8: executing "output" at <.kind>: range can\'t iterate over Pod'],
  [
    '{{range .spec.ratio}}{{end}}',
    '',
    'template: output:1:13: executing "output" at <.spec.ratio>: range can\'t iterate over 0.5',
  ],
  [
    '{{range .spec.on}}{{end}}',
    '',
    'template: output:1:13: executing "output" at <.spec.on>: range can\'t iterate over true',
  ],
  ['{{range .spec.list}}{{if eq . 2}}{{continue}}{{end}}{{.}}{{end}}', '13'],
  ['{{range .spec.list}}{{if eq . 2}}{{break}}{{end}}{{.}}{{end}}', '1'],
  ['{{range $i, $v := .spec.list}}{{range 2}}{{$v}}{{break}}{{end}}{{end}}', '123'],
  ['{{break}}', '', 'template: output:1: {{break}} outside {{range}}'],
  ['{{range 1}}{{block "b" .}}{{continue}}{{end}}{{end}}', '', 'template: output:1: {{continue}} outside {{range}}'],
  ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
  ['{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}', '1'],
  ['{{$x = 1}}', '', 'template: output:1:7: executing "output" at <1>: undefined variable: $x'],
  ['{{$n := 0}}{{range $n = .spec.list}}{{end}}{{$n}}', '3'],
  ['{{$i := 0}}{{$v := 0}}{{range $i, $v = .spec.list}}{{end}}{{$i}} {{$v}}', '2 3'],
  ['{{$y}}', '', 'template: output:1: undefined variable "$y"'],
  ['{{range $a, $b, $c := .spec.list}}{{end}}', '', 'template: output:1: too many declarations in range'],
  ['{{$a, $b := .kind}}', '', 'template: output:1: too many declarations in command'],
  ['{{define "t"}}[{{.}}]{{end}}{{template "t" .kind}}{{template "t"}}', '[Pod][<no value>]'],
  [
    '{{template "t" .kind}}',
    '',
    'template: output:1:11: executing "output" at <{{template "t" .kind}}>: template "t" not defined',
  ],
  ['{{block "b" .spec}}{{.replicas}}{{end}}{{template "b" .spec}}', '33'],
  ['{{define "t"}}{{$.name}}{{end}}{{template "t" .metadata}}', 'web-0'],
  [
    '{{define "t"}}{{.name.x}}{{end}}{{template "t" .metadata}}',
    '',
    'template: output:1:21: executing "t" at <.name.x>: can\'t evaluate field x in type interface {}',
  ],
  [
    '{{define "t"}}a{{end}}{{define "t"}}b{{end}}',
    '',
    'template: output:1: template: multiple definition of template "t"',
  ],
  ['{{define "t"}} {{end}}{{define "t"}}b{{end}}{{template "t"}}', 'b'],
  ['{{define "output"}}x{{end}}', 'x'],
  ['{{define "t"}}{{if .}}{{index . 0}}{{template "t" (slice . 1)}}{{end}}{{end}}{{template "t" .spec.list}}', '123'],
  [
    '{{define "t"}}{{template "t"}}{{end}}{{template "t"}}',
    '',
    'template: output:1:25: executing "t" at <{{template "t"}}>: exceeded maximum template depth (100000)',
  ],
  ['a  {{- 1 -}}  b', 'a1b'],
  ['a \n{{- .kind -}}\n b', 'aPodb'],
  ['{{-1}} {{ - 1}}', '', 'template: output:1: illegal number syntax: "-"'],
  ['{{/* a comment */}}x{{- /* another */ -}} y', 'xy'],
  ['{{/* open', '', 'template: output:1: unclosed comment'],
  ['{{/* a */ x}}', '', 'template: output:1: comment ends before closing delimiter'],
  ['{{"a" -}} \n b {{- "c"}}', 'abc'],
]

test.each(blocks.map((row) => [row[0], row] as const))('blocks: %s', (_, row) => {
  expect(carriedOut(row[0])).toEqual(row)
})
