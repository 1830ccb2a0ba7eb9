import { expect, test } from 'vitest'
import { builtInExplainRoot, customExplainRoot, explain } from './door.ts'
import type { DescriptionProvider } from './door.ts'

const texts: Readonly<Record<string, string>> = {
  PodSpec: 'A pod.',
  'PodSpec.restartPolicy': 'When to restart.',
  'PodSpec.hostname':
    'One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen.',
}
const description: DescriptionProvider = (type, field) => texts[field === undefined ? type : `${type}.${field}`]
const explainPod = (...path: string[]) => {
  const root = builtInExplainRoot('', 'v1', 'Pod', description)
  return root && explain({ group: '', version: 'v1', kind: 'Pod', path }, root, false)
}

test('prints one field with its values', () => {
  expect(explainPod('spec', 'restartPolicy')?.stdout.split('\n')).toEqual([
    'KIND:       Pod',
    'VERSION:    v1',
    '',
    'FIELD: restartPolicy <string>',
    'ENUM:',
    '    Always',
    '    Never',
    '    OnFailure',
    '',
    'DESCRIPTION:',
    '    When to restart.',
    '    ',
    '    Possible enum values:',
    '     - `"Always"`',
    '     - `"Never"`',
    '     - `"OnFailure"`',
    '    ',
    '',
    '',
  ])
})

test('wraps texts, and marks a field without one', () => {
  const lines = explainPod('spec')?.stdout.split('\n') ?? []
  const at = lines.indexOf('  hostname\t<string>')
  expect(lines.slice(at + 1, at + 4)).toEqual([
    '    One two three four five six seven eight nine ten eleven twelve thirteen',
    '    fourteen fifteen sixteen.',
    '',
  ])
  expect(lines[lines.indexOf('  nodeName\t<string>') + 1]).toBe('    <no description>')
})

test('prints the head, then an error for a path that leads nowhere', () => {
  expect(explainPod('spec', 'nothing')).toEqual({
    stdout: 'KIND:       Pod\nVERSION:    v1\n\n',
    error: 'error: field "nothing" does not exist',
  })
})

test('enters a type that contains itself only once', () => {
  const root = builtInExplainRoot('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', () => undefined)
  const subject = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition', path: ['spec'] }
  const lines = root ? explain(subject, root, true).stdout.split('\n') : []
  expect(lines.filter((line) => /^ +not\t<JSONSchemaProps>$/.test(line))).toHaveLength(1)
})

test('prints a custom kind', () => {
  const spec = {
    type: 'object',
    required: ['size'],
    properties: { size: { type: 'integer', description: 'How big.' }, tags: { type: 'array', items: {} } },
  }
  const root = customExplainRoot({ type: 'object', properties: { spec } }, () => undefined)
  const subject = { group: 'example.com', version: 'v1', kind: 'Boat', path: ['spec'] }
  expect(explain(subject, root, false).stdout).toBe(
    'GROUP:      example.com\nKIND:       Boat\nVERSION:    v1\n\nFIELD: spec <Object>\n\n\nDESCRIPTION:\n    <empty>\nFIELDS:\n' +
      '  size\t<integer> -required-\n    How big.\n\n  tags\t<[]Object>\n    <no description>\n\n\n',
  )
  expect(explain({ ...subject, path: [] }, root, true).stdout).toContain('  metadata\t<ObjectMeta>\n')
})
