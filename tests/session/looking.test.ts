import { expect, test } from 'vitest'
import { onlyLooks } from '../../src/session/looking.ts'

test.each([
  ['get pods', true],
  ['-n demo get pods -o wide', true],
  ['--namespace=demo describe pod web', true],
  ['get pods -w', false],
  ['get pods -Aw', false],
  ['logs -f web', false],
  ['get --raw=/api', false],
  ['scale deployment get --replicas=1', false],
  ['delete pod get', false],
  ['config view', false],
])('kubectl %s only looks: %s', (line, looks) => {
  expect(onlyLooks(line.split(' '))).toBe(looks)
})
