import { expect, test } from 'vitest'
import { bool, int, list, strings, text } from '../../../src/kubectl/args/flags.ts'
import { parseLine } from '../../../src/kubectl/args/parse.ts'
import { splitWords } from '../../../src/kubectl/args/words.ts'

const flags = {
  all: bool('', false, { short: 'A' }),
  watch: bool('', false, { short: 'w' }),
  output: text('', '', { short: 'o' }),
  dry: text('', 'none', { bare: 'client' }),
  replicas: int('', 1, { short: 'r' }),
  image: list(''),
  file: strings('', { short: 'f' }),
}

test.each([
  ['get pods -o wide', { output: 'wide' }, ['get', 'pods']],
  ['-owide pods', { output: 'wide' }, ['pods']],
  ['-Aw', { all: true, watch: true }, []],
  ['-Ao=yaml', { all: true, output: 'yaml' }, []],
  ['--dry pods', { dry: 'client' }, ['pods']],
  ['--dry=server', { dry: 'server' }, []],
  ['--all=false', { all: false }, []],
  ['-f a,b -f c', { file: ['a', 'b', 'c'] }, []],
  ['--image=a,b --image c', { image: ['a,b', 'c'] }, []],
  ['-f -', { file: ['-'] }, []],
])('%s', (line, values, args) => {
  const result = parseLine(splitWords(line), flags)
  expect(result.args).toEqual(args)
  expect(result.values).toMatchObject(values)
})

test('leaves everything after -- alone', () => {
  expect(parseLine(['run', 'web', '--', 'ls', '-l'], flags)).toMatchObject({
    args: ['run', 'web', 'ls', '-l'],
    dash: 2,
  })
})

test.each([
  ['--colour', 'unknown flag: --colour'],
  ['-z', "unknown shorthand flag: 'z' in -z"],
  ['-Aoz -x', "unknown shorthand flag: 'x' in -x"],
  ['-o', "flag needs an argument: 'o' in -o"],
  ['--output', 'flag needs an argument: --output'],
  ['-r two', 'invalid argument "two" for "-r, --replicas" flag: strconv.ParseInt: parsing "two": invalid syntax'],
  [
    '--watch=perhaps',
    'invalid argument "perhaps" for "-w, --watch" flag: strconv.ParseBool: parsing "perhaps": invalid syntax',
  ],
])('refuses %s', (line, complaint) => {
  expect(() => parseLine(splitWords(line), flags)).toThrow(complaint)
})

test.each([
  [`-p '{"a": 1}'`, ['-p', '{"a": 1}']],
  [`a\\ b "c \\"d\\"" --x='y z'`, ['a b', 'c "d"', '--x=y z']],
])('splits %s as a shell does', (line, words) => {
  expect(splitWords(line)).toEqual(words)
})
