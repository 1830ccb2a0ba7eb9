import { expect, test } from 'vitest'
import { CommandError } from '../../../../src/kubectl/errors.ts'
import { createTemplatePrinter } from '../../../../src/kubectl/printers/goTemplate/goTemplate.ts'

function printed(template: string, object: unknown, mayMiss = true): { text: string; error?: string } {
  let text = ''
  try {
    createTemplatePrinter(template, mayMiss, (piece) => (text += piece))(object, JSON.stringify(object))
    return { text }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { text, error: error.message }
  }
}

test('prints what the template writes', () => {
  expect(printed('{{.kind}}\n', { kind: 'Pod' })).toEqual({ text: 'Pod\n' })
})

test('refuses a template that makes no sense before it sees an object', () => {
  expect(() => createTemplatePrinter('{{if}}', true, () => undefined)).toThrow(
    'error parsing template {{if}}, template: output:1: missing value for if',
  )
})

test('shows what a failing template wrote, and what it was given', () => {
  expect(printed('a{{.kind.x}}', { kind: 'Pod', size: 2 })).toEqual({
    text:
      `aError executing template: template: output:1:8: executing "output" at <.kind.x>: can't evaluate field x in type interface {}. Printing more information for debugging the template:\n` +
      '\ttemplate was:\n\t\ta{{.kind.x}}\n' +
      '\traw data was:\n\t\t{"kind":"Pod","size":2}\n' +
      '\tobject given to template engine was:\n\t\tmap[kind:Pod size:2]\n\n',
    error: `error executing template "a{{.kind.x}}": template: output:1:8: executing "output" at <.kind.x>: can't evaluate field x in type interface {}`,
  })
})

test('lets keys be missing only where that is allowed', () => {
  expect(printed('{{.none}}', {})).toEqual({ text: '<no value>' })
  expect(printed('{{.none}}', {}, false).error).toMatch(/map has no entry for key "none"$/)
})
