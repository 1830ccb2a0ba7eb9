import { describe, expect, test } from 'vitest'
import { commandOf } from '../../src/ui/keyboard.ts'
import type { Key, KeyContext } from '../../src/ui/keyboard.ts'

const press = (key: string, changes: Partial<Key & KeyContext> = {}) =>
  commandOf(
    { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...changes },
    { isTyping: false, isPrefixed: false, isMac: false, ...changes },
  )

describe('the keyboard map', () => {
  test.each<[string, ReturnType<typeof press>, unknown]>([
    ['space plays', press(' '), { do: 'play' }],
    ['comma steps back', press(',', { code: 'Comma' }), { do: 'step', by: -1 }],
    [
      'shift and comma go back ten seconds',
      press('<', { code: 'Comma', shiftKey: true }),
      { do: 'step', by: -1, ms: 10_000 },
    ],
    ['g, then t, shows traffic', press('t', { isPrefixed: true }), { do: 'view', view: 'traffic' }],
    ['g, then something else, does nothing', press('x', { isPrefixed: true }), undefined],
    ['t alone does nothing', press('t'), undefined],
    ['a digit chooses a tab', press('3'), { do: 'tab', tab: 'events' }],
    ['control and a digit choose a layout', press('2', { ctrlKey: true }), { do: 'preset', preset: 'edit' }],
    ['single keys belong to inputs', press('b', { isTyping: true }), undefined],
    ['chords work in inputs', press('k', { isTyping: true, ctrlKey: true }), { do: 'overlay', overlay: 'finder' }],
    ['escape works in inputs', press('Escape', { isTyping: true }), { do: 'escape' }],
    ['control is command on a Mac', press('k', { metaKey: true, isMac: true }), { do: 'overlay', overlay: 'finder' }],
    ['control stays control on a Mac', press('k', { ctrlKey: true, isMac: true }), undefined],
    ['shift and F6 go backwards', press('F6', { shiftKey: true }), { do: 'region', by: -1 }],
    [
      'a question mark shows the map',
      press('?', { shiftKey: true, code: 'Slash' }),
      { do: 'overlay', overlay: 'help' },
    ],
    ['control and a backtick go to the terminal', press('`', { isTyping: true, ctrlKey: true }), { do: 'terminal' }],
    ['on a Mac too', press('`', { ctrlKey: true, isMac: true }), { do: 'terminal' }],
    ['Alt is not ours', press('b', { altKey: true }), undefined],
  ])('%s', (_, command, expected) => expect(command).toEqual(expected))
})
