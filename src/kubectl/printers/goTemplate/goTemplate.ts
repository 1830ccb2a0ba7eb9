import { CommandError } from '../../errors.ts'
import { toBytes, toText } from './bytes.ts'
import { execute, type Executed } from './execute.ts'
import { TemplateError } from './failure.ts'
import { functions } from './functions.ts'
import { parseTemplate } from './parse.ts'
import { sprintHeld } from './print.ts'
import { quote } from './quote.ts'
import { decodeData } from './values.ts'

/** Carries a template out over data from JSON. */
export type GoTemplate = (data: unknown) => Executed

const known: ReadonlySet<string> = new Set(functions.keys())

/** Reads a Go template. Throws a TemplateError. */
export function readTemplate(template: string, mayMiss = true): GoTemplate {
  const text = toBytes(template)
  const templates = parseTemplate(text, 'output', known)
  return (data) => execute(templates, text, 'output', decodeData(data), !mayMiss)
}

/**
 * Makes the printer of a Go template. `write` gets what it prints, and where the template fails what helps to mend it.
 * Throws a CommandError where the template makes no sense, or fails.
 */
// upstream: cli-runtime/pkg/genericclioptions/template_flags.go, cli-runtime/pkg/printers/template.go
export function createTemplatePrinter(
  template: string,
  mayMiss: boolean,
  write: (text: string) => void,
): (object: unknown, json: string) => void {
  const run = readOrRefuse(template, mayMiss)
  return (object, json) => {
    const { text, error } = run(object)
    write(text)
    if (error === undefined) return
    const message = toText(error.message)
    const held = decodeData(object) ?? undefined
    write(
      `Error executing template: ${message}. Printing more information for debugging the template:\n` +
        `\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${json}\n` +
        `\tobject given to template engine was:\n\t\t${toText(sprintHeld(held))}\n\n`,
    )
    throw new CommandError(`error executing template ${toText(quote(toBytes(template)))}: ${message}`)
  }
}

function readOrRefuse(template: string, mayMiss: boolean): GoTemplate {
  try {
    return readTemplate(template, mayMiss)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    throw new CommandError(`error parsing template ${template}, ${toText(error.message)}`)
  }
}
