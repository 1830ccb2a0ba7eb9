import { expect, test } from 'vitest'
import { onlyLooks, onlyTries } from '../../src/session/looking.ts'

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

test.each([
  ['apply -f a.yaml --dry-run=server', true],
  ['create deployment a --image=b --dry-run=client -o yaml', true],
  ['apply -f a.yaml --dry-run=server --dry-run=none', false],
  ['apply -f a.yaml --dry-run', false],
  ['run a --image=b -- tool --dry-run=client', false],
  ['apply -f a.yaml', false],
])('kubectl %s only tries: %s', (line, tries) => {
  expect(onlyTries(line.split(' '))).toBe(tries)
})
