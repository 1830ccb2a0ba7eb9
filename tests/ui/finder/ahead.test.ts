import { expect, test } from 'vitest'
import { takeAhead, typeAhead } from '../../../src/ui/views/finder/ahead.ts'

const typed = (key: string, ctrlKey = false) => typeAhead({ key, ctrlKey, metaKey: false, altKey: false })

test('what is typed while the finder loads is kept for its field, once', () => {
  expect(['c', 'o', 'x', 'Backspace', 'r'].map((key) => typed(key))).toEqual(Array(5).fill(true))
  expect([typed('Enter'), typed('Escape'), typed('k', true)]).toEqual([false, false, false])
  expect([takeAhead(), takeAhead()]).toEqual(['cor', ''])
})
