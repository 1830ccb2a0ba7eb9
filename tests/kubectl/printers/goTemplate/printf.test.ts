import { expect, test } from 'vitest'
import { carriedOut, type Row } from './carryOut.ts'

// What Go's text/template made of these.
const printf: readonly Row[] = [
  [
    '{{printf "%05d|%-5d|%+d|% d|%x|%X|%o|%b|%#x" 42 42 42 42 255 255 8 5 255}}',
    '00042|42   |+42| 42|ff|FF|10|101|0xff',
  ],
  ['{{printf "%5s|%-5s|%.2s|%q|%x" "ab" "ab" "abc" "a\\"b" "hi"}}', '   ab|ab   |ab|"a\\"b"|6869'],
  [
    '{{printf "%f|%.2f|%8.3f|%e|%g|%G|%06.1f" 3.14159 3.14159 3.14159 1234.5 1e21 1e-7 2.55}}',
    '3.141590|3.14|   3.142|1.234500e+03|1e+21|1E-07|0002.5',
  ],
  [
    '{{printf "%v %+v %#v %T" .spec.mixed .metadata .metadata.labels .spec}}',
    '[1 a true <nil> 2.5 map[k:v]] map[labels:map[app:web tier:front] name:web-0 owner:<nil>] map[string]interface {}{"app":"web", "tier":"front"} map[string]interface {}',
  ],
  [
    '{{printf "%T %T %T %T %T %T" 1 .spec.replicas .spec.ratio "s" nil .spec.list}}',
    'int int64 float64 string <nil> []interface {}',
  ],
  ['{{printf "%t %v %c %U %#U %q" true false 9784 9784 9784 97}}', "true false ☸ U+2638 U+2638 '☸' 'a'"],
  ['{{printf "%d" "x"}}', '%!d(string=x)'],
  ['{{printf "%s" 3}}', '%!s(int=3)'],
  ['{{printf "%d %d" 1}}', '1 %!d(MISSING)'],
  ['{{printf "%d" 1 2 "x"}}', '1%!(EXTRA int=2, string=x)'],
  ['{{printf "%!"}}', '%!!(MISSING)'],
  ['{{printf "%"}}', '%!(NOVERB)'],
  ['{{printf "%z" 1}}', '%!z(int=1)'],
  ['{{printf "%*d|%-*d|%.*f" 5 42 5 42 2 3.14159}}', '   42|42   |3.14'],
  ['{{printf "%*d" "x" 1}}', '%!(BADWIDTH)1'],
  ['{{printf "%[2]d %[1]d" 1 2}}', '2 1'],
  ['{{printf "%[3]d" 1}}', '%!d(BADINDEX)'],
  ['{{printf "%[x]d" 1}}', '%!d(BADINDEX)'],
  ['{{printf "%d%%" 50}}', '50%'],
  ['{{printf "%s" .missing}}', '%!s(<nil>)'],
  ['{{printf "%v" .missing}}', '<nil>'],
  ['{{printf "%s" .spec.list}}', '[%!s(int64=1) %!s(int64=2) %!s(int64=3)]'],
  ['{{printf "%d" .spec.list}}', '[1 2 3]'],
  ['{{printf "%q" .metadata.labels}}', 'map["app":"web" "tier":"front"]'],
  ['{{printf "%5v" .spec.list}}', '[    1     2     3]'],
  [
    '{{printf "%x" .spec.greeting}}|{{printf "% X" "hi"}}|{{printf "%#q" "a`b"}}|{{printf "%#q" "ab"}}|{{printf "%+q" "☸"}}',
    '68c3a96c6c6f20e298b8|68 69|"a`b"|`ab`|"\\u2638"',
  ],
  ['{{printf "%6.2f%%|%+.1e|%x|%b" 12.345 12345.0 1.5 1.5}}', ' 12.35%|+1.2e+04|0x1.8p+00|6755399441055744p-52'],
  ['{{printf "%.0f %.0f %.0f %.1f" 0.5 1.5 2.5 0.25}}', '0 2 2 0.2'],
  ['{{printf "%10.3v|%-10v|%010v" 3.14159 "é" -42}}', '      3.14|é         |-000000042'],
  ['{{printf "%v %.1f" 1+2i 2i}}', '(1+2i) (0.0+2.0i)'],
  ['{{printf "%w" 1}}', '%!w(int=1)'],
  ['{{printf 1}}', '', 'template: output:1:9: executing "output" at <1>: expected string; found 1'],
  [
    '{{printf}}',
    '',
    'template: output:1:2: executing "output" at <printf>: wrong number of args for printf: want at least 1 got 0',
  ],
  ['{{printf .missing}}', '', 'template: output:1:9: executing "output" at <.missing>: invalid value; expected string'],
  ['{{"%s!" | printf}}', '%!s(MISSING)!'],
  ['{{.kind | printf "%s-%s" "a"}}', 'a-Pod'],
  ['{{printf "%20000000d" 1}}', '%!(NOVERB)%!(EXTRA int=1)'],
  ['{{printf "%v %v %v" 100000.0 1000000.0 1e20}}', '100000 1e+06 1e+20'],
  ['{{printf "%08.3f|%+08d|%-08d|% 05d" -3.14159 42 42 42}}', '-003.142|+0000042|42      | 0042'],
]

test.each(printf.map((row) => [row[0], row] as const))('printf: %s', (_, row) => {
  expect(carriedOut(row[0])).toEqual(row)
})
