import { expect, test } from 'vitest'
import { carriedOut } from './carryOut.ts'

const tooLong = /the template takes too long$/
const tooDeep = 'template: output:1: max expression depth exceeded'

test.each<[string, string, RegExp | string]>([
  ['a range without end', '{{range 1000000000000}}{{end}}', tooLong],
  ['a range that writes without end', `{{range 1000000000000}}${'x'.repeat(1000)}{{end}}`, tooLong],
  ['padding without end', '{{range 1000000000000}}{{printf "%1000000d" 1}}{{end}}', tooLong],
  ['a text that doubles', '{{$x := "aaaaaaaaaa"}}{{range 100}}{{$x = print $x $x}}{{end}}', tooLong],
  ['one huge result', `{{printf "${'%[1]*[1]d'.repeat(100)}" 1000000}}`, /result exceeds 33554432 bytes$/],
  ['parentheses in each other', `{{${'('.repeat(10_000)}1${')'.repeat(10_000)}}}`, tooDeep],
  ['blocks in each other', '{{if 1}}'.repeat(10_000) + '{{end}}'.repeat(10_000), tooDeep],
  ['one else after another', `{{if 0}}${'{{else if 0}}'.repeat(10_000)}{{end}}`, tooDeep],
  ['a huge number', `{{1${'0'.repeat(100_000)}}}`, /illegal number syntax/],
])('stops at %s', (_, template, error) => {
  expect(carriedOut(template)[2]).toMatch(error)
})

test('lets a template call itself as often as Go does', () => {
  const counted = '{{define "t"}}{{if .}}.{{template "t" (slice . 1)}}{{end}}{{end}}{{template "t" .}}'
  expect(carriedOut(counted, true, Array(50_000).fill(1))[1]).toBe('.'.repeat(50_000))
})
