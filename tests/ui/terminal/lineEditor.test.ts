import { describe, expect, test } from 'vitest'
import { emptyLine, insert, press, remembered, replaceBack } from '../../../src/ui/views/terminal/lineEditor.ts'
import type { Line } from '../../../src/ui/views/terminal/lineEditor.ts'

const at = (text: string, history: readonly string[] = []): Line => {
  const cursor = text.indexOf('|')
  return { ...emptyLine(history), text: text.replace('|', ''), cursor }
}
const shown = ({ text, cursor }: Line) => `${text.slice(0, cursor)}|${text.slice(cursor)}`
const keys = (line: Line, ...pressed: string[]) => pressed.reduce((now, key) => press(now, key).line, line)

const [up, down, left, right, home, end] = ['\x1b[A', '\x1b[B', '\x1b[D', '\x1b[C', '\x1b[H', '\x1b[F']

describe('editing', () => {
  test.each<[string, string, string, string]>([
    ['types at the cursor', 'get |pods', 'x', 'get x|pods'],
    ['erases back', 'pod|s', '\x7f', 'po|s'],
    ['erases nothing at the start', '|pods', '\x7f', '|pods'],
    ['erases on', 'p|ods', '\x1b[3~', 'p|ds'],
    ['erases on by Ctrl-D', 'p|ods', '\x04', 'p|ds'],
    ['moves left', 'po|d', left, 'p|od'],
    ['moves right, not past the end', 'pod|', right, 'pod|'],
    ['goes home', 'get po|ds', home, '|get pods'],
    ['goes to the end', 'g|et pods', end, 'get pods|'],
    ['goes a word back', 'get pods-x|', '\x1bb', 'get pods-|x'],
    ['goes a word on', '|get pods', '\x1bf', 'get| pods'],
    ['cuts a word to the blank', 'get pods/web-x |y', '\x17', 'get |y'],
    ['cuts to the start', 'get |pods', '\x15', '|pods'],
    ['cuts to the end', 'get |pods', '\x0b', 'get |'],
    ['swaps two characters', 'get pdo|', '\x14', 'get pod|'],
    ['takes a picture as one', 'a🚢|', '\x7f', 'a|'],
    ['ignores what it does not know', 'pod|', '\x1b[15~', 'pod|'],
  ])('%s', (_, before, key, after) => {
    expect(shown(press(at(before), key).line)).toBe(after)
  })

  test('puts back what was cut', () => {
    expect(shown(keys(at('get pods|'), '\x17', home, '\x19'))).toBe('pods|get ')
  })

  test('replaces the word before the cursor', () => {
    expect(shown(replaceBack(at('get po| -w'), 4, 'pods '))).toBe('get pods | -w')
    expect(shown(insert(at('a|b'), 'xy'))).toBe('axy|b')
  })

  test.each<[string, string, string | undefined]>([
    ['\r', 'pod|', 'submit'],
    ['\t', 'pod|', 'complete'],
    ['\x03', 'pod|', 'interrupt'],
    ['\x0c', 'pod|', 'clear'],
    ['\x04', '|', 'close'],
    ['\x04', 'p|od', undefined],
    ['a', '|', undefined],
  ])('asks %j on %j for %s', (key, text, ask) => {
    expect(press(at(text), key).ask).toBe(ask)
  })
})

describe('history', () => {
  const history = ['kubectl get pods', 'kubectl get nodes', 'kubectl delete pod web']

  test('goes back and on, and keeps the line of one’s own', () => {
    const line = at('mine|', history)
    expect(shown(keys(line, up))).toBe('kubectl delete pod web|')
    expect(shown(keys(line, up, up, up, up))).toBe('kubectl get pods|')
    expect(shown(keys(line, up, up, down, down))).toBe('mine|')
  })

  test('remembers no blanks and nothing twice in a row', () => {
    expect(remembered(history, '  ')).toBe(history)
    expect(remembered(history, 'kubectl delete pod web ')).toBe(history)
    expect(remembered(history, 'kubectl get pods')).toHaveLength(4)
    expect(
      remembered(
        Array.from({ length: 300 }, (_, index) => `${index}`),
        'last',
      ),
    ).toHaveLength(300)
  })

  test('is searched backwards', () => {
    const line = at('|', history)
    const found = keys(line, '\x12', 'g', 'e', 't')
    expect(found.search).toEqual({ query: 'get', found: 1 })
    expect(keys(found, '\x12').search?.found).toBe(0)
    expect(keys(found, '\x12', '\x12').search?.found).toBe(0)
    expect(keys(found, '\x7f').search?.query).toBe('ge')
    expect(keys(found, 'z').search?.found).toBe(-1)
  })

  test('takes what was found, and runs it by Enter', () => {
    const found = keys(at('|', history), '\x12', 'n', 'o', 'd')
    expect(shown(keys(found, end))).toBe('kubectl get nodes|')
    const run = press(found, '\r')
    expect([run.line.text, run.ask]).toEqual(['kubectl get nodes', 'submit'])
    expect(shown(keys(found, '\x07'))).toBe('|')
  })
})
