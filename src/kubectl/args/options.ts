import { CommandError } from '../errors.ts'
import type { RequestOptions } from '../engine.ts'
import type { DryRun } from '../printers/output.ts'

/** The query of a write. */
export function writeOptions(dryRun: DryRun, fieldManager: string, validate?: string): RequestOptions {
  return {
    fieldManager,
    ...(dryRun === 'server' && { dryRun: true }),
    ...(validate !== undefined && { fieldValidation: fieldValidationOf(validate) }),
  }
}

/** Reads `--validate`. */
export function fieldValidationOf(word: string): NonNullable<RequestOptions['fieldValidation']> {
  if (word === 'strict' || word === 'true') return 'Strict'
  if (word === 'warn') return 'Warn'
  if (word === 'ignore' || word === 'false') return 'Ignore'
  throw new CommandError(
    `invalid - validate option "${word}"; must be one of: strict (or true), warn, ignore (or false)`,
  )
}

/** What a patch that may not be sent would say of the options it is sent with. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
