import { describe, expect, test } from 'vitest'
import { decorate, drawLine, inColumns, measure, sharedStart, widthOf } from '../../../src/ui/views/terminal/drawing.ts'
import { keysOf } from '../../../src/ui/views/terminal/keys.ts'
import { emptyLine } from '../../../src/ui/views/terminal/lineEditor.ts'

describe('measuring', () => {
  test.each<[string, number, { row: number; column: number }]>([
    ['', 10, { row: 0, column: 2 }],
    ['abcdefg', 10, { row: 0, column: 9 }],
    ['abcdefgh', 10, { row: 1, column: 0 }],
    ['abcdefghij', 10, { row: 1, column: 2 }],
    ['a\nbc', 10, { row: 1, column: 4 }],
    ['日本', 10, { row: 0, column: 6 }],
  ])('%j on %i columns', (text, columns, place) => {
    expect(measure(text, columns)).toEqual(place)
  })

  test('counts wide characters twice', () => expect(widthOf('a日🚢')).toBe(5))
})

describe('drawing', () => {
  const line = { ...emptyLine(), text: 'abcdefghij', cursor: 3 }

  test('puts the cursor where it belongs', () => {
    const { output, row } = drawLine(line, false, 0, 10, 24)
    expect(row).toBe(0)
    expect(output.endsWith('\x1b[1A\r\x1b[5C')).toBe(true)
  })

  test('begins at the row of the prompt', () => {
    expect(drawLine(line, false, 2, 10, 24).output.startsWith('\x1b[2A\r\x1b[J')).toBe(true)
  })

  test('shows the end of what is taller than the screen', () => {
    const text = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n')
    const { output, row } = drawLine({ ...emptyLine(), text, cursor: text.length }, false, 0, 80, 10)
    expect(output).not.toContain('line 3\r')
    expect(output).toContain('line 29')
    expect(row).toBeLessThan(10)
  })
})

test('lists words in columns, read downwards', () => {
  expect(inColumns(['a', 'b', 'c'], 8)).toBe('a  c\nb\n')
})

test.each([
  [['deploy', 'deployments'], 'deploy'],
  [['a', 'b'], ''],
  [['one'], 'one'],
])('%j begin alike with %j', (words, start) => expect(sharedStart(words)).toBe(start))

describe('decoration', () => {
  const [dim, fault, plain] = ['\x1b[90m', '\x1b[31m', '\x1b[0m']
  test.each<[string, string]>([
    ['NAME   READY   STATUS', `${dim}NAME   READY   STATUS${plain}`],
    ['NAME   UP-TO-DATE   PORT(S)', `${dim}NAME   UP-TO-DATE   PORT(S)${plain}`],
    [
      'Error from server (NotFound): pods "x" not found',
      `${fault}Error from server (NotFound): pods "x" not found${plain}`,
    ],
    ['web-1   1/1   Running', 'web-1   1/1   Running'],
    ['NAME', 'NAME'],
  ])('%j', (line, decorated) => expect(decorate(line, true)).toBe(decorated))

  test('leaves the rest of a line alone', () => expect(decorate('error: x', false)).toBe('error: x'))
})

test('tells keys, sequences and pasted text apart', () => {
  expect(keysOf('a\x1b[A\x1bb\x1b[1;5C\r')).toEqual([
    { key: 'a' },
    { key: '\x1b[A' },
    { key: '\x1bb' },
    { key: '\x1b[1;5C' },
    { key: '\r' },
  ])
  expect(keysOf('x\x1b[200~a\r\n\tb\x1b[201~y')).toEqual([{ key: 'x' }, { pasted: 'a\n\tb' }, { key: 'y' }])
  expect(keysOf('🚢')).toEqual([{ key: '🚢' }])
})
