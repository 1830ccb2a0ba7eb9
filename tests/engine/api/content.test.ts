import { expect, test } from 'vitest'
import {
  isConfigKey,
  isLabel,
  isLabelValue,
  isPortName,
  isQualifiedName,
  isSubdomainWithUnderscore,
} from '../../../src/engine/api/index.ts'

const wide = (count: number): string => 'é'.repeat(count)

test.each([
  ['a label', isLabel(wide(32)), 'must be no more than 63 characters'],
  ['a label value', isLabelValue(wide(32)), 'must be no more than 63 bytes'],
  ['a qualified name', isQualifiedName(wide(32)), 'name part must be no more than 63 bytes'],
  ['the prefix of a name', isQualifiedName(`${'a'.repeat(254)}/a`), 'prefix part must be no more than 253 bytes'],
  ['the name of a port', isPortName(wide(8)), 'must be no more than 15 characters'],
  ['a config key', isConfigKey(wide(127)), 'must be no more than 253 characters'],
])('counts the bytes of %s', (_, complaints, words) => {
  expect(complaints[0]).toBe(words)
})

test.each([
  ['_sip._tcp.example.com', true],
  ['a_b.c', true],
  ['a_.b', false],
  ['__a', false],
  ['_', false],
])('a search path may have underscores before and inside its parts: %s', (name, isFine) => {
  expect(isSubdomainWithUnderscore(name).length === 0).toBe(isFine)
})
