import { expect, test } from 'vitest'
import { carriedOut, type Row } from './carryOut.ts'

// What Go's text/template made of these.
const strict: readonly Row[] = [
  ['{{.missing}}', '', 'template: output:1:2: executing "output" at <.missing>: map has no entry for key "missing"'],
  ['{{.kind}}', 'Pod'],
  [
    '{{.missing.deeper}}',
    '',
    'template: output:1:10: executing "output" at <.missing.deeper>: map has no entry for key "missing"',
  ],
  ['{{.metadata.owner}}', '<no value>'],
  [
    '{{.metadata.owner.x}}',
    '',
    'template: output:1:11: executing "output" at <.metadata.owner.x>: nil pointer evaluating interface {}.x',
  ],
  ['{{index .metadata "missing"}}', '<no value>'],
  [
    '{{(index .metadata "missing").x}}',
    '',
    'template: output:1:19: executing "output" at <"missing">: nil data; no entry for key "x"',
  ],
  [
    '{{$x := .kind}}{{with .missing}}{{end}}',
    '',
    'template: output:1:22: executing "output" at <.missing>: map has no entry for key "missing"',
  ],
  [
    '{{if .missing}}{{end}}',
    '',
    'template: output:1:5: executing "output" at <.missing>: map has no entry for key "missing"',
  ],
]

test.each(strict.map((row) => [row[0], row] as const))('missing keys that may not be missing: %s', (_, row) => {
  expect(carriedOut(row[0], false)).toEqual(row)
})
