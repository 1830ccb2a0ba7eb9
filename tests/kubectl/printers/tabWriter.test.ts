import { expect, test } from 'vitest'
import { alignTabs, narrowTabs, wideTabs } from '../../../src/kubectl/printers/tabWriter.ts'

test('pads every cell but the last of a line', () => {
  expect(alignTabs('NAME\tAGE\nlonger-name\t5s\n', wideTabs)).toBe('NAME          AGE\nlonger-name   5s\n')
})

test('keeps a least width', () => {
  expect(alignTabs('A\tB\n', wideTabs)).toBe('A     B\n')
})

test('begins new columns after a line without them', () => {
  expect(alignTabs('Name:\tx\nPods:\n  a:\t1\n', narrowTabs)).toBe('Name:  x\nPods:\n  a:  1\n')
})
